// Whether a start slows down with the containers that already run.
import { freemem } from 'node:os'

import { QUIET } from '../lib/launching.mjs'
import { launch } from '../../native/dist/index.js'
import { judge } from '../lib/row.mjs'
import { median, summarize } from '../lib/stats.mjs'

export const what = 'time to start the 1000th live container'

const LIVE = 1000
const WINDOW = 50
const NEEDED_BYTES = 4 * 2 ** 30

export async function run({ make, programs, floor }) {
  if (programs.busybox === undefined)
    return { figures: [], ratios: [], notes: ['busybox is not installed: nothing sleeps in the container'] }
  if (freemem() < NEEDED_BYTES)
    return { figures: [], ratios: [], notes: [`not measured: ${LIVE} containers want 4 GiB of free memory`] }
  const containers = []
  const times = []
  const floorTimes = { early: [], late: [] }
  const measureFloor = async (when) => {
    for (let i = 0; i < WINDOW; i++) floorTimes[when].push((await floor.run()).exit)
  }
  try {
    await measureFloor('early')
    while (containers.length < LIVE) {
      const start = performance.now()
      containers.push(await launch(['/bin/sleep', '3600'], make(), QUIET))
      times.push(performance.now() - start)
    }
    await measureFloor('late')
  } finally {
    for (let i = 0; i < containers.length; i += 20)
      await Promise.all(containers.slice(i, i + 20).map((container) => container.close()))
  }
  const [early, late] = [times.slice(WINDOW, 2 * WINDOW), times.slice(-WINDOW)]
  return {
    figures: [
      { name: `start of number ${WINDOW + 1} to ${2 * WINDOW}`, unit: 'ms', first: times[0], ...summarize(early) },
      { name: `start of number ${LIVE - WINDOW + 1} to ${LIVE}`, unit: 'ms', first: late[0], ...summarize(late) },
    ],
    ratios: [
      judge({ label: 'late to early', value: median(late) / median(early), atMost: 1.5 }),
      judge({ label: 'late to early, the C floor', value: median(floorTimes.late) / median(floorTimes.early) }),
    ],
    notes: [
      'Start: until the program executes. The first 50 warm up.',
      'What grows is the kernel: pivot_root(2) looks at every thread of the machine, a CPU limit on cgroup v1 at every group, a sysfs mount at every other one.',
    ],
  }
}
