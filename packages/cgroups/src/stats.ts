// What can be read from a cgroup. Every figure carries its unit; a member that this kernel or version does not have is absent.

/** Accounting of a cgroup and everything beneath it. */
export interface Stats {
  cpu?: CpuStats
  memory?: MemoryStats
  pids?: PidsStats
  io?: IoStats
  /** By page size, such as `2MB`. */
  hugetlb?: Record<string, HugetlbStats>
  /** By device; `hca_handle` and `hca_object`. */
  rdma?: Record<string, Record<string, number>>
  /** By resource, such as `sev`: units in use. */
  misc?: Record<string, number>
  /** v1: class of packets; 0: none. */
  netClass?: number
  /** v1: priority of packets by interface. */
  netPriorities?: Record<string, number>
  pressure?: { cpu?: Pressure; memory?: Pressure; io?: Pressure }
  /** Processors and memory nodes that may be used, as lists such as `0-3,8`. */
  cpuset?: { cpus: string; mems: string }
  /** Whether every process is stopped by the freezer. */
  frozen?: boolean
  /** Whether a process lives in it or beneath it. */
  populated?: boolean
}

/** CPU time in microseconds. */
export interface CpuStats {
  usageUs?: number
  userUs?: number
  systemUs?: number
  /** Periods that have passed with the quota in force, and how many of them ended with the group held back. */
  periods?: number
  throttledPeriods?: number
  throttledUs?: number
  /** Periods in which saved quota was used, and how much. */
  bursts?: number
  burstUs?: number
}

/** Memory in bytes. */
export interface MemoryStats {
  usageBytes?: number
  peakBytes?: number
  /** null: no limit. */
  limitBytes?: number | null
  /** Swap alone; v1 reports memory plus swap, from which the memory has been taken off. */
  swapBytes?: number
  swapLimitBytes?: number | null
  anonBytes?: number
  fileBytes?: number
  kernelBytes?: number
  shmemBytes?: number
  /** Page cache that can be dropped: `docker stats` takes it off the usage. */
  inactiveFileBytes?: number
  pageFaults?: number
  majorPageFaults?: number
  /** How often the limit was hit, and how many processes were killed for it. */
  limitHits?: number
  highHits?: number
  oomKills?: number
}

/** Numbers of processes, threads counted. */
export interface PidsStats {
  current?: number
  peak?: number
  /** null: no limit. */
  limit?: number | null
  /** Forks refused. */
  limitHits?: number
}

/** Block I/O, in total and by device (`major:minor`). */
export interface IoStats extends IoCounters {
  devices: Record<string, IoCounters>
}

/** Block I/O. */
export interface IoCounters {
  readBytes: number
  writeBytes: number
  readOps: number
  writeOps: number
}

/** Huge pages in bytes. */
export interface HugetlbStats {
  usageBytes?: number
  peakBytes?: number
  limitBytes?: number | null
  limitHits?: number
}

/** Pressure stall information: share of time in percent, total in microseconds. */
export interface Pressure {
  /** At least one task waited. */
  some?: PressureLine
  /** All tasks waited at once. */
  full?: PressureLine
}

/** Averages over 10, 60 and 300 seconds, in percent. */
export interface PressureLine {
  avg10: number
  avg60: number
  avg300: number
  totalUs: number
}
