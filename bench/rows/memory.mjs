// What a waiting supervisor costs: its proportional share of memory, from /proc/PID/smaps_rollup, and what the cgroup that the supervisors
// are in is charged, the kernel's own memory included.
import { readdirSync, readFileSync } from 'node:fs'
import process from 'node:process'
import { setTimeout } from 'node:timers/promises'

import { Cgroup } from '../../packages/cgroups/dist/index.js'
import { startSleeping } from '../lib/launching.mjs'
import { judge } from '../lib/row.mjs'
import { median, summarize } from '../lib/stats.mjs'

export const what = 'supervisor memory per running container'

export async function run({ make, programs }) {
  if (programs.busybox === undefined)
    return { figures: [], ratios: [], notes: ['busybox is not installed: nothing sleeps in the container'] }
  const result = { figures: [], ratios: [], notes: [] }
  const containers = []
  await (await startSleeping(make)).close() // the launcher runs now, and a spare supervisor with it
  await setTimeout(SETTLE_MS)
  const group = await Cgroup.create({ name: `bench-${process.pid}`, controllers: ['memory'] })
  try {
    for (const pid of ours(process.pid)) await group.add(pid) // supervisors to come are born there
    for (const wanted of [1, 8, 64]) {
      while (containers.length < wanted) containers.push(await startSleeping(make))
      await setTimeout(SETTLE_MS)
      const { usageBytes, kernelBytes } = (await group.stat()).memory
      const charged = usageBytes / 1024 / wanted
      if (wanted === 64)
        result.ratios.push(judge({ label: 'kB charged to its cgroup, 64 running', value: charged, atMost: 60 }))
      for (const [name, bytes] of [
        ['charged to the cgroup of the supervisors', usageBytes],
        ['of it memory of the kernel', kernelBytes],
      ]) {
        const each = bytes / 1024 / wanted
        result.figures.push({
          name: `${name}, per container, ${wanted} running`,
          unit: 'kB',
          first: each,
          ...summarize([each]),
        })
      }
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
    await group.kill()
    await group.remove()
  }
  result.notes.push(
    'PSS is user memory. What the cgroup is charged has the memory of the kernel, too: the task of the supervisor (some 80 kB), that of the program, and what ' +
      'the container made before it entered a cgroup of its own, its namespaces first of all (a network namespace: 80 kB). A process that does nothing but wait is charged about ' +
      '50 kB by the kernel. The kernel charges in batches of 256 kB a processor, which is why one container says little. A containerd-shim has about 13 MB.'
  )
  return result
}

const SETTLE_MS = 300 // the kernel counts in batches, and flushes them later

// The launcher, which a thread of the addon has started, and its spare supervisor; this Node has other children, too.
function ours(pid) {
  const children = readdirSync(`/proc/${pid}/task`)
    .flatMap((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' '))
    .filter(Boolean)
  return children
    .filter((child) => /^iso-/.test(readFileSync(`/proc/${child}/comm`, 'utf8')))
    .flatMap((child) => [Number(child), ...ours(child)])
}

const parentOf = (pid) => Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
const pss = (pid) => Number(/^Pss:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1])
