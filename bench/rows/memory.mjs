// What a waiting supervisor costs: its proportional share of memory, from /proc/PID/smaps_rollup.
import { readFileSync } from 'node:fs'

import { startSleeping } from '../lib/launching.mjs'
import { judge } from '../lib/row.mjs'
import { median, summarize } from '../lib/stats.mjs'

export const what = 'supervisor memory per running container'

export async function run({ make, programs }) {
  if (programs.busybox === undefined)
    return { figures: [], ratios: [], notes: ['busybox is not installed: nothing sleeps in the container'] }
  const result = { figures: [], ratios: [], notes: [] }
  const containers = []
  try {
    for (const wanted of [1, 8, 64]) {
      while (containers.length < wanted) containers.push(await startSleeping(make))
      const values = containers.map(({ pid }) => pss(parentOf(pid)))
      result.figures.push({
        name: `PSS of one supervisor, ${wanted} running`,
        unit: 'kB',
        first: values[0],
        ...summarize(values),
      })
      result.ratios.push(
        judge({ label: `kB, ${wanted} running`, value: median(values), ...(wanted === 8 && { atMost: 60 }) })
      )
    }
  } finally {
    await Promise.all(containers.map((container) => container.close()))
  }
  result.notes.push(
    'User memory only: the kernel adds a stack, a task and the tables of one process. A containerd-shim has about 13 MB.'
  )
  return result
}

const parentOf = (pid) => Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
const pss = (pid) => Number(/^Pss:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1])
