import { knownKeys, wholeNumber } from '../internal/check.js'
import { cpusToQuota, DEFAULT_PERIOD_US, MIN_QUOTA_US } from '../units.js'
import { sharesToWeight, weightToShares } from '../weight.js'

/** Limits and priority of the `cpu` controller. */
export interface CpuLimits {
  /** CPUs, such as 1.5, from 0.01: short for `quotaUs`. */
  cpus?: number
  /** Microseconds of CPU time in each period, from 1000; `'max'`: no limit. v1 cpu.cfs_quota_us, v2 cpu.max. */
  quotaUs?: number | 'max'
  /** Length of a period in microseconds, 1000 to 1000000; the kernel's default is 100000. v1 cpu.cfs_period_us, v2 cpu.max. */
  periodUs?: number
  /** Unused quota that may be saved up, in microseconds, at most the quota. Linux 5.14. v1 cpu.cfs_burst_us, v2 cpu.max.burst. */
  burstUs?: number
  /**
   * Priority on the scale of v1, 2 to 262144, default 1024; converted for v2 by {@link sharesToWeight}, which keeps order and default, not
   * ratios: 2048 beside 1024 is twice the CPU on v1, 1.74 times on v2.
   */
  shares?: number
  /**
   * Priority on the scale of v2, 1 to 10000, default 100; converted for v1 by {@link weightToShares}, which keeps order and default, not ratios:
   * 300 beside 100 is three times the CPU on v2, four times on v1 (4058 shares beside 1024).
   */
  weight?: number
  /** Run only when nobody else wants the processor. Linux 5.15. */
  idle?: boolean
  /** v1 only: microseconds a realtime task may run in each realtime period. */
  rtRuntimeUs?: number
  /** v1 only: length of the realtime period in microseconds. */
  rtPeriodUs?: number
  /** v2 only: the least performance the frequency governor grants, percent. cpu.uclamp.min. */
  uclampMinPercent?: number
  /** v2 only: the most. cpu.uclamp.max. */
  uclampMaxPercent?: number
}

const KEYS = [
  'cpus',
  'quotaUs',
  'periodUs',
  'burstUs',
  'shares',
  'weight',
  'idle',
  'rtRuntimeUs',
  'rtPeriodUs',
  'uclampMinPercent',
  'uclampMaxPercent',
]

/** {@link CpuLimits} checked, with quota for cpus and one scale for the other. */
export interface Cpu extends Omit<CpuLimits, 'cpus'> {
  shares?: number
  weight?: number
}

/** Check CPU limits. @throws TypeError or RangeError with the value. */
export function validateCpu(options: CpuLimits): Cpu {
  knownKeys('cpu limits', options, KEYS)
  const { cpus, ...cpu } = options
  if (cpus !== undefined && cpu.quotaUs !== undefined)
    throw new TypeError('Cannot set cpus and quotaUs: they are the same limit')
  if (cpu.shares !== undefined && cpu.weight !== undefined)
    throw new TypeError('Cannot set shares and weight: they are the same priority')
  if (cpu.periodUs !== undefined) wholeNumber('CPU period', cpu.periodUs, 1000, 1_000_000)
  if (cpus !== undefined) Object.assign(cpu, cpusToQuota(cpus, cpu.periodUs ?? DEFAULT_PERIOD_US))
  if (cpu.quotaUs !== undefined && cpu.quotaUs !== 'max') wholeNumber('CPU quota', cpu.quotaUs, MIN_QUOTA_US)
  if (cpu.burstUs !== undefined)
    wholeNumber('CPU burst', cpu.burstUs, 0, typeof cpu.quotaUs === 'number' ? cpu.quotaUs : undefined)
  if (cpu.shares !== undefined) wholeNumber('CPU shares', cpu.shares, 2, 262_144)
  if (cpu.weight !== undefined) wholeNumber('CPU weight', cpu.weight, 1, 10_000)
  if (cpu.rtRuntimeUs !== undefined) wholeNumber('realtime runtime', cpu.rtRuntimeUs, -1)
  if (cpu.rtPeriodUs !== undefined) wholeNumber('realtime period', cpu.rtPeriodUs, 1)
  percent('uclampMinPercent', cpu.uclampMinPercent)
  percent('uclampMaxPercent', cpu.uclampMaxPercent)
  if (cpu.shares !== undefined) return { ...cpu, weight: sharesToWeight(cpu.shares) }
  if (cpu.weight !== undefined) return { ...cpu, shares: weightToShares(cpu.weight) }
  return cpu
}

function percent(name: string, value: number | undefined): void {
  if (value !== undefined && !(value >= 0 && value <= 100)) {
    throw new RangeError(`Cannot set ${name}: ${value} is out of range; wanted 0 to 100`)
  }
}
