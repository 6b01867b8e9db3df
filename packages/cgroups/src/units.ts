// Docker's unit strings.

import { show, wholeNumber } from './internal/check.js'

/** A number of bytes, Docker's text form (`'2048m'`, `'1.5g'`), or `'max'` (also `-1`): no limit. */
export type Size = number | string

const FACTORS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
  p: 2 ** 50,
}

/**
 * Parse a size the way Docker does.
 *
 * A decimal number, perhaps one space, perhaps a unit: `b`, `k`, `m`, `g`, `t` or `p`, in either case; `kb` and `kib` mean `k` and so
 * on. All units are powers of 1024. The result is cut to whole bytes.
 *
 * @returns Bytes, 0 and up. Signs are refused: `-1` is a limit, not a size, see {@link parseLimitSize}.
 * @throws RangeError where the text is no size.
 * @example
 * ```ts
 * import { parseMemory } from '@iso/cgroups'
 * console.log(parseMemory('2048m'), parseMemory('1.5g')) // 2147483648 1610612736
 * ```
 */
export function parseMemory(text: string): number {
  const match = /^(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+) ?(?:(b)|(?:([kmgtp])(?:i?b)?))?$/i.exec(text)
  const bytes = match && Math.trunc(Number(match[1]) * FACTORS[(match[2] ?? match[3] ?? '').toLowerCase()]!)
  if (bytes === null || !Number.isSafeInteger(bytes)) {
    throw new RangeError(
      `Cannot parse size: ${show(text)} is no size; wanted a number and perhaps b, k, m, g, t or p, such as "512m"`
    )
  }
  return bytes
}

/**
 * Parse a limit: a {@link Size}.
 *
 * @param what How the limit is called in messages, such as `memory limit`.
 * @param minBytes The smallest value taken.
 * @returns Bytes, or `'max'` for no limit (`'max'`, `-1`, `'-1'`, Infinity).
 * @throws TypeError or RangeError that carries the value.
 */
export function parseLimitSize(what: string, size: Size, minBytes = 0): number | 'max' {
  if (size === 'max' || size === -1 || size === '-1' || size === Infinity) return 'max'
  return wholeNumber(what, typeof size === 'string' ? parseMemory(size) : size, minBytes)
}

/** Docker's and the kernel's usual period of the CPU bandwidth controller, in microseconds. */
export const DEFAULT_PERIOD_US = 100_000

/** The shortest quota the kernel takes, in microseconds. */
export const MIN_QUOTA_US = 1000

/**
 * Convert a number of CPUs into quota and period of the CPU bandwidth controller, as `docker run --cpus` does.
 *
 * @param cpus CPUs, such as 1.5; from 0.01 (a quota of 1 ms).
 * @returns `quotaUs` microseconds of CPU time in each period of `periodUs` microseconds.
 * @throws RangeError where the quota would be shorter than the kernel takes.
 * @example
 * ```ts
 * import { cpusToQuota } from '@iso/cgroups'
 * console.log(cpusToQuota(1.5)) // { quotaUs: 150000, periodUs: 100000 }
 * ```
 */
export function cpusToQuota(cpus: number, periodUs = DEFAULT_PERIOD_US): { quotaUs: number; periodUs: number } {
  if (typeof cpus !== 'number') throw new TypeError(`Cannot set cpus: ${show(cpus)} is not a number`)
  const quotaUs = Math.round(cpus * periodUs)
  if (!Number.isSafeInteger(quotaUs) || quotaUs < MIN_QUOTA_US) {
    throw new RangeError(`Cannot set cpus: ${cpus} is out of range; wanted ${MIN_QUOTA_US / periodUs} or more`)
  }
  return { quotaUs, periodUs }
}
