import { join } from 'node:path'

import { readIfPresent } from '../internal/files.js'
import { defined, parseFlat } from '../internal/parse.js'
import type { Cpu } from '../options/cpu.js'
import type { CpuStats } from '../stats.js'
import { DEFAULT_PERIOD_US } from '../units.js'
import { unsupported, type Write } from '../write.js'

/** Writes for cpu.weight, cpu.max, cpu.max.burst, cpu.idle and cpu.uclamp.*. */
export function limits(cpu: Cpu): Write[] {
  if (cpu.rtRuntimeUs !== undefined || cpu.rtPeriodUs !== undefined) throw unsupported('cpu realtime budget', 2)
  const writes: Write[] = []
  // Before the weight: an idle group refuses one with EINVAL.
  if (cpu.idle !== undefined) writes.push({ file: 'cpu.idle', value: cpu.idle ? '1' : '0' })
  if (cpu.weight !== undefined && cpu.idle !== true)
    writes.push({ file: 'cpu.weight', value: `${cpu.weight}`, readback: `${cpu.weight}` })
  if (cpu.quotaUs !== undefined || cpu.periodUs !== undefined) writes.push(bandwidth(cpu))
  if (cpu.burstUs !== undefined)
    writes.push({ file: 'cpu.max.burst', value: `${cpu.burstUs}`, readback: `${cpu.burstUs}` })
  if (cpu.uclampMinPercent !== undefined)
    writes.push({ file: 'cpu.uclamp.min', value: cpu.uclampMinPercent.toFixed(2) })
  if (cpu.uclampMaxPercent !== undefined)
    writes.push({ file: 'cpu.uclamp.max', value: cpu.uclampMaxPercent.toFixed(2) })
  return writes
}

/** CPU time and throttling. Time is counted in every v2 group, the controller enabled or not. */
export async function stat(directory: string): Promise<CpuStats> {
  return parseCpuStat(await readIfPresent(join(directory, 'cpu.stat')))
}

/** The text of a v2 cpu.stat. */
export function parseCpuStat(text: string | undefined): CpuStats {
  const values = parseFlat(text)
  return defined<CpuStats>({
    usageUs: values['usage_usec'],
    userUs: values['user_usec'],
    systemUs: values['system_usec'],
    periods: values['nr_periods'],
    throttledPeriods: values['nr_throttled'],
    throttledUs: values['throttled_usec'],
    bursts: values['nr_bursts'],
    burstUs: values['burst_usec'],
  })
}

/** A quota alone leaves the period as it is; a period alone must come with the quota, which for a new group is "max". */
function bandwidth(cpu: Cpu): Write {
  const value =
    cpu.periodUs === undefined && cpu.quotaUs !== 'max'
      ? `${cpu.quotaUs} ${DEFAULT_PERIOD_US}`
      : cpu.periodUs === undefined
        ? 'max'
        : `${cpu.quotaUs ?? 'max'} ${cpu.periodUs}`
  return { file: 'cpu.max', value, ...(value !== 'max' && { readback: value }) }
}
