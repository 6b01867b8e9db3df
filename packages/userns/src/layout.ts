// Maps made of what a user owns: its own id and its subordinate ranges.

import type { IdRange } from './id-range.js'
import type { SubidRange } from './subid.js'

/**
 * Lay host ranges out from id 0 inside, one after the other, as Docker's userns-remap does.
 *
 * @param ranges host ranges, in order
 */
export function layRanges(ranges: readonly SubidRange[]): IdRange[] {
  let inside = 0
  return ranges.map(({ start, count }) => {
    const range = { inside, outside: start, count }
    inside += count
    return range
  })
}

/**
 * Lay host ranges out from id 0 inside, but give one id inside to the caller: 0 for "root is me", the caller's own number
 * for podman's keep-id.
 *
 * @param own the caller's id outside
 * @param ranges host ranges that fill the other ids, in order
 * @param at id inside that is the caller
 */
export function layAround(own: number, ranges: readonly SubidRange[], at: number): IdRange[] {
  const map: IdRange[] = [{ inside: at, outside: own, count: 1 }]
  let inside = 0
  for (const range of ranges) {
    let { start, count } = range
    const before = Math.min(count, Math.max(0, at - inside))
    if (before > 0) {
      map.push({ inside, outside: start, count: before })
      inside += before
      start += before
      count -= before
    }
    if (inside === at) inside++
    if (count === 0) continue
    map.push({ inside, outside: start, count })
    inside += count
  }
  return map.sort((one, other) => one.inside - other.inside)
}
