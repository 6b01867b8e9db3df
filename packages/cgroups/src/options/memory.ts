import { knownKeys, wholeNumber } from '../internal/check.js'
import { pageSize } from '../internal/page-size.js'
import { parseLimitSize, type Size } from '../units.js'

/**
 * Limits of the `memory` controller. Sizes are bytes, Docker's text form (`'512m'`) or `'max'`; the kernel rounds them down to whole pages.
 *
 * Docker refuses limits under 6 MiB, because its own start-up ran inside the group. Here one page is enough; what cannot run in it is killed.
 */
export interface MemoryLimits {
  /** Hard limit: beyond it the group is reclaimed from, then a process is killed. v1 memory.limit_in_bytes, v2 memory.max. */
  max?: Size
  /** Limit of memory and swap together, Docker's `--memory-swap`; not below `max`. v1 memory.memsw.limit_in_bytes; v2 writes the difference to memory.swap.max. */
  withSwap?: Size
  /** Limit of swap alone; 0: none. v2 memory.swap.max; v1 writes the sum, and so needs `max`. */
  swap?: Size
  /** No failure where the kernel does not count swap (a v1 kernel without swapaccount). */
  swapIfAccounted?: boolean
  /** v2 only: above it the group is slowed down and reclaimed from, not killed. memory.high. */
  high?: Size
  /** Memory left to the group while others can be reclaimed from, Docker's `--memory-reservation`. v1 memory.soft_limit_in_bytes, v2 memory.low. */
  low?: Size
  /** v2 only: memory never reclaimed. memory.min. */
  min?: Size
  /** v1 only: 0 to 100, how willingly pages are swapped. memory.swappiness. */
  swappiness?: number
  /** v1 only: stop processes at the limit instead of killing. memory.oom_control. */
  oomKillDisable?: boolean
  /** v2 only: kill the whole group or nobody. memory.oom.group. */
  oomGroup?: boolean
  /** v2 only: limit of compressed swap. memory.zswap.max. */
  zswap?: Size
  /** v1 only: limit of TCP buffers. memory.kmem.tcp.limit_in_bytes. */
  kernelTcp?: Size
}

/** Memory limits that are sizes. */
export type MemorySizeKey = 'max' | 'withSwap' | 'swap' | 'high' | 'low' | 'min' | 'zswap' | 'kernelTcp'
const SIZES: readonly MemorySizeKey[] = ['max', 'withSwap', 'swap', 'high', 'low', 'min', 'zswap', 'kernelTcp']
const KEYS = [...SIZES, 'swapIfAccounted', 'swappiness', 'oomKillDisable', 'oomGroup']

/** {@link MemoryLimits} checked, in whole pages. */
export type Memory = Omit<MemoryLimits, MemorySizeKey> & { [K in MemorySizeKey]?: number | 'max' }

/** Check memory limits; a size alone is `max`. @throws TypeError or RangeError with the value. */
export function validateMemory(options: MemoryLimits | Size): Memory {
  if (typeof options !== 'object') options = { max: options }
  knownKeys('memory limits', options, KEYS)
  const { swapIfAccounted, swappiness, oomKillDisable, oomGroup } = options
  const memory: Memory = Object.fromEntries(
    Object.entries({ swapIfAccounted, swappiness, oomKillDisable, oomGroup }).filter(([, value]) => value !== undefined)
  )
  const page = pageSize()
  for (const key of SIZES) {
    const size = options[key]
    if (size === undefined) continue
    const bytes = parseLimitSize(`memory ${key}`, size, key === 'max' ? page : 0)
    memory[key] = bytes === 'max' ? bytes : bytes - (bytes % page)
  }
  if (swappiness !== undefined) wholeNumber('swappiness', swappiness, 0, 100)
  if (memory.swap !== undefined && memory.withSwap !== undefined)
    throw new TypeError('Cannot set swap and withSwap: they are the same limit')
  if (
    typeof memory.withSwap === 'number' &&
    memory.max !== undefined &&
    (memory.max === 'max' || memory.withSwap < memory.max)
  ) {
    throw new RangeError(
      `Cannot set memory withSwap: ${memory.withSwap} is below the memory limit ${memory.max}; it is memory and swap together`
    )
  }
  return memory
}
