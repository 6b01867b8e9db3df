// Takes turns: A B A B, so that whatever else the machine does falls on all alike.
import { setTimeout as sleep } from 'node:timers/promises'

const BLOCK = 10
const IDLE_MS = 30
const WARM_UP = 3

/**
 * Measure several contenders by turns.
 *
 * @param {Record<string, () => Promise<number | Record<string, number>>>} contenders each runs once and returns milliseconds,
 *   or several figures by name
 * @param {{ runs: number, idle: boolean, shares?: Record<string, number> }} options runs: of each; idle: each start after 30 ms of idleness, else blocks
 *   of ten back to back; shares: a slow contender may run only this share of the rounds
 * @returns {Promise<Record<string, { first: number, values: number[] }>>} by contender, or contender and figure (`iso.closed`)
 */
export async function takeTurns(contenders, { runs, idle, shares = {} }) {
  const taken = {}
  const note = (name, measured, where) => {
    for (const [figure, ms] of Object.entries(typeof measured === 'number' ? { '': measured } : measured)) {
      const of = (taken[figure === '' ? name : `${name}.${figure}`] ??= { first: ms, values: [] })
      if (where === 'values') of.values.push(ms)
    }
  }
  for (const [name, once] of Object.entries(contenders)) {
    for (let i = 0; i < WARM_UP; i++) note(name, await once(), 'first')
  }
  const block = idle ? 1 : BLOCK
  for (let done = 0, round = 0; done < runs; done += block, round++) {
    for (const [name, once] of Object.entries(contenders)) {
      const share = shares[name] ?? 1
      if (share < 1 && Math.floor(round * share) === Math.floor((round + 1) * share)) continue
      for (let i = 0; i < block; i++) {
        if (idle) await sleep(IDLE_MS)
        note(name, await once(), 'values')
      }
    }
  }
  return taken
}
