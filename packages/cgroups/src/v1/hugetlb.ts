import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

import { readIfPresent } from '../internal/files.js'
import { defined, parseLimit, parseNumber } from '../internal/parse.js'
import type { HugetlbStats } from '../stats.js'
import type { Write } from '../write.js'

/**
 * Writes for hugetlb.SIZE.limit_in_bytes and its `rsvd` (Linux 5.7): without that mmap(2) gives pages away which the limit refuses when they are
 * touched, with SIGBUS.
 */
export function limits(hugetlb: Readonly<Record<string, number | 'max'>>): Write[] {
  return Object.entries(hugetlb).flatMap(([page, limit]) => {
    const write = limit === 'max' ? { value: '-1' } : { value: `${limit}`, readback: `${limit}` }
    return [
      { file: `hugetlb.${page}.limit_in_bytes`, ...write },
      { file: `hugetlb.${page}.rsvd.limit_in_bytes`, ...write, ifPresent: true },
    ]
  })
}

/** Huge pages by their size. */
export async function stat(directory: string): Promise<Record<string, HugetlbStats>> {
  const stats: Record<string, HugetlbStats> = {}
  for (const file of await readdir(directory)) {
    const page = /^hugetlb\.(\w+)\.usage_in_bytes$/.exec(file)?.[1]
    if (page === undefined) continue
    const read = (name: string) => readIfPresent(join(directory, `hugetlb.${page}.${name}`))
    stats[page] = defined<HugetlbStats>({
      usageBytes: parseNumber(await read('usage_in_bytes')),
      peakBytes: parseNumber(await read('max_usage_in_bytes')),
      limitBytes: parseLimit(await read('limit_in_bytes')),
      limitHits: parseNumber(await read('failcnt')),
    })
  }
  return stats
}
