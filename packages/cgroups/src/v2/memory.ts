import { join } from 'node:path'

import { readIfPresent } from '../internal/files.js'
import { defined, parseFlat, parseLimit, parseNumber } from '../internal/parse.js'
import type { Memory } from '../options/memory.js'
import type { MemoryStats } from '../stats.js'
import { unsupported, type Write } from '../write.js'

/** Writes for memory.{min,low,high,max,swap.max,zswap.max,oom.group}. */
export function limits(memory: Memory): Write[] {
  if (memory.swappiness !== undefined) throw unsupported('memory swappiness', 2)
  if (memory.oomKillDisable !== undefined)
    throw unsupported('memory oomKillDisable', 2, 'high slows a group down instead of killing')
  if (memory.kernelTcp !== undefined) throw unsupported('memory kernelTcp', 2, 'max counts TCP buffers, too')
  const writes: Write[] = []
  const swap = memory.swap ?? difference(memory)
  // Swap first: with the memory limit in force before it, a group could swap out in between.
  if (swap !== undefined)
    writes.push({ ...bytes('memory.swap.max', swap), ...(memory.swapIfAccounted && { ifPresent: true }) })
  if (memory.zswap !== undefined) writes.push(bytes('memory.zswap.max', memory.zswap))
  if (memory.max !== undefined) writes.push(bytes('memory.max', memory.max))
  if (memory.high !== undefined) writes.push(bytes('memory.high', memory.high))
  if (memory.low !== undefined) writes.push(bytes('memory.low', memory.low))
  if (memory.min !== undefined) writes.push(bytes('memory.min', memory.min))
  if (memory.oomGroup !== undefined) writes.push({ file: 'memory.oom.group', value: memory.oomGroup ? '1' : '0' })
  return writes
}

/** Memory figures. memory.peak: Linux 5.19. */
export async function stat(directory: string): Promise<MemoryStats> {
  const read = (file: string) => readIfPresent(join(directory, `memory.${file}`))
  const [usage, peak, limit, swap, swapLimit, detail, events] = await Promise.all([
    read('current'),
    read('peak'),
    read('max'),
    read('swap.current'),
    read('swap.max'),
    read('stat'),
    read('events'),
  ])
  const values = parseFlat(detail)
  const counts = parseFlat(events)
  return defined<MemoryStats>({
    usageBytes: parseNumber(usage),
    peakBytes: parseNumber(peak),
    limitBytes: parseLimit(limit),
    swapBytes: parseNumber(swap),
    swapLimitBytes: parseLimit(swapLimit),
    anonBytes: values['anon'],
    fileBytes: values['file'],
    kernelBytes: values['kernel'],
    shmemBytes: values['shmem'],
    inactiveFileBytes: values['inactive_file'],
    pageFaults: values['pgfault'],
    majorPageFaults: values['pgmajfault'],
    limitHits: counts['max'],
    highHits: counts['high'],
    oomKills: counts['oom_kill'],
  })
}

function bytes(file: string, size: number | 'max'): Write {
  return { file, value: `${size}`, readback: `${size}` }
}

/** v2 limits swap alone: what Docker's sum leaves beyond the memory limit. */
function difference(memory: Memory): number | 'max' | undefined {
  if (memory.withSwap === undefined || memory.withSwap === 'max') return memory.withSwap
  if (typeof memory.max !== 'number')
    throw new RangeError('Cannot set memory withSwap: v2 limits swap alone; give max, too')
  return memory.withSwap - memory.max
}
