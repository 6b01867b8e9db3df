// How much slower the guest is than the host: time-outs are multiplied by it. Run by itself it does a fixed piece of work of the kinds the
// tests do and prints how many milliseconds that took.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { run } from '../scripts/lib/command.mjs'
import { InfrastructureError } from './infrastructure-error.mjs'

const FILE = fileURLToPath(import.meta.url)
// Room for what this does not measure: the first reading of files above all, and a machine that gets busier.
const MARGIN = 2
// Emulation is that much slower at least, whatever else the host did while it was measured.
const LEAST = { kvm: 1, tcg: 10 }
// The host's best of so many counts: what ran beside the others would make the guest look fast.
const TRIES = 3

/**
 * @param {import('./machine/machine.mjs').Machine} machine
 * @param {'kvm' | 'tcg'} accelerator
 * @returns {Promise<number>} a factor from 1
 */
export async function measureSlowness(machine, accelerator) {
  const argv = [process.execPath, FILE]
  const guest = await machine.run(argv, { env: { PATH: process.env.PATH }, deadlineMs: 120_000 })
  const host = []
  for (let i = 0; i < TRIES; i++) host.push(Number((await run(argv, { hold: true })).output))
  const ratio = Number(guest.output) / Math.min(...host)
  if (!(ratio > 0)) throw new InfrastructureError(`Cannot measure the guest's speed: ${guest.output} against ${host}`)
  return Math.max(LEAST[accelerator], Math.ceil(ratio * MARGIN))
}

function work() {
  let sum = 0
  for (let i = 0; i < 3e7; i++) sum = (sum + i * 7) % 1_000_003
  let text = '[]'
  for (let i = 0; i < 1500; i++) text = JSON.stringify([...JSON.parse(text), { i, sum }])
  for (let i = 0; i < 10; i++) spawnSync('true')
}

if (process.argv[1] === FILE) {
  const start = performance.now()
  work()
  console.log(Math.round(performance.now() - start))
}
