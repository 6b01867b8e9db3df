/** What is known about one capability. */
export interface CapabilityInfo {
  /** Bit in a capability set, 0 to 40. */
  readonly number: number
  /** First kernel that has it. */
  readonly since: string
  /** What it permits, in a line. */
  readonly meaning: string
}

/**
 * The 41 capabilities of Linux, in the order of their numbers.
 *
 * @example
 * ```ts
 * import { CAPABILITIES } from '@iso/caps'
 * console.log(CAPABILITIES.CAP_NET_RAW) // { number: 13, since: '2.2', meaning: 'use raw and packet sockets' }
 * ```
 * @see https://man7.org/linux/man-pages/man7/capabilities.7.html
 */
export const CAPABILITIES = {
  CAP_CHOWN: { number: 0, since: '2.2', meaning: 'change the owner of any file' },
  CAP_DAC_OVERRIDE: { number: 1, since: '2.2', meaning: 'pass file permission checks' },
  CAP_DAC_READ_SEARCH: { number: 2, since: '2.2', meaning: 'read any file and directory; open files by handle' },
  CAP_FOWNER: { number: 3, since: '2.2', meaning: 'act on files as if their owner' },
  CAP_FSETID: { number: 4, since: '2.2', meaning: 'keep setuid and setgid bits when a file changes' },
  CAP_KILL: { number: 5, since: '2.2', meaning: 'signal any process' },
  CAP_SETGID: { number: 6, since: '2.2', meaning: 'change group IDs; write gid maps' },
  CAP_SETUID: { number: 7, since: '2.2', meaning: 'change user IDs; write uid maps' },
  CAP_SETPCAP: {
    number: 8,
    since: '2.2',
    meaning: 'drop from the bounding set, add to the inheritable one, set securebits',
  },
  CAP_LINUX_IMMUTABLE: { number: 9, since: '2.2', meaning: 'set the immutable and append-only file attributes' },
  CAP_NET_BIND_SERVICE: { number: 10, since: '2.2', meaning: 'bind ports below 1024' },
  CAP_NET_BROADCAST: { number: 11, since: '2.2', meaning: 'nothing (unused by the kernel)' },
  CAP_NET_ADMIN: { number: 12, since: '2.2', meaning: 'configure interfaces, routes, firewalls, traffic control' },
  CAP_NET_RAW: { number: 13, since: '2.2', meaning: 'use raw and packet sockets' },
  CAP_IPC_LOCK: { number: 14, since: '2.2', meaning: 'lock memory beyond RLIMIT_MEMLOCK; allocate huge pages' },
  CAP_IPC_OWNER: { number: 15, since: '2.2', meaning: 'pass System V IPC permission checks' },
  CAP_SYS_MODULE: { number: 16, since: '2.2', meaning: 'load and remove kernel modules' },
  CAP_SYS_RAWIO: { number: 17, since: '2.2', meaning: 'access I/O ports, /dev/mem and device commands directly' },
  CAP_SYS_CHROOT: { number: 18, since: '2.2', meaning: 'chroot; join mount namespaces' },
  CAP_SYS_PTRACE: { number: 19, since: '2.2', meaning: 'trace any process and read its memory' },
  CAP_SYS_PACCT: { number: 20, since: '2.2', meaning: 'switch process accounting' },
  CAP_SYS_ADMIN: { number: 21, since: '2.2', meaning: 'mount, make namespaces, and most other administration' },
  CAP_SYS_BOOT: { number: 22, since: '2.2', meaning: 'reboot; load another kernel' },
  CAP_SYS_NICE: { number: 23, since: '2.2', meaning: 'raise priorities; set policies and affinity of any process' },
  CAP_SYS_RESOURCE: { number: 24, since: '2.2', meaning: 'raise hard resource limits; pass quotas' },
  CAP_SYS_TIME: { number: 25, since: '2.2', meaning: 'set the clock' },
  CAP_SYS_TTY_CONFIG: { number: 26, since: '2.2', meaning: 'hang up and configure terminals' },
  CAP_MKNOD: { number: 27, since: '2.4', meaning: 'create device nodes' },
  CAP_LEASE: { number: 28, since: '2.4', meaning: 'take leases on any file' },
  CAP_AUDIT_WRITE: { number: 29, since: '2.6.11', meaning: 'write to the audit log' },
  CAP_AUDIT_CONTROL: { number: 30, since: '2.6.11', meaning: 'configure auditing' },
  CAP_SETFCAP: { number: 31, since: '2.6.24', meaning: 'set file capabilities; map uid 0 into a user namespace' },
  CAP_MAC_OVERRIDE: { number: 32, since: '2.6.25', meaning: 'pass Smack access checks' },
  CAP_MAC_ADMIN: { number: 33, since: '2.6.25', meaning: 'configure Smack' },
  CAP_SYSLOG: { number: 34, since: '2.6.37', meaning: 'read and clear the kernel log; see kernel addresses' },
  CAP_WAKE_ALARM: { number: 35, since: '3.0', meaning: 'set timers that wake the machine' },
  CAP_BLOCK_SUSPEND: { number: 36, since: '3.5', meaning: 'keep the machine from suspending' },
  CAP_AUDIT_READ: { number: 37, since: '3.16', meaning: 'read the audit log' },
  CAP_PERFMON: { number: 38, since: '5.8', meaning: 'use performance monitoring' },
  CAP_BPF: { number: 39, since: '5.8', meaning: 'use privileged BPF operations' },
  CAP_CHECKPOINT_RESTORE: {
    number: 40,
    since: '5.9',
    meaning: 'choose pids, read map_files, for checkpoint and restore',
  },
} as const satisfies Record<string, CapabilityInfo>

/** A capability by its full name. */
export type Capability = keyof typeof CAPABILITIES

/** A full name without its `CAP_`. */
export type ShortName<Name extends string = Capability> = Name extends `CAP_${infer Rest}` ? Rest : never

/** A capability as it may be written: with or without `CAP_`, in upper or lower case. (Mixed case is understood too.) */
export type CapabilityName = Capability | ShortName | Lowercase<Capability> | Lowercase<ShortName>

/** Names in the order of their numbers. */
export const ALL: readonly Capability[] = Object.keys(CAPABILITIES) as Capability[]

/** The fourteen capabilities Docker gives a container unless told otherwise. */
export const DOCKER_DEFAULT: readonly Capability[] = [
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_FOWNER',
  'CAP_FSETID',
  'CAP_KILL',
  'CAP_SETGID',
  'CAP_SETUID',
  'CAP_SETPCAP',
  'CAP_NET_BIND_SERVICE',
  'CAP_NET_RAW',
  'CAP_SYS_CHROOT',
  'CAP_MKNOD',
  'CAP_AUDIT_WRITE',
  'CAP_SETFCAP',
]
