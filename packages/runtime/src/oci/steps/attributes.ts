// What the process inherits besides its identity: limits, score, scheduling, priority, persona.

import type { Step } from '@iso/native'
import { toBigInt, type BigNumber } from '../config/big-numbers.js'
import { ConfigError } from '../config/config-error.js'
import type { Linux } from '../spec/linux.js'
import type { Process, Rlimit, Scheduler } from '../spec/process.js'

type Resource = Extract<Step, { op: 'prlimit' }>['resource']
type Policy = Extract<Step, { op: 'scheduler' }>['policy']

const RESOURCES: readonly Resource[] = [
  'as',
  'core',
  'cpu',
  'data',
  'fsize',
  'locks',
  'memlock',
  'msgqueue',
  'nice',
  'nofile',
  'nproc',
  'rss',
  'rtprio',
  'rttime',
  'sigpending',
  'stack',
]

/** @throws ConfigError for a limit, policy or persona that is unknown. */
export function attributeSteps(process: Process, place: string): Step[] {
  const { rlimits = [], oomScoreAdj, scheduler, ioPriority } = process
  return [
    ...rlimits.map((limit, i) => rlimitStep(limit, `${place}.rlimits[${i}]`)),
    ...(oomScoreAdj === undefined ? [] : [{ op: 'oomScoreAdj', value: oomScoreAdj } as const]),
    ...(scheduler === undefined ? [] : [schedulerStep(scheduler, `${place}.scheduler`)]),
    ...(ioPriority === undefined ? [] : [ioPriorityStep(ioPriority)]),
  ]
}

/** Whether the soft limit on open files is set. */
export const setsNofile = ({ rlimits }: Process): boolean =>
  rlimits?.some(({ type }) => type === 'RLIMIT_NOFILE') ?? false

function rlimitStep({ type, soft, hard }: Rlimit, place: string): Step {
  const resource = RESOURCES.find((name) => `RLIMIT_${name.toUpperCase()}` === type)
  if (resource === undefined) throw new ConfigError(`${place}.type`, `${JSON.stringify(type)} is unknown`)
  const [low, high] = [toBigInt(soft), toBigInt(hard)]
  if (low > high) throw new ConfigError(place, `soft limit ${low} is above the hard limit ${high}`)
  return { op: 'prlimit', side: 'parent', resource, soft: low, hard: high, why: type }
}

const POLICIES: Readonly<Record<string, Policy>> = {
  SCHED_OTHER: 'other',
  SCHED_FIFO: 'fifo',
  SCHED_RR: 'rr',
  SCHED_BATCH: 'batch',
  SCHED_IDLE: 'idle',
  SCHED_DEADLINE: 'deadline',
}

// include/uapi/linux/sched.h
const SCHED_FLAGS: Readonly<Record<string, bigint>> = {
  SCHED_FLAG_RESET_ON_FORK: 0x01n,
  SCHED_FLAG_RECLAIM: 0x02n,
  SCHED_FLAG_DL_OVERRUN: 0x04n,
  SCHED_FLAG_KEEP_POLICY: 0x08n,
  SCHED_FLAG_KEEP_PARAMS: 0x10n,
  SCHED_FLAG_UTIL_CLAMP_MIN: 0x20n,
  SCHED_FLAG_UTIL_CLAMP_MAX: 0x40n,
}

function schedulerStep(
  { policy, nice, priority, flags = [], runtime, deadline, period }: Scheduler,
  place: string
): Step {
  const known = POLICIES[policy]
  if (known === undefined) throw new ConfigError(`${place}.policy`, `Linux has no ${policy}`)
  if (priority !== undefined && priority < 0) throw new ConfigError(`${place}.priority`, `${priority} is negative`)
  const bits = flags.reduce((sum, flag) => sum | (SCHED_FLAGS[flag] ?? 0n), 0n)
  const exact = (name: string, value: BigNumber | undefined) => (value === undefined ? {} : { [name]: toBigInt(value) })
  return {
    op: 'scheduler',
    policy: known,
    ...(bits !== 0n && { flags: bits }),
    ...(nice !== undefined && { nice }),
    ...(priority !== undefined && { priority }),
    ...exact('runtime', runtime),
    ...exact('deadline', deadline),
    ...exact('period', period),
  }
}

const CLASSES = { IOPRIO_CLASS_RT: 'realtime', IOPRIO_CLASS_BE: 'bestEffort', IOPRIO_CLASS_IDLE: 'idle' } as const

function ioPriorityStep({ class: name, priority = 0 }: NonNullable<Process['ioPriority']>): Step {
  return { op: 'ioPriority', class: CLASSES[name as keyof typeof CLASSES], level: priority }
}

const PERSONAS: Readonly<Record<string, bigint>> = { LINUX: 0n, LINUX32: 8n }

/** linux.personality. @throws ConfigError for flags: the specification has none yet. */
export function personalitySteps({ personality }: Linux): Step[] {
  if (personality === undefined) return []
  const [flag] = personality.flags ?? []
  if (flag !== undefined)
    throw new ConfigError(
      '$.linux.personality.flags[0]',
      `${JSON.stringify(flag)} is unknown; the specification has none yet`
    )
  return [{ op: 'personality', persona: PERSONAS[personality.domain ?? 'LINUX'] ?? 0n }]
}

/** A list such as `0-3,7`. @throws ConfigError */
export function cpuList(text: string, place: string): number[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .flatMap((part) => {
      const [, first, last = first] = /^(\d{1,4})(?:\s*-\s*(\d{1,4}))?$/.exec(part) ?? []
      if (first === undefined || Number(last) < Number(first))
        throw new ConfigError(place, `${JSON.stringify(text)} is no list of processors`)
      return Array.from({ length: Number(last) - Number(first) + 1 }, (_, i) => Number(first) + i)
    })
}

const MEMORY_MODES = {
  MPOL_DEFAULT: 'default',
  MPOL_PREFERRED: 'preferred',
  MPOL_BIND: 'bind',
  MPOL_INTERLEAVE: 'interleave',
  MPOL_LOCAL: 'local',
  MPOL_PREFERRED_MANY: 'preferredMany',
  MPOL_WEIGHTED_INTERLEAVE: 'weightedInterleave',
} as const
const MEMORY_FLAGS = {
  MPOL_F_NUMA_BALANCING: 'numaBalancing',
  MPOL_F_RELATIVE_NODES: 'relativeNodes',
  MPOL_F_STATIC_NODES: 'staticNodes',
} as const

/** linux.memoryPolicy. @throws ConfigError for a policy that is missing, or no list of nodes. */
export function memoryPolicySteps({ memoryPolicy }: Linux): Step[] {
  if (memoryPolicy === undefined) return []
  const { mode, nodes = '', flags = [] } = memoryPolicy
  if (mode === undefined) throw new ConfigError('$.linux.memoryPolicy.mode', 'it is missing')
  const numbers = cpuList(nodes, '$.linux.memoryPolicy.nodes')
  return [
    {
      op: 'memoryPolicy',
      mode: MEMORY_MODES[mode as keyof typeof MEMORY_MODES],
      ...(flags.length > 0 && { flags: flags.map((flag) => MEMORY_FLAGS[flag as keyof typeof MEMORY_FLAGS]) }),
      ...(numbers.length > 0 && { nodes: numbers }),
    },
  ]
}
