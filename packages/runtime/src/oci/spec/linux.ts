import type { BigNumber } from '../config/big-numbers.js'
import type { Resources } from './resources.js'

/** A namespace: a new one, or the one of a file. */
export interface NamespaceEntry {
  type: NamespaceKind
  path?: string
}

/** Namespaces in the words of the specification. */
export type NamespaceKind = 'mount' | 'pid' | 'network' | 'uts' | 'ipc' | 'user' | 'cgroup' | 'time'

/** A range of ids. */
export interface IdMapping {
  containerID: number
  hostID: number
  size: number
}

/** A node beneath the root. */
export interface DeviceEntry {
  type: 'c' | 'b' | 'u' | 'p'
  path: string
  major?: number
  minor?: number
  fileMode?: number
  uid?: number
  gid?: number
}

/** An offset of a clock. */
export interface TimeOffset {
  secs?: BigNumber
  nanosecs?: number
}

/** A rule of the filter of system calls. */
export interface SyscallRule {
  names: readonly string[]
  action: string
  errnoRet?: number
  args?: readonly { index: number; value: BigNumber; valueTwo?: BigNumber; op: string }[]
}

/** The filter of system calls. */
export interface SeccompEntry {
  defaultAction: string
  defaultErrnoRet?: number
  flags?: readonly string[]
  listenerPath?: string
  listenerMetadata?: string
  architectures?: readonly string[]
  syscalls?: readonly SyscallRule[]
}

/** What Linux alone has. */
export interface Linux {
  namespaces?: readonly NamespaceEntry[]
  uidMappings?: readonly IdMapping[]
  gidMappings?: readonly IdMapping[]
  timeOffsets?: { boottime?: TimeOffset; monotonic?: TimeOffset }
  devices?: readonly DeviceEntry[]
  netDevices?: Readonly<Record<string, { name?: string }>>
  cgroupsPath?: string
  resources?: Resources
  rootfsPropagation?: string
  seccomp?: SeccompEntry
  sysctl?: Readonly<Record<string, string>>
  maskedPaths?: readonly string[]
  readonlyPaths?: readonly string[]
  mountLabel?: string
  intelRdt?: { closID?: string; schemata?: readonly string[]; l3CacheSchema?: string; memBwSchema?: string }
  memoryPolicy?: { mode?: string; nodes?: string; flags?: readonly string[] }
  personality?: { domain?: string; flags?: readonly string[] }
}
