import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

import { readIfPresent } from '../internal/files.js'
import { defined, parseFlat, parseLimit, parseNumber } from '../internal/parse.js'
import type { HugetlbStats } from '../stats.js'
import type { Write } from '../write.js'

/**
 * Writes for hugetlb.SIZE.max and its `rsvd` (Linux 5.7): without that mmap(2) gives pages away which the limit refuses when they are touched,
 * with SIGBUS.
 */
export function limits(hugetlb: Readonly<Record<string, number | 'max'>>): Write[] {
  return Object.entries(hugetlb).flatMap(([page, limit]) => {
    const write = { value: `${limit}`, readback: `${limit}` }
    return [
      { file: `hugetlb.${page}.max`, ...write },
      { file: `hugetlb.${page}.rsvd.max`, ...write, ifPresent: true },
    ]
  })
}

/** Huge pages by their size. */
export async function stat(directory: string): Promise<Record<string, HugetlbStats>> {
  const stats: Record<string, HugetlbStats> = {}
  for (const file of await readdir(directory)) {
    const page = /^hugetlb\.(\w+)\.current$/.exec(file)?.[1]
    if (page === undefined) continue
    const read = (name: string) => readIfPresent(join(directory, `hugetlb.${page}.${name}`))
    stats[page] = defined<HugetlbStats>({
      usageBytes: parseNumber(await read('current')),
      limitBytes: parseLimit(await read('max')),
      limitHits: parseFlat(await read('events'))['max'],
    })
  }
  return stats
}
