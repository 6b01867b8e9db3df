// Making the plan of a full container: options to steps, steps to a linked plan, plan to bytes. Warm, and first in a fresh process.
import { execFile } from 'node:child_process'
import process from 'node:process'
import { promisify } from 'node:util'

import { planMakers } from '../lib/plan-making.mjs'
import { judge } from '../lib/row.mjs'
import { median, summarize } from '../lib/stats.mjs'

export const what = 'making a plan in TypeScript'

const SCRIPT = new URL('../lib/plan-making.mjs', import.meta.url).pathname

export async function run({ runs, scratch }) {
  const result = { figures: [], ratios: [], notes: [] }
  for (const [name, make] of Object.entries(planMakers(scratch.rootfs))) {
    const warm = []
    for (let i = 0; i < runs * 10; i++) {
      const start = performance.now()
      make()
      if (i >= runs) warm.push(performance.now() - start)
    }
    const first = []
    for (let i = 0; i < Math.max(20, runs / 4); i++) {
      const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, scratch.rootfs, name])
      first.push(Number(stdout))
    }
    result.figures.push({ name: `${name}, warm`, unit: 'ms', first: warm[0], ...summarize(warm) })
    result.figures.push({ name: `${name}, first in a process`, unit: 'ms', first: first[0], ...summarize(first) })
    result.ratios.push(judge({ label: `${name}, warm, in ms`, value: median(warm), atMost: 0.3 }))
    result.ratios.push(judge({ label: `${name}, first, in ms`, value: median(first), atMost: 5 }))
  }
  result.notes.push(
    '`primitives`: steps made by hand with @iso/cgroups; its layout and filter are there before the first. `runtime`: planContainer(); its first includes both.'
  )
  return result
}
