// Runs the peers, in a Node of its own like the one that runs us: started by host.mjs in a mount namespace without the v2 tree of a
// hybrid machine, which crun refuses ("cgroups in hybrid mode not supported").
import process from 'node:process'

import { bubblewrap } from './bwrap.mjs'
import { docker } from './docker.mjs'
import { ociRuntime } from './runtime.mjs'
import { timeSpawn } from './spawn.mjs'

let peers = {}
const lanes = new Map()
const running = new Map()

const METHODS = {
  async open({ scratch }) {
    peers = {
      crun: await ociRuntime('crun', scratch),
      runc: await ociRuntime('runc', scratch),
      bwrap: await bubblewrap(scratch),
      docker: await docker(`${scratch.rootfs}/bin/true`),
    }
    return Object.fromEntries(Object.entries(peers).map(([name, { why }]) => [name, why]))
  },
  spawn: ({ argv }) => timeSpawn(argv),
  run: ({ peer }) => peers[peer].run(),
  /** Milliseconds for `total` runs, `width` at once. */
  async many({ peer, width, total }) {
    let left = total
    const lane = async (_, slot) => {
      const key = `${peer}${slot}`
      if (!lanes.has(key)) lanes.set(key, peers[peer].lane(slot))
      while (left-- > 0) await lanes.get(key)()
    }
    const start = performance.now()
    await Promise.all(Array.from({ length: width }, lane))
    return performance.now() - start
  },
  async startRunning({ peer }) {
    running.set(peer, await peers[peer].running())
  },
  exec: ({ peer }) => running.get(peer).exec(),
  async stopRunning({ peer }) {
    await running.get(peer).stop()
    running.delete(peer)
  },
}

process.on('message', async ({ id, method, ...args }) => {
  try {
    process.send({ id, value: await METHODS[method](args) })
  } catch (error) {
    process.send({ id, error: error.message })
  }
})
process.on('disconnect', () => process.exit(0))
