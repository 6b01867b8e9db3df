// Kernel constants the operation table gives names to (include/uapi/linux/{sched,mount,fcntl,resource,prctl,seccomp}.h).

export const NAMESPACES = {
  mnt: 0x00020000, cgroup: 0x02000000, uts: 0x04000000, ipc: 0x08000000,
  user: 0x10000000, pid: 0x20000000, net: 0x40000000, time: 0x00000080,
}

export const MOUNT_FLAGS = {
  ro: 0x1, nosuid: 0x2, nodev: 0x4, noexec: 0x8, sync: 0x10, remount: 0x20, mand: 0x40, dirsync: 0x80,
  nosymfollow: 0x100, noatime: 0x400, nodiratime: 0x800, bind: 0x1000, move: 0x2000, rec: 0x4000, silent: 0x8000,
  relatime: 0x200000, strictatime: 0x1000000, lazytime: 0x2000000,
}

export const MOUNT_ATTRIBUTES = {
  ro: 0x1, nosuid: 0x2, nodev: 0x4, noexec: 0x8, atimeMask: 0x70, noatime: 0x10, strictatime: 0x20,
  nodiratime: 0x80, idmap: 0x00100000, nosymfollow: 0x00200000,
}

export const PROPAGATION = { unbindable: 0x20000, private: 0x40000, slave: 0x80000, shared: 0x100000 }

export const OPEN_FLAGS = {
  readOnly: 0, writeOnly: 0x1, readWrite: 0x2, create: 0x40, exclusive: 0x80, noctty: 0x100, truncate: 0x200,
  append: 0x400, nonblock: 0x800, directory: 0x10000, nofollow: 0x20000, path: 0x200000,
}

export const RESOLVE = { noXdev: 0x1, noMagicLinks: 0x2, noSymlinks: 0x4, beneath: 0x8, inRoot: 0x10 }

export const UNMOUNT_FLAGS = { force: 1, detach: 2, expire: 4, nofollow: 8 }

export const RLIMITS = {
  cpu: 0, fsize: 1, data: 2, stack: 3, core: 4, rss: 5, nproc: 6, nofile: 7,
  memlock: 8, as: 9, locks: 10, sigpending: 11, msgqueue: 12, nice: 13, rtprio: 14, rttime: 15,
}

export const SECUREBITS = {
  noroot: 0x1, norootLocked: 0x2, noSetuidFixup: 0x4, noSetuidFixupLocked: 0x8,
  keepCaps: 0x10, keepCapsLocked: 0x20, noCapAmbientRaise: 0x40, noCapAmbientRaiseLocked: 0x80,
}

export const SECCOMP_FLAGS = { tsync: 1, log: 2, specAllow: 4, newListener: 8, tsyncEsrch: 16, waitKillableRecv: 32 }

export const FILESYSTEM_MAGIC = {
  proc: 0x9fa0, sysfs: 0x62656572, cgroup: 0x27e0eb, cgroup2: 0x63677270, nsfs: 0x6e736673, tmpfs: 0x01021994,
  devpts: 0x1cd1,
}

export const CREATE = { none: 0, directory: 1, file: 2, sameAsSource: 3 }
