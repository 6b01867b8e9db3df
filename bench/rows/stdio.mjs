// Bytes a second from a program in a container to Node, against a plain child_process pipe.
import { spawn } from 'node:child_process'

import { launch } from '../../native/dist/index.js'
import { QUIET } from '../lib/launching.mjs'
import { compare, figures } from '../lib/row.mjs'

export const what = 'streams through to Node'

const MIB = 256
const DD = ['dd', 'if=/dev/zero', 'bs=64k', `count=${MIB * 16}`]

export async function run({ runs, make, programs }) {
  if (programs.busybox === undefined)
    return { figures: [], ratios: [], notes: ['busybox is not installed: nothing writes in the container'] }
  const taken = { iso: { values: [] }, pipe: { values: [] } }
  for (let round = 0; round <= Math.max(10, Math.round(runs / 10)); round++) {
    for (const [name, open] of Object.entries({
      iso: () => fromContainer(make),
      pipe: () => fromSpawn(programs.busybox),
    })) {
      const rate = await open()
      taken[name].first ??= rate
      if (round > 0) taken[name].values.push(rate)
    }
  }
  return {
    figures: figures(taken, '', 'MB/s'),
    ratios: [compare('to a child_process pipe', taken.iso.values, taken.pipe.values, { atLeast: 0.9 })],
    notes: [`${MIB} MiB by dd, from the first byte to the last. More is better.`],
  }
}

async function fromContainer(make) {
  const child = await launch(['/bin/busybox', ...DD], make(), { ...QUIET, stdout: 'pipe' })
  const rate = await drain(child.stdout)
  await child.close()
  return rate
}

async function fromSpawn(busybox) {
  const child = spawn(busybox, DD, { stdio: ['ignore', 'pipe', 'ignore'] })
  const gone = new Promise((resolve) => child.on('exit', resolve))
  const rate = await drain(child.stdout)
  await gone
  return rate
}

function drain(stream) {
  return new Promise((resolve, reject) => {
    let bytes = 0
    let start
    stream.on('data', (chunk) => {
      start ??= performance.now()
      bytes += chunk.length
    })
    stream.on('error', reject)
    stream.on('end', () => resolve(bytes / 1e6 / ((performance.now() - start) / 1000)))
  })
}
