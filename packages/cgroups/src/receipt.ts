// What a run has used, and where each figure comes from.

import { parseFlat } from './internal/parse.js'
import { parseBlkio } from './v1/blkio.js'
import { parseCpuStat } from './v2/cpu.js'
import { parseIoStat } from './v2/io.js'

/** A figure and the file or call it was read from, such as `memory.peak` or `rusage`. */
export interface Figure {
  value: number
  source: string
}

/** What a run has used. Figures that no file gave are absent; none is guessed. */
export interface UsageReceipt {
  memoryPeakBytes?: Figure
  /** Processes killed because memory ran out, and how often the limit was reached. */
  oomKills?: Figure
  memoryLimitHits?: Figure
  cpuUs?: Figure
  userUs?: Figure
  systemUs?: Figure
  throttledPeriods?: Figure
  throttledUs?: Figure
  pidsPeak?: Figure
  /** Forks refused by the limit. */
  pidsLimitHits?: Figure
  ioReadBytes?: Figure
  ioWriteBytes?: Figure
  ioReadOps?: Figure
  ioWriteOps?: Figure
}

/** CPU time that wait4(2) reported, for machines without a cgroup that counts it; children that nobody waited for are not in it. */
export interface Rusage {
  cpuUs?: number
  userUs?: number
  systemUs?: number
}

/**
 * Read the figures of a run out of the files that the after-side of `cgroup()` collected.
 *
 * @param receipt `ExitStatus.receipt`: file contents by label.
 * @param rusage What to fall back to for CPU time.
 * @example
 * ```ts
 * import { parseReceipt } from '@iso/cgroups'
 * const receipt = { 'cgroup/memory/memory.max_usage_in_bytes': Buffer.from('4096\n') }
 * console.log(parseReceipt(receipt).memoryPeakBytes) // { value: 4096, source: 'memory.max_usage_in_bytes' }
 * ```
 */
export function parseReceipt(
  receipt: Readonly<Record<string, Uint8Array | string>>,
  rusage: Rusage = {}
): UsageReceipt {
  const text = (label: string) => {
    const content = receipt[`cgroup/${label}`]
    // An empty file is no figure: Number('') would make it a zero.
    return (content === undefined ? '' : Buffer.from(content).toString().trim()) || undefined
  }
  const usage: UsageReceipt = {}
  const set = (key: keyof UsageReceipt, source: string, value: number | undefined) => {
    if (usage[key] === undefined && value !== undefined && Number.isFinite(value)) usage[key] = { value, source }
  }
  const number = (label: string) => (text(label) === undefined ? undefined : Number(text(label)))

  set('memoryPeakBytes', 'memory.peak', number('unified/memory.peak'))
  set('memoryPeakBytes', 'memory.max_usage_in_bytes', number('memory/memory.max_usage_in_bytes'))
  const events = parseFlat(text('unified/memory.events'))
  set('oomKills', 'memory.events', events['oom_kill'])
  set('memoryLimitHits', 'memory.events', events['max'])
  set('oomKills', 'memory.oom_control', parseFlat(text('memory/memory.oom_control'))['oom_kill'])
  set('memoryLimitHits', 'memory.failcnt', number('memory/memory.failcnt'))

  // v2 in microseconds, cpuacct in nanoseconds.
  const cpu = parseCpuStat(text('unified/cpu.stat'))
  const micro = (label: string) => (number(label) === undefined ? undefined : Math.round(number(label)! / 1000))
  for (const [key, unified, v1, fallback] of [
    ['cpuUs', cpu.usageUs, 'cpuacct.usage', rusage.cpuUs],
    ['userUs', cpu.userUs, 'cpuacct.usage_user', rusage.userUs],
    ['systemUs', cpu.systemUs, 'cpuacct.usage_sys', rusage.systemUs],
  ] as const) {
    set(key, 'cpu.stat', unified)
    set(key, v1, micro(`cpuacct/${v1}`))
    set(key, 'rusage', fallback)
  }
  const v1Cpu = parseFlat(text('cpu/cpu.stat'))
  set('throttledPeriods', 'cpu.stat', cpu.throttledPeriods ?? v1Cpu['nr_throttled'])
  set(
    'throttledUs',
    'cpu.stat',
    cpu.throttledUs ?? (v1Cpu['throttled_time'] === undefined ? undefined : Math.round(v1Cpu['throttled_time'] / 1000))
  )

  for (const controller of ['unified', 'pids']) {
    set('pidsPeak', 'pids.peak', number(`${controller}/pids.peak`))
    set('pidsLimitHits', 'pids.events', parseFlat(text(`${controller}/pids.events`))['max'])
  }
  const io = text('unified/io.stat')
  const bytes = text('blkio/blkio.throttle.io_service_bytes_recursive')
  if (io === undefined && bytes === undefined) return usage
  const stats =
    io === undefined ? parseBlkio(bytes, text('blkio/blkio.throttle.io_serviced_recursive')) : parseIoStat(io)
  const source = io === undefined ? 'blkio.throttle.io_service_bytes_recursive' : 'io.stat'
  const operations = io === undefined ? 'blkio.throttle.io_serviced_recursive' : 'io.stat'
  set('ioReadBytes', source, stats.readBytes)
  set('ioWriteBytes', source, stats.writeBytes)
  set('ioReadOps', operations, stats.readOps)
  set('ioWriteOps', operations, stats.writeOps)
  return usage
}
