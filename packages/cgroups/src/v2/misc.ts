import { join } from 'node:path'

import { readIfPresent } from '../internal/files.js'
import { parseFlat } from '../internal/parse.js'
import type { MiscLimits } from '../options/misc.js'
import type { Write } from '../write.js'

/** Writes for misc.max. */
export function limits(misc: MiscLimits): Write[] {
  return Object.entries(misc).map(([resource, limit]) => ({ file: 'misc.max', value: `${resource} ${limit}` }))
}

/** Units in use, by resource. */
export async function stat(directory: string): Promise<Record<string, number>> {
  return parseFlat(await readIfPresent(join(directory, 'misc.current')))
}
