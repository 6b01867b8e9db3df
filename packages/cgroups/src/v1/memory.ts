import { join } from 'node:path'

import { readIfPresent } from '../internal/files.js'
import { pageSize } from '../internal/page-size.js'
import { defined, parseFlat, parseLimit, parseNumber } from '../internal/parse.js'
import type { Memory } from '../options/memory.js'
import type { MemoryStats } from '../stats.js'
import { unsupported, type Write } from '../write.js'

/** Writes for memory.*. The limit of memory comes before that of memory and swap, which may not be below it; a live group may need the reverse order. */
export function limits(memory: Memory): Write[] {
  if (memory.high !== undefined) throw unsupported('memory high', 1, 'low sets memory.soft_limit_in_bytes')
  if (memory.min !== undefined) throw unsupported('memory min', 1)
  if (memory.oomGroup !== undefined) throw unsupported('memory oomGroup', 1, 'listen for the oom event and call kill()')
  if (memory.zswap !== undefined) throw unsupported('memory zswap', 1)
  const writes: Write[] = []
  if (memory.max !== undefined) writes.push(bytes('memory.limit_in_bytes', memory.max))
  const withSwap = memory.withSwap ?? sum(memory)
  if (withSwap !== undefined)
    writes.push({
      ...bytes('memory.memsw.limit_in_bytes', withSwap),
      ...(memory.swapIfAccounted && { ifPresent: true }),
    })
  if (memory.low !== undefined) writes.push(bytes('memory.soft_limit_in_bytes', memory.low))
  if (memory.kernelTcp !== undefined) writes.push(bytes('memory.kmem.tcp.limit_in_bytes', memory.kernelTcp))
  if (memory.swappiness !== undefined)
    writes.push({ file: 'memory.swappiness', value: `${memory.swappiness}`, readback: `${memory.swappiness}` })
  if (memory.oomKillDisable !== undefined)
    writes.push({ file: 'memory.oom_control', value: memory.oomKillDisable ? '1' : '0' })
  return writes
}

/** Memory figures; swap is what memsw counts beyond memory. */
export async function stat(directory: string): Promise<MemoryStats> {
  const read = (file: string) => readIfPresent(join(directory, `memory.${file}`))
  const [usage, peak, limit, both, bothLimit, detail, control, hits, kernel] = await Promise.all([
    read('usage_in_bytes'),
    read('max_usage_in_bytes'),
    read('limit_in_bytes'),
    read('memsw.usage_in_bytes'),
    read('memsw.limit_in_bytes'),
    read('stat'),
    read('oom_control'),
    read('failcnt'),
    read('kmem.usage_in_bytes'),
  ])
  const values = parseFlat(detail)
  const limitBytes = parseLimit(limit)
  const bothBytes = parseLimit(bothLimit)
  return defined<MemoryStats>({
    usageBytes: parseNumber(usage),
    peakBytes: parseNumber(peak),
    limitBytes,
    swapBytes: both === undefined || usage === undefined ? undefined : Math.max(0, Number(both) - Number(usage)),
    swapLimitBytes:
      typeof bothBytes === 'number' && typeof limitBytes === 'number'
        ? bothBytes - limitBytes
        : bothBytes === undefined
          ? undefined
          : null,
    // total_*: the group and everything beneath it, as all the other figures.
    anonBytes: values['total_rss'],
    fileBytes: values['total_cache'],
    shmemBytes: values['total_shmem'],
    inactiveFileBytes: values['total_inactive_file'],
    kernelBytes: parseNumber(kernel),
    pageFaults: values['total_pgfault'],
    majorPageFaults: values['total_pgmajfault'],
    limitHits: parseNumber(hits),
    oomKills: parseFlat(control)['oom_kill'],
  })
}

function bytes(file: string, size: number | 'max'): Write {
  return size === 'max' ? { file, value: '-1', readback: unlimited() } : { file, value: `${size}`, readback: `${size}` }
}

/** What the kernel shows for "no limit": LONG_MAX rounded down to pages. */
function unlimited(): string {
  const page = BigInt(pageSize())
  return `${((2n ** 63n - 1n) / page) * page}`
}

function sum(memory: Memory): number | 'max' | undefined {
  if (memory.swap === undefined) return undefined
  if (memory.swap === 'max') return 'max'
  if (typeof memory.max !== 'number')
    throw new RangeError('Cannot set memory swap: v1 limits memory and swap together; give max, too')
  return memory.max + memory.swap
}
