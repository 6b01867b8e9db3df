// The line every report of this repository ends with.

/** @param {{ passed: number, failed: number, skipped?: number }} totals */
export function formatTotals({ passed, failed, skipped = 0 }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

/** The totals in the last line of a report; undefined where it ends otherwise. */
export function parseTotals(output) {
  const last = output.trimEnd().split('\n').at(-1) ?? ''
  const match = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/.exec(last)
  if (match === null) return undefined
  return { passed: Number(match[1]), failed: Number(match[2]), skipped: Number(match[3] ?? 0) }
}
