// Which kernel brought a system call, and what it is good for: what to say where the kernel does not have it.

import { release } from 'node:os'

const MOUNTS = 'mounts by descriptor'

/** System calls that a supported system may lack: what needs it, and the first Linux that has it. */
const SINCE: Readonly<Record<string, readonly [feature: string, linux: string]>> = {
  bpf: ['programs in the kernel', '3.18'],
  clone3: ['a birth in a cgroup', '5.7'],
  close_range: ['closing many descriptors', '5.9'],
  fsconfig: [MOUNTS, '5.2'],
  fsmount: [MOUNTS, '5.2'],
  fsopen: [MOUNTS, '5.2'],
  memfd_create: ['files in memory', '3.17'],
  mount_setattr: ['attributes of whole mount trees', '5.12'],
  move_mount: [MOUNTS, '5.2'],
  open_tree: [MOUNTS, '5.2'],
  openat2: ['lookups that cannot leave a directory', '5.6'],
  pidfd_getfd: ['descriptors of another process', '5.6'],
  pidfd_open: ['process descriptors', '5.3'],
  pidfd_send_signal: ['signals by process descriptor', '5.1'],
  seccomp: ['system call filters', '3.17'],
  setns: ['joining namespaces', '3.0'],
}

/**
 * Say why a system call is not there (ENOSYS).
 *
 * @param kernel for tests
 * @internal
 */
export function sinceHint(syscall: string, kernel = release()): string {
  const known = SINCE[syscall]
  if (known === undefined) return 'this kernel does not have the system call, or a filter around this process hides it'
  const [feature, linux] = known
  const needs = `${feature} (${syscall}) ${/^(a|closing|joining) /.test(feature) ? 'needs' : 'need'} Linux ${linux}`
  return older(kernel, linux)
    ? `${needs}; this is ${kernel}`
    : `${needs}; this is ${kernel}, so a system call filter around this process hides it (a container's, or SystemCallFilter= of systemd)`
}

function older(kernel: string, wanted: string): boolean {
  const [major = 0, minor = 0] = kernel.split('.').map((part) => parseInt(part, 10))
  const [wantedMajor = 0, wantedMinor = 0] = wanted.split('.').map(Number)
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor)
}
