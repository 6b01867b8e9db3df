import type { BigNumber } from '../config/big-numbers.js'

/** Who the program runs as. */
export interface User {
  uid?: number
  gid?: number
  umask?: number
  additionalGids?: readonly number[]
}

/** A resource limit of setrlimit(2). */
export interface Rlimit {
  /** `RLIMIT_NOFILE` and its like. */
  type: string
  soft: BigNumber
  hard: BigNumber
}

/** sched_setattr(2). */
export interface Scheduler {
  policy: string
  nice?: number
  priority?: number
  flags?: readonly string[]
  runtime?: BigNumber
  deadline?: BigNumber
  period?: BigNumber
}

/** The five sets by name. */
export interface CapabilityLists {
  bounding?: readonly string[]
  permitted?: readonly string[]
  effective?: readonly string[]
  inheritable?: readonly string[]
  ambient?: readonly string[]
}

/** The program of a container, or one that is executed in it later. */
export interface Process {
  cwd: string
  args?: readonly string[]
  env?: readonly string[]
  terminal?: boolean
  consoleSize?: { height: number; width: number }
  user?: User
  capabilities?: CapabilityLists
  noNewPrivileges?: boolean
  oomScoreAdj?: number
  rlimits?: readonly Rlimit[]
  apparmorProfile?: string
  selinuxLabel?: string
  ioPriority?: { class: string; priority?: number }
  scheduler?: Scheduler
  execCPUAffinity?: { initial?: string; final?: string }
}
