// Sizes and durations as people write them.

import { show } from './check.js'

const SIZE: Readonly<Record<string, number>> = { b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 }
const DURATION: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** Bytes of a size: a number, or `'512m'`; `kb` and `kib` mean the same as `k`, as in Docker. @throws TypeError or RangeError with the value. */
export function sizeBytes(what: string, size: unknown, leastBytes = 0): number {
  const bytes = typeof size === 'string' ? parseSize(size) : size
  if (typeof bytes !== 'number' || Number.isNaN(bytes))
    throw new TypeError(`Cannot set ${what}: ${show(size)} is no size; wanted bytes or text such as "512m"`)
  if (bytes < 0) throw new RangeError(`Cannot set ${what}: ${show(size)} is negative`)
  if (!Number.isSafeInteger(bytes) || bytes < leastBytes)
    throw new RangeError(`Cannot set ${what}: ${show(size)} is out of range; wanted whole bytes from ${leastBytes}`)
  return bytes
}

function parseSize(size: string): number {
  const [, number, unit = 'b'] = /^(-?\d+(?:\.\d+)?) *(?:([bkmgt])(?:i?b)?)?$/i.exec(size) ?? []
  return number === undefined ? NaN : Math.floor(Number(number) * (SIZE[unit.toLowerCase()] ?? NaN))
}

/** Milliseconds of a duration: a number, or `'5s'`. @throws TypeError or RangeError with the value. */
export function durationMs(what: string, duration: unknown): number {
  const [, number, unit = 's'] =
    typeof duration === 'string' ? (/^(-?\d+(?:\.\d+)?) *(ms|s|m|h)?$/.exec(duration) ?? []) : []
  const ms =
    typeof duration === 'number'
      ? duration
      : number === undefined
        ? NaN
        : Math.round(Number(number) * (DURATION[unit] ?? NaN))
  if (Number.isNaN(ms))
    throw new TypeError(`Cannot set ${what}: ${show(duration)} is no time; wanted milliseconds or text such as "5s"`)
  if (!Number.isInteger(ms) || ms < 1 || ms > 0xffffffff)
    throw new RangeError(`Cannot set ${what}: ${show(duration)} is out of range; wanted 1 ms to 49 days`)
  return ms
}
