// Ranges of ids, and the maps made of them.

/** A run of ids inside a user namespace and what they are outside. */
export interface IdRange {
  /** First id inside, 0 to 2^32-2. */
  inside: number
  /** First id outside (in the parent user namespace), 0 to 2^32-2. */
  outside: number
  /** How many, from 1. */
  count: number
}

/** The two maps of a user namespace. */
export interface IdMaps {
  uids: readonly IdRange[]
  gids: readonly IdRange[]
}

/** Most lines of a map the kernel takes (UID_GID_MAP_MAX_EXTENTS); 5 before kernel 4.15. */
export const MAX_RANGES = 340

/** A map is written at once, in less than a page: 340 ranges of large numbers do not fit. */
const MAP_BYTES = 4096

/** Ids are 0 to 2^32-2: 2^32-1 means "no id". */
const ID_END = 0xffff_ffff

/**
 * Check a map before the kernel does, which would only say EINVAL: whole numbers, no overlap on either side, at most
 * 340 ranges and 4095 bytes of text.
 *
 * @param ranges the map
 * @param what how the map is called in messages, such as `uids`
 * @throws RangeError or TypeError with the range in the message
 *
 * @example
 * ```ts
 * import { checkRanges } from '@iso/userns'
 * checkRanges([{ inside: 0, outside: 100000, count: 65536 }], 'uids')
 * ```
 * @see https://man7.org/linux/man-pages/man7/user_namespaces.7.html
 */
export function checkRanges(ranges: readonly IdRange[], what = 'ids'): void {
  if (!Array.isArray(ranges) || ranges.length === 0)
    throw new TypeError(`Cannot map ${what}: no range; wanted 1 to ${MAX_RANGES}`)
  if (ranges.length > MAX_RANGES)
    throw new RangeError(`Cannot map ${what}: ${ranges.length} ranges; the kernel takes ${MAX_RANGES}`)
  for (const range of ranges) {
    for (const side of ['inside', 'outside', 'count'] as const) {
      const value = range[side]
      const least = side === 'count' ? 1 : 0
      if (!Number.isInteger(value) || value < least || value > ID_END) {
        throw new RangeError(
          `Cannot map ${what}: ${side} is ${value} in ${formatRange(range)}; wanted a whole number from ${least}`
        )
      }
    }
    for (const side of ['inside', 'outside'] as const) {
      if (range[side] + range.count > ID_END) {
        throw new RangeError(`Cannot map ${what}: ${formatRange(range)} ends after ${ID_END - 1}, the last id, ${side}`)
      }
    }
  }
  const { length } = formatMap(mergeRanges(ranges))
  if (length >= MAP_BYTES)
    throw new RangeError(
      `Cannot map ${what}: ${ranges.length} ranges take ${length} bytes; the kernel reads ${MAP_BYTES - 1}`
    )
  for (const side of ['inside', 'outside'] as const) {
    const sorted = [...ranges].sort((one, other) => one[side] - other[side])
    sorted.forEach((range, at) => {
      const before = sorted[at - 1]
      if (before !== undefined && before[side] + before.count > range[side]) {
        throw new RangeError(`Cannot map ${what}: ${formatRange(before)} and ${formatRange(range)} overlap ${side}`)
      }
    })
  }
}

/** The text the kernel takes in `/proc/PID/uid_map`: a line `inside outside count` for each range. */
export function formatMap(ranges: readonly IdRange[]): string {
  return ranges.map((range) => `${formatRange(range)}\n`).join('')
}

/**
 * Read the text of `/proc/PID/uid_map` or `gid_map`.
 *
 * @throws TypeError for a line that is not three numbers
 */
export function parseMap(text: string): IdRange[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [inside, outside, count, ...rest] = line.trim().split(/\s+/).map(Number)
      if (![inside, outside, count].every(Number.isInteger) || rest.length > 0) {
        throw new TypeError(`Cannot read id map line "${line}": wanted "inside outside count"`)
      }
      return { inside, outside, count } as IdRange
    })
}

/** What an id inside is outside; undefined where it is not mapped (the kernel shows 65534 then). */
export function toOutside(ranges: readonly IdRange[], id: number): number | undefined {
  const range = ranges.find(({ inside, count }) => id >= inside && id < inside + count)
  return range === undefined ? undefined : range.outside + id - range.inside
}

/** What an id outside is inside; undefined where it is not mapped (the kernel shows 65534 then). */
export function toInside(ranges: readonly IdRange[], id: number): number | undefined {
  const range = ranges.find(({ outside, count }) => id >= outside && id < outside + count)
  return range === undefined ? undefined : range.inside + id - range.outside
}

/** Sort a map by its inside ids and join ranges that continue one another. */
export function mergeRanges(ranges: readonly IdRange[]): IdRange[] {
  const merged: IdRange[] = []
  for (const range of [...ranges].sort((one, other) => one.inside - other.inside)) {
    const last = merged[merged.length - 1]
    const continues =
      last !== undefined && last.inside + last.count === range.inside && last.outside + last.count === range.outside
    if (continues) last.count += range.count
    else merged.push({ ...range })
  }
  return merged
}

function formatRange({ inside, outside, count }: IdRange): string {
  return `${inside} ${outside} ${count}`
}
