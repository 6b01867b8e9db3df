// A sandbox that waits: request to exit, against a plain spawn of the same program.
import { launch } from '../../native/dist/index.js'
import { QUIET } from '../lib/launching.mjs'
import { takeTurns } from '../lib/pairs.mjs'
import { compare, figures } from '../lib/row.mjs'
import { timeSpawn } from '../peers/spawn.mjs'

export const what = 'parked sandbox: request to exit of `true`'

export async function run({ runs, make, programs }) {
  const parked = async () => {
    const child = await launch([], make(), { ...QUIET, parked: true })
    const start = performance.now()
    await child.start(['/bin/true'], { env: QUIET.env })
    await child.exit
    const ms = performance.now() - start
    await child.close()
    return ms
  }
  const taken = await takeTurns({ parked, spawn: () => timeSpawn([programs.true]) }, { runs, idle: false })
  return {
    figures: figures(taken),
    ratios: [compare('to a plain spawn', taken.parked.values, taken.spawn.values, { atMost: 1 })],
    notes: [],
  }
}
