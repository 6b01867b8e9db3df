// The whole result as data: bench/out/results.json, and one line of history for a chart over versions.
import { mkdirSync, writeFileSync } from 'node:fs'

/** @param {string} directory @param {object} results */
export function writeJson(directory, results) {
  mkdirSync(directory, { recursive: true })
  writeFileSync(
    `${directory}/results.json`,
    `${JSON.stringify(results, (_, value) => (typeof value === 'number' ? Number(value.toPrecision(5)) : value), 1)}\n`
  )
}
