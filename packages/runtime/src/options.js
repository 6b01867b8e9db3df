// What run(), start() and planContainer() take. Docker's meanings; every widening of the isolation has a name of its own.
/** Every key of {@link RunOptions}; the compiler keeps it complete. @internal */
export const RUN_OPTION_KEYS = {
    image: true, rootfs: true, ephemeral: true, storageSize: true, readonly: true, id: true, name: true, hostname: true, domainname: true,
    env: true, envFile: true, cwd: true, user: true, groupAdd: true, umask: true, entrypoint: true, tty: true, stdin: true, stdout: true,
    stderr: true, init: true, binds: true, bindsIfPresent: true, mounts: true, tmpfs: true, files: true, shmSize: true, devices: true,
    deviceCgroupRules: true, network: true, pid: true, ipc: true, uts: true, cgroupns: true, userns: true, time: true, capAdd: true, capDrop: true,
    privileged: true, securityOpt: true, noNewPrivileges: true, seccomp: true, allowNestedUserns: true, ulimits: true, sysctls: true,
    oomScoreAdj: true, cgroupParent: true, rootless: true, timeout: true, outputLimit: true, signal: true, stopSignal: true,
    stopTimeoutMs: true, detached: true, parked: true, fds: true, cpus: true, cpuShares: true, cpuQuotaUs: true, cpuPeriodUs: true,
    cpusetCpus: true, cpusetMems: true, memory: true, memorySwap: true, memoryReservation: true, memorySwappiness: true,
    oomKillDisable: true, pids: true, blkioWeight: true, deviceReadBps: true, deviceWriteBps: true, deviceReadIops: true,
    deviceWriteIops: true,
};
//# sourceMappingURL=options.js.map