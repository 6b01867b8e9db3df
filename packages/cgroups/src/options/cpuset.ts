import { knownKeys } from '../internal/check.js'

/** Which processors and memory nodes the `cpuset` controller lets a group use. */
export interface CpusetLimits {
  /** Processors as a list: `'0-3,8'`. */
  cpus?: string
  /** Memory (NUMA) nodes as a list. */
  mems?: string
  /** v2 only: `root`: take the processors away from everybody else; `isolated`: and from the scheduler's load balancing. cpuset.cpus.partition. */
  partition?: 'member' | 'root' | 'isolated'
  /** v1 only: move pages along when `mems` changes; v2 always does. cpuset.memory_migrate. */
  memoryMigrate?: boolean
  /** v1 only: nobody beside may use these processors. cpuset.cpu_exclusive. */
  cpuExclusive?: boolean
}

/** Check processor and node lists and bring them into the form the kernel reads them back in. @throws TypeError or RangeError with the value. */
export function validateCpuset(options: CpusetLimits): CpusetLimits {
  knownKeys('cpuset limits', options, ['cpus', 'mems', 'partition', 'memoryMigrate', 'cpuExclusive'])
  const cpuset = { ...options }
  if (options.cpus !== undefined) cpuset.cpus = canonicalList('cpuset cpus', options.cpus)
  if (options.mems !== undefined) cpuset.mems = canonicalList('cpuset mems', options.mems)
  if (options.partition !== undefined && !['member', 'root', 'isolated'].includes(options.partition)) {
    throw new RangeError(
      `Cannot set cpuset partition: "${options.partition}" is unknown; wanted member, root or isolated`
    )
  }
  return cpuset
}

// Beyond any kernel's NR_CPUS; keeps a typing error from becoming an endless loop.
const MOST = 65_536

/** Sort a list and join its ranges: `'1,0,3'` becomes `'0-1,3'`. */
export function canonicalList(what: string, text: string): string {
  if (typeof text !== 'string' || !/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(text)) {
    throw new RangeError(`Cannot set ${what}: "${text}" is no list; wanted numbers and ranges such as "0-3,8"`)
  }
  const members = new Set<number>()
  for (const part of text.split(',')) {
    const [from = 0, to = from] = part.split('-').map(Number)
    if (to < from || to > MOST) throw new RangeError(`Cannot set ${what}: "${part}" is no range`)
    for (let member = from; member <= to; member++) members.add(member)
  }
  const ranges: [number, number][] = []
  for (const member of [...members].sort((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last !== undefined && last[1] === member - 1) last[1] = member
    else ranges.push([member, member])
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',')
}
