import { ALL } from '@iso/caps'
import { MOUNT_OPTIONS } from '../../oci/steps/mount-options.js'
import { print } from '../log.js'
import { VERSION } from '../version.js'
import type { Verb } from './verb.js'

/** `features`: what this runtime can do, as runtime-spec's features.md has it. */
export const features: Verb = () => {
  print(
    1,
    `${JSON.stringify(
      {
        ociVersionMin: '1.0.0',
        ociVersionMax: '1.3.0',
        hooks: ['prestart', 'createRuntime', 'createContainer', 'startContainer', 'poststart', 'poststop'],
        mountOptions: MOUNT_OPTIONS,
        linux: {
          namespaces: ['cgroup', 'ipc', 'mount', 'network', 'pid', 'time', 'user', 'uts'],
          capabilities: ALL,
          cgroup: { v1: true, v2: true, systemd: false, systemdUser: false, rdma: true },
          seccomp: SECCOMP,
          apparmor: { enabled: false },
          selinux: { enabled: false },
          intelRdt: { enabled: false },
          mountExtensions: { idmap: { enabled: true } },
          netDevices: { enabled: true },
          memoryPolicy: MEMORY_POLICY,
        },
        annotations: { 'dev.iso.runtime.version': VERSION, 'dev.iso.runtime.checkpoint.enabled': 'false' },
      },
      undefined,
      2
    )}\n`
  )
  return 0
}

const SECCOMP = {
  enabled: true,
  actions: [
    'SCMP_ACT_ALLOW',
    'SCMP_ACT_ERRNO',
    'SCMP_ACT_KILL',
    'SCMP_ACT_KILL_PROCESS',
    'SCMP_ACT_KILL_THREAD',
    'SCMP_ACT_LOG',
    'SCMP_ACT_NOTIFY',
    'SCMP_ACT_TRACE',
    'SCMP_ACT_TRAP',
  ],
  operators: [
    'SCMP_CMP_EQ',
    'SCMP_CMP_GE',
    'SCMP_CMP_GT',
    'SCMP_CMP_LE',
    'SCMP_CMP_LT',
    'SCMP_CMP_MASKED_EQ',
    'SCMP_CMP_NE',
  ],
  archs: ['SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM', 'SCMP_ARCH_X32', 'SCMP_ARCH_X86', 'SCMP_ARCH_X86_64'],
  knownFlags: [
    'SECCOMP_FILTER_FLAG_TSYNC',
    'SECCOMP_FILTER_FLAG_LOG',
    'SECCOMP_FILTER_FLAG_SPEC_ALLOW',
    'SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV',
  ],
}

const MEMORY_POLICY = {
  modes: [
    'MPOL_DEFAULT',
    'MPOL_BIND',
    'MPOL_INTERLEAVE',
    'MPOL_WEIGHTED_INTERLEAVE',
    'MPOL_PREFERRED',
    'MPOL_PREFERRED_MANY',
    'MPOL_LOCAL',
  ],
  flags: ['MPOL_F_NUMA_BALANCING', 'MPOL_F_RELATIVE_NODES', 'MPOL_F_STATIC_NODES'],
}
