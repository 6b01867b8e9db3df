// Docker's resource options, with Docker's meanings and minima.

import { availableParallelism } from 'node:os'

import { knownKeys } from './internal/check.js'
import type { Limits } from './limits.js'
import type { IoDeviceLimits } from './options/io.js'
import type { MemoryLimits } from './options/memory.js'
import { parseMemory } from './units.js'

/** Options of `docker run` and `docker update` by their names there; texts as on the command line. */
export interface DockerResources {
  /** `--memory`; at least 6m. 0: no limit. */
  memory?: string
  /** `--memory-swap`: memory and swap together; `-1`: no limit. Without it twice the memory. */
  memorySwap?: string
  /** `--memory-reservation`. */
  memoryReservation?: string
  /** `--memory-swappiness`; -1: unset. */
  memorySwappiness?: number
  oomKillDisable?: boolean
  /** `--cpus`: at most the machine's. */
  cpus?: number
  cpuShares?: number
  cpuPeriod?: number
  /** `--cpu-quota`; -1: no limit. */
  cpuQuota?: number
  /** `--cpu-rt-runtime`: microseconds a realtime task may run in each realtime period; v1 only; 0: unset. */
  cpuRtRuntime?: number
  /** `--cpu-rt-period`: microseconds; v1 only; 0: unset. */
  cpuRtPeriod?: number
  cpusetCpus?: string
  cpusetMems?: string
  /** `--pids-limit`; 0 or -1: no limit. */
  pidsLimit?: number
  /** `--blkio-weight`, 10 to 1000; 0: unset. */
  blkioWeight?: number
  /** `--blkio-weight-device` and the like: `PATH:VALUE`. */
  blkioWeightDevice?: readonly string[]
  deviceReadBps?: readonly string[]
  deviceWriteBps?: readonly string[]
  deviceReadIops?: readonly string[]
  deviceWriteIops?: readonly string[]
}

const KEYS = [
  'memory',
  'memorySwap',
  'memoryReservation',
  'memorySwappiness',
  'oomKillDisable',
  'cpus',
  'cpuShares',
  'cpuPeriod',
  'cpuQuota',
  'cpuRtRuntime',
  'cpuRtPeriod',
  'cpusetCpus',
  'cpusetMems',
  'pidsLimit',
  'blkioWeight',
  'blkioWeightDevice',
  'deviceReadBps',
  'deviceWriteBps',
  'deviceReadIops',
  'deviceWriteIops',
]

/** The least memory Docker accepts. */
const MIN_MEMORY_BYTES = 6 * 2 ** 20

/**
 * Translate Docker's resource options into limits.
 *
 * Where Docker sets no limit (0) none is set here. Swap follows Docker: without `memorySwap` memory and swap together may be twice the
 * memory, and a kernel that does not count swap is no failure then.
 *
 * @throws TypeError or RangeError with Docker's minimum and the value.
 * @example
 * ```ts
 * import { dockerLimits } from '@iso/cgroups'
 * console.log(dockerLimits({ cpus: 1, memory: '2048m', pidsLimit: 1000 }))
 * ```
 * @see https://docs.docker.com/engine/containers/resource_constraints/
 */
export function dockerLimits(options: DockerResources): Limits {
  knownKeys('resources', options, KEYS)
  const limits: Limits = {}
  const memory = dockerMemory(options)
  if (Object.keys(memory).length > 0) limits.memory = memory
  const cpu = dockerCpu(options)
  if (Object.keys(cpu).length > 0) limits.cpu = cpu
  if (options.cpusetCpus || options.cpusetMems) {
    limits.cpuset = {
      ...(options.cpusetCpus && { cpus: options.cpusetCpus }),
      ...(options.cpusetMems && { mems: options.cpusetMems }),
    }
  }
  if (options.pidsLimit !== undefined)
    limits.pids = options.pidsLimit === 0 || options.pidsLimit === -1 ? 'max' : options.pidsLimit
  const devices = dockerIo(options)
  if (options.blkioWeight || devices.length > 0)
    limits.io = {
      ...(options.blkioWeight && { blkioWeight: options.blkioWeight }),
      ...(devices.length > 0 && { devices }),
    }
  return limits
}

function dockerMemory(options: DockerResources): MemoryLimits {
  const memory: MemoryLimits = {}
  const max = options.memory === undefined ? 0 : parseMemory(options.memory)
  const { memorySwap, memoryReservation, memorySwappiness } = options
  if (max !== 0 && max < MIN_MEMORY_BYTES)
    throw new RangeError(`Cannot set memory limit: ${options.memory} is below Docker's minimum; wanted 6m or more`)
  if (max !== 0) memory.max = max
  if (memorySwap !== undefined && memorySwap !== '0') {
    if (max === 0) throw new RangeError(`Cannot set memory-swap: ${memorySwap} without a memory limit; set memory, too`)
    memory.withSwap = memorySwap === '-1' ? 'max' : parseMemory(memorySwap)
    if (typeof memory.withSwap === 'number' && memory.withSwap < max)
      throw new RangeError(
        `Cannot set memory-swap: ${memorySwap} is below the memory limit ${options.memory}; it is memory and swap together`
      )
  } else if (max !== 0) {
    Object.assign(memory, { withSwap: 2 * max, swapIfAccounted: true })
  }
  if (memoryReservation !== undefined && parseMemory(memoryReservation) !== 0) {
    memory.low = parseMemory(memoryReservation)
    if (memory.low < MIN_MEMORY_BYTES)
      throw new RangeError(
        `Cannot set memory reservation: ${memoryReservation} is below Docker's minimum; wanted 6m or more`
      )
    if (max !== 0 && memory.low > max)
      throw new RangeError(
        `Cannot set memory reservation: ${memoryReservation} is above the memory limit ${options.memory}`
      )
  }
  if (memorySwappiness !== undefined && memorySwappiness !== -1) memory.swappiness = memorySwappiness
  if (options.oomKillDisable) memory.oomKillDisable = true
  return memory
}

function dockerCpu(options: DockerResources): NonNullable<Limits['cpu']> {
  if (options.cpus && (options.cpuQuota || options.cpuPeriod))
    throw new TypeError('Cannot set cpus together with cpu-quota or cpu-period: they are the same limit')
  // As Docker's: those this process may run on, which is all of them on most machines.
  const most = options.cpus ? availableParallelism() : 0
  if (options.cpus && options.cpus > most)
    throw new RangeError(
      `Cannot set cpus: ${options.cpus} is out of range; wanted 0.01 to ${most}, which this machine has`
    )
  if (options.cpuRtRuntime && options.cpuRtPeriod && options.cpuRtRuntime > options.cpuRtPeriod)
    throw new RangeError(
      `Cannot set cpu-rt-runtime: ${options.cpuRtRuntime} is above cpu-rt-period, ${options.cpuRtPeriod}`
    )
  return {
    ...(options.cpuRtRuntime && { rtRuntimeUs: options.cpuRtRuntime }),
    ...(options.cpuRtPeriod && { rtPeriodUs: options.cpuRtPeriod }),
    ...(options.cpus && { cpus: options.cpus }),
    ...(options.cpuQuota && { quotaUs: options.cpuQuota < 0 ? ('max' as const) : options.cpuQuota }),
    ...(options.cpuPeriod && { periodUs: options.cpuPeriod }),
    // Docker and runc take 1 for the kernel's smallest, 2, and anything above its largest.
    ...(options.cpuShares && { shares: Math.min(262_144, Math.max(2, options.cpuShares)) }),
  }
}

function dockerIo(options: DockerResources): IoDeviceLimits[] {
  const devices = new Map<string, IoDeviceLimits>()
  const each = (texts: readonly string[] | undefined, put: (value: string) => Partial<IoDeviceLimits>) => {
    for (const text of texts ?? []) {
      const [, device, value] = /^(\/.+):([^:]+)$/.exec(text) ?? []
      if (device === undefined || value === undefined)
        throw new RangeError(`Cannot parse device limit: "${text}" is no PATH:VALUE such as "/dev/sda:1mb"`)
      devices.set(device, { ...(devices.get(device) ?? { device }), ...put(value) })
    }
  }
  each(options.deviceReadBps, (value) => ({ readBps: parseMemory(value) }))
  each(options.deviceWriteBps, (value) => ({ writeBps: parseMemory(value) }))
  each(options.deviceReadIops, (value) => ({ readIops: Number(value) }))
  each(options.deviceWriteIops, (value) => ({ writeIops: Number(value) }))
  each(options.blkioWeightDevice, (value) => ({ blkioWeight: Number(value) }))
  return [...devices.values()]
}
