// What a group reports while it lives.

/** Why and how often the kernel killed. */
export interface OomEvent {
  /** Processes killed since the last event; 0: v1 with oomKillDisable, where they wait instead. */
  kills: number
  /** Processes killed since the group was made. */
  total: number
}

/** A limit was reached. */
export interface LimitEvent {
  controller: 'memory' | 'pids'
  /** `max`: the hard limit. v2 memory also `high` (slowed down), `low` (reclaimed from in spite of protection). */
  which: 'max' | 'high' | 'low'
  /** How often since the last event. v1 counts each attempt to take more memory, of which there may be many. */
  count: number
  /** How often since the group was made. */
  total: number
}

/** Processes of the group wait for a resource; see watchPressure(). */
export interface PressureEvent {
  resource: 'cpu' | 'memory' | 'io'
  /** Pressure stall information: which share of the tasks waited. */
  kind?: 'some' | 'full'
  /** v1 memory.pressure_level: how hard the kernel reclaims. */
  level?: 'low' | 'medium' | 'critical'
}

/**
 * Events of {@link Cgroup.events}. Listening does not keep Node running: awaiting an event when nothing else does (a child, a timer, a server) ends
 * the process in the middle of the `await`, with status 13.
 */
export interface CgroupEvents {
  /** The kernel killed for want of memory. */
  oom: (event: OomEvent) => void
  /** A limit was reached. */
  limit: (event: LimitEvent) => void
  /** The first process came, or the last one ended, here or beneath. */
  populated: (populated: boolean) => void
  /** Every process has stopped, or goes on. */
  frozen: (frozen: boolean) => void
  /** Processes wait for a resource; see `watchPressure()`. */
  pressure: (event: PressureEvent) => void
}
