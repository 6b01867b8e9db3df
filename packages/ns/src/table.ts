import type { NamespaceName } from '@iso/native'

/** What is known about a type of namespace. */
export interface NamespaceType {
  /** What each one has for itself. */
  isolates: string
  /** First Linux release that has it. */
  kernel: string
  /** Bit in the flags of clone(2), unshare(2) and setns(2). */
  flag: number
  /** Files of /proc/sys/user that limit how many there may be. */
  limit: string
  /** Section of the manual. */
  man: string
}

/**
 * The eight types of namespaces as data, in the order they are told about in the tutorial.
 *
 * @example
 * ```ts
 * import { NAMESPACES } from '@iso/ns'
 * console.log(NAMESPACES.time.kernel) // 5.6
 * ```
 * @see https://man7.org/linux/man-pages/man7/namespaces.7.html
 */
export const NAMESPACES: Readonly<Record<NamespaceName, NamespaceType>> = {
  mnt: {
    isolates: 'mount points',
    kernel: '2.4.19',
    flag: 0x00020000,
    limit: 'max_mnt_namespaces',
    man: 'mount_namespaces(7)',
  },
  pid: {
    isolates: 'process IDs',
    kernel: '2.6.24',
    flag: 0x20000000,
    limit: 'max_pid_namespaces',
    man: 'pid_namespaces(7)',
  },
  net: {
    isolates: 'network devices, addresses, routes, ports',
    kernel: '2.6.29',
    flag: 0x40000000,
    limit: 'max_net_namespaces',
    man: 'network_namespaces(7)',
  },
  ipc: {
    isolates: 'System V IPC, POSIX message queues',
    kernel: '2.6.19',
    flag: 0x08000000,
    limit: 'max_ipc_namespaces',
    man: 'ipc_namespaces(7)',
  },
  uts: {
    isolates: 'host name and NIS domain name',
    kernel: '2.6.19',
    flag: 0x04000000,
    limit: 'max_uts_namespaces',
    man: 'uts_namespaces(7)',
  },
  user: {
    isolates: 'user and group IDs, capabilities',
    kernel: '3.8',
    flag: 0x10000000,
    limit: 'max_user_namespaces',
    man: 'user_namespaces(7)',
  },
  cgroup: {
    isolates: 'the root of the cgroup tree',
    kernel: '4.6',
    flag: 0x02000000,
    limit: 'max_cgroup_namespaces',
    man: 'cgroup_namespaces(7)',
  },
  time: {
    isolates: 'the monotonic and boot-time clocks',
    kernel: '5.6',
    flag: 0x00000080,
    limit: 'max_time_namespaces',
    man: 'time_namespaces(7)',
  },
}

/** The names of the eight types. */
export const NAMESPACE_NAMES = Object.keys(NAMESPACES) as readonly NamespaceName[]
