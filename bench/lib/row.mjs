// What a row of the table gives: figures, and ratios with their targets.
import { ratio, summarize } from './stats.mjs'

/** @param {Record<string, { first: number, values: number[] }>} taken what takeTurns() gave @param {string} [suffix] */
export function figures(taken, suffix = '', unit = 'ms') {
  return Object.entries(taken).map(([name, { first, values }]) => ({
    name: `${name}${suffix}`,
    unit,
    first,
    ...summarize(values),
  }))
}

/** Ours to theirs. `atMost` or `atLeast` is the target; without one the ratio is for information. */
export function compare(label, ours, theirs, target = {}) {
  return judge({ label, ...ratio(ours, theirs), ...target })
}

/** A figure that has a target of its own. */
export function judge(one) {
  const value = one.paired ?? one.value
  const met =
    one.atMost !== undefined ? value <= one.atMost : one.atLeast !== undefined ? value >= one.atLeast : undefined
  return { ...one, ...(met !== undefined && { met }) }
}
