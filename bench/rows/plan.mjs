// Making the plan of a full container: options to steps, steps to a linked plan, plan to bytes. Warm, and first in a fresh process.
import { execFile } from 'node:child_process'
import process from 'node:process'
import { promisify } from 'node:util'

import { judge } from '../lib/row.mjs'
import { median, summarize } from '../lib/stats.mjs'
import { makePlan, planMaker } from '../lib/plan-making.mjs'

export const what = 'making a plan in TypeScript'

export async function run({ runs, scratch }) {
  const make = planMaker(scratch.rootfs)
  const warm = []
  for (let i = 0; i < runs * 10; i++) {
    const start = performance.now()
    makePlan(make)
    if (i >= runs) warm.push(performance.now() - start)
  }
  const first = []
  const script = new URL('../lib/plan-making.mjs', import.meta.url).pathname
  for (let i = 0; i < Math.max(20, runs / 4); i++) {
    const { stdout } = await promisify(execFile)(process.execPath, [script, scratch.rootfs])
    first.push(Number(stdout))
  }
  return {
    figures: [
      { name: 'warm', unit: 'ms', first: warm[0], ...summarize(warm) },
      { name: 'first in a process', unit: 'ms', first: first[0], ...summarize(first) },
    ],
    ratios: [
      judge({ label: 'warm, in ms', value: median(warm), atMost: 0.3 }),
      judge({ label: 'first, in ms', value: median(first), atMost: 5 }),
    ],
    notes: [
      'First: modules are loaded, the layout of the cgroups is known and the filter compiled, nothing has run yet.',
    ],
  }
}
