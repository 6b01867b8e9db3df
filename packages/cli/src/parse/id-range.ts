// --uidmap inside:outside:count

import type { IdRange } from '@iso/runtime'

import { parseWhole } from './number.js'

const HIGHEST_ID = 0xffff_fffe

/**
 * A run of ids, as podman and newuidmap(1) write it.
 * @throws TypeError or RangeError with the text.
 */
export function idRange(text: string, what: string): IdRange {
  const [inside, outside, count, ...rest] = text.split(':')
  if (inside === undefined || outside === undefined || count === undefined || rest.length > 0)
    throw new TypeError(`Cannot read ${what}: ${JSON.stringify(text)} is no map; wanted inside:outside:count`)
  return {
    inside: parseWhole(inside, what, 0, HIGHEST_ID),
    outside: parseWhole(outside, what, 0, HIGHEST_ID),
    count: parseWhole(count, what, 1, HIGHEST_ID),
  }
}
