import { join } from 'node:path'

import { readIfPresent } from '../internal/files.js'
import { defined, parseFlat, parseLimit, parseNumber } from '../internal/parse.js'
import type { PidsLimit } from '../options/pids.js'
import type { PidsStats } from '../stats.js'
import type { Write } from '../write.js'

/** Write for pids.max. */
export function limits(pids: PidsLimit): Write[] {
  return [{ file: 'pids.max', value: `${pids}`, readback: `${pids}` }]
}

/** Numbers of processes and threads. pids.peak: Linux 6.1. */
export async function stat(directory: string): Promise<PidsStats> {
  const read = (file: string) => readIfPresent(join(directory, `pids.${file}`))
  const [current, peak, limit, events] = await Promise.all([read('current'), read('peak'), read('max'), read('events')])
  return defined<PidsStats>({
    current: parseNumber(current),
    peak: parseNumber(peak),
    limit: parseLimit(limit),
    limitHits: parseFlat(events)['max'],
  })
}
