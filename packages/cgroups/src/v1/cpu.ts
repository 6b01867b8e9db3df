import { join } from 'node:path'

import { defined, parseFlat } from '../internal/parse.js'
import { readIfPresent } from '../internal/files.js'
import type { Cpu } from '../options/cpu.js'
import type { CpuStats } from '../stats.js'
import { unsupported, type Write } from '../write.js'

/** Writes for cpu.shares, cpu.cfs_* and cpu.idle. */
export function limits(cpu: Cpu): Write[] {
  if (cpu.uclampMinPercent !== undefined || cpu.uclampMaxPercent !== undefined) throw unsupported('cpu uclamp', 1)
  const writes: Write[] = []
  // Before the shares: an idle group refuses them with EINVAL.
  if (cpu.idle !== undefined) writes.push({ file: 'cpu.idle', value: cpu.idle ? '1' : '0' })
  if (cpu.shares !== undefined && cpu.idle !== true) writes.push(value('cpu.shares', cpu.shares))
  if (cpu.rtPeriodUs !== undefined) writes.push(value('cpu.rt_period_us', cpu.rtPeriodUs))
  if (cpu.rtRuntimeUs !== undefined) writes.push(value('cpu.rt_runtime_us', cpu.rtRuntimeUs))
  if (cpu.periodUs !== undefined) writes.push(value('cpu.cfs_period_us', cpu.periodUs))
  if (cpu.quotaUs !== undefined) writes.push(value('cpu.cfs_quota_us', cpu.quotaUs === 'max' ? -1 : cpu.quotaUs))
  if (cpu.burstUs !== undefined) writes.push(value('cpu.cfs_burst_us', cpu.burstUs))
  return writes
}

/** Throttling; the time itself is in cpuacct. */
export async function stat(directory: string): Promise<CpuStats> {
  const values = parseFlat(await readIfPresent(join(directory, 'cpu.stat')))
  const microseconds = (ns: number | undefined) => (ns === undefined ? undefined : Math.round(ns / 1000))
  return defined<CpuStats>({
    periods: values['nr_periods'],
    throttledPeriods: values['nr_throttled'],
    throttledUs: microseconds(values['throttled_time']),
    bursts: values['nr_bursts'],
    burstUs: microseconds(values['burst_time']),
  })
}

function value(file: string, number: number): Write {
  return { file, value: `${number}`, readback: `${number}` }
}
