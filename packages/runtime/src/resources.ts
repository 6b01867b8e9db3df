// Limits in Docker's words to those of @iso/cgroups, which has Docker's meanings and minima.

import { dockerLimits, type Limits } from '@iso/cgroups'
import { list, show, wholeNumber } from './internal/check.js'
import type { DeviceRate, LimitOptions, Size } from './options.js'

/** @throws TypeError or RangeError with the value. */
export function limitsOf(options: LimitOptions): Limits {
  const { memory, memorySwap, memoryReservation, pids, cpus } = options
  if (cpus !== undefined) checkCpus(cpus)
  if (pids !== undefined && pids !== -1) wholeNumber('pids limit', pids, 0)
  return dockerLimits({
    ...(memory !== undefined && { memory: size('memory', memory) }),
    ...(memorySwap !== undefined && {
      memorySwap: String(memorySwap) === '-1' ? '-1' : size('memorySwap', memorySwap),
    }),
    ...(memoryReservation !== undefined && { memoryReservation: size('memoryReservation', memoryReservation) }),
    ...picked(options, ['memorySwappiness', 'oomKillDisable', 'cpus', 'cpuShares', 'cpusetCpus', 'cpusetMems']),
    ...(options.cpuPeriodUs !== undefined && { cpuPeriod: options.cpuPeriodUs }),
    ...(options.cpuQuotaUs !== undefined && { cpuQuota: options.cpuQuotaUs }),
    ...(pids !== undefined && { pidsLimit: pids }),
    ...picked(options, ['blkioWeight']),
    ...(options.blkioWeightDevice !== undefined && {
      blkioWeightDevice: list('blkioWeightDevice', options.blkioWeightDevice),
    }),
    ...rates(options, ['deviceReadBps', 'deviceWriteBps', 'deviceReadIops', 'deviceWriteIops']),
  })
}

function checkCpus(cpus: unknown): void {
  if (typeof cpus !== 'number' || Number.isNaN(cpus)) throw new TypeError(`Cannot set cpus: ${show(cpus)} is no number`)
  if (cpus !== 0 && cpus < 0.01)
    throw new RangeError(
      `Cannot set cpus: ${cpus} is ${cpus < 0 ? 'negative' : 'out of range'}; wanted a number from 0.01`
    )
}

function picked<K extends keyof LimitOptions>(options: LimitOptions, keys: readonly K[]): Pick<LimitOptions, K> {
  return Object.fromEntries(
    keys.filter((key) => options[key] !== undefined).map((key) => [key, options[key]])
  ) as unknown as Pick<LimitOptions, K>
}

/** A size as Docker's text. */
function size(what: string, value: Size): string {
  if (typeof value !== 'string') return String(wholeNumber(what, value, 0))
  if (value.trimStart().startsWith('-'))
    throw new RangeError(`Cannot set ${what}: ${show(value)} is negative; wanted a size such as "512m"`)
  return value
}

type RateKey = 'deviceReadBps' | 'deviceWriteBps' | 'deviceReadIops' | 'deviceWriteIops'

function rates(options: LimitOptions, keys: readonly RateKey[]): Partial<Record<RateKey, string[]>> {
  return Object.fromEntries(
    keys.flatMap((key) => (options[key] === undefined ? [] : [[key, list(key, options[key]).map(rateText)]]))
  )
}

const rateText = (rate: string | DeviceRate): string =>
  typeof rate === 'string' ? rate : `${rate.device}:${rate.rate}`
