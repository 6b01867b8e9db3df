// Priorities: the two scales of v1 and the one of v2.

import { wholeNumber } from './internal/check.js'

/**
 * Convert v1 CPU shares (2 to 262144, default 1024) into a v2 weight (1 to 10000, default 100).
 *
 * The logarithmic formula runc (from 1.3.2) and crun (from 1.23) use: it maps smallest, default and largest value onto each other;
 * the older linear one gave a group with the default 1024 shares a weight of 39, a third of its neighbours. Between these points ratios
 * change: 2048 and 1024 shares, two to one, become weights 174 and 100.
 *
 * @example
 * ```ts
 * import { sharesToWeight, weightToShares } from '@iso/cgroups'
 * console.log(sharesToWeight(1024), weightToShares(100)) // 100 1024
 * ```
 */
export function sharesToWeight(shares: number): number {
  wholeNumber('CPU shares', shares, 0)
  if (shares <= 2) return 1
  if (shares >= 262_144) return 10_000
  const log = Math.log2(shares)
  return Math.ceil(10 ** ((log * log + 125 * log) / 612 - 7 / 34))
}

/**
 * Convert a v2 CPU weight (1 to 10000) into v1 shares: the inverse of {@link sharesToWeight}, which gives back the same weight.
 *
 * Ratios change: weights 300 and 100, three to one, become 4058 and 1024 shares, four to one.
 */
export function weightToShares(weight: number): number {
  wholeNumber('CPU weight', weight, 1, 10_000)
  if (weight === 1) return 2
  if (weight === 10_000) return 262_144
  const log = (-125 + Math.sqrt(125 ** 2 + 4 * 612 * (Math.log10(weight) + 7 / 34))) / 2
  // Down to a whole share; the addition keeps an exact result, such as 1024, from falling to the next lower one.
  return Math.floor(2 ** log + 1e-6)
}

/** Convert a v1 block I/O weight (10 to 1000) into a v2 I/O weight (1 to 10000), linearly as runc and crun do. */
export function blkioWeightToIoWeight(weight: number): number {
  wholeNumber('block I/O weight', weight, 10, 1000)
  return 1 + Math.trunc(((weight - 10) * 9999) / 990)
}

/** Convert a v2 I/O weight (1 to 10000) into a v1 block I/O weight (10 to 1000). */
export function ioWeightToBlkioWeight(weight: number): number {
  wholeNumber('I/O weight', weight, 1, 10_000)
  return 10 + Math.ceil(((weight - 1) * 990) / 9999)
}
