// How long the event loop stands still while 64 containers start at once.
import { monitorEventLoopDelay } from 'node:perf_hooks'

import { timeContainer } from '../lib/launching.mjs'
import { judge } from '../lib/row.mjs'
import { summarize } from '../lib/stats.mjs'
import { setTimeout as sleep } from 'node:timers/promises'

export const what = 'event-loop delay while 64 containers start'

// The histogram counts the time from one timer to the next, so its resolution is part of every value.
const RESOLUTION_MS = 1

export async function run({ runs, make }) {
  const samples = { idle: [], starting: [] }
  for (let round = 0; round < Math.max(5, Math.round(runs / 10)); round++) {
    samples.idle.push(await delay(() => sleep(200)))
    samples.starting.push(await delay(() => Promise.all(Array.from({ length: 64 }, () => timeContainer(make)))))
  }
  const figure = (name, values) => ({ name, unit: 'ms', first: values[0], ...summarize(values) })
  const p99 = summarize(samples.starting.map((one) => one.p99)).p50
  return {
    figures: [
      figure(
        'p99 while idle',
        samples.idle.map((one) => one.p99)
      ),
      figure(
        'p99 while 64 start',
        samples.starting.map((one) => one.p99)
      ),
      figure(
        'longest while 64 start',
        samples.starting.map((one) => one.max)
      ),
    ],
    ratios: [judge({ label: 'p99, in ms (median of the rounds)', value: p99, atMost: 2 })],
    notes: ['perf_hooks.monitorEventLoopDelay() with a resolution of 1 ms, which is taken off.'],
  }
}

async function delay(work) {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  histogram.enable()
  await work()
  histogram.disable()
  return { p99: histogram.percentile(99) / 1e6 - RESOLUTION_MS, max: histogram.max / 1e6 - RESOLUTION_MS }
}
