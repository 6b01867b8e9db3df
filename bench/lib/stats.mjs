// Median, 99th percentile and least of a sample, and ratios of paired ones.

/** @param {readonly number[]} values @param {number} share 0 to 1 */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
}

export const median = (values) => quantile(values, 0.5)

/** @returns {{ n: number, p50: number, p99: number, min: number }} */
export function summarize(values) {
  return { n: values.length, p50: median(values), p99: quantile(values, 0.99), min: Math.min(...values) }
}

/**
 * The ratio of two samples that were taken by turns. `paired` is the median of the ratios of the pairs: a slow second of the
 * machine falls on both members of a pair, so it survives noise better than the ratio of the medians.
 */
export function ratio(ours, theirs) {
  const pairs = Math.min(ours.length, theirs.length)
  const each = Array.from({ length: pairs }, (_, i) => ours[i] / theirs[i])
  return {
    paired: median(each),
    p50: median(ours) / median(theirs),
    p99: quantile(ours, 0.99) / quantile(theirs, 0.99),
  }
}
