// The floor: a C program that makes the same system calls and nothing else. It stays, so that starting it is not counted; it takes
// the time itself.
import { spawn } from 'node:child_process'
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { compile } from '../../packages/seccomp/dist/index.js'
import { CGROUP_PARENT } from '../lib/container.mjs'
import { CAPABILITIES } from '../lib/docker-defaults.mjs'

/** @param {{ floor: string }} programs @param {{ directory: string, rootfs: string }} scratch */
export async function openFloor(programs, scratch, layout) {
  const filter = join(scratch.directory, 'floor.bpf')
  writeFileSync(filter, compile('default', { caps: CAPABILITIES }))
  const parents = ['memory', 'pids', 'cpu', 'devices'].map((name) => parent(layout.v1[name] ?? layout.v2))
  const unified = layout.v2 === undefined ? '-' : parent(layout.v2)
  const child = spawn(programs.floor, [scratch.rootfs, filter, unified, ...parents], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {},
  })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  return {
    /** @returns {Promise<{ exit: number, closed: number }>} milliseconds */
    async run() {
      child.stdin.write('\n')
      const { value, done } = await lines.next()
      if (done) throw new Error('The C floor ended')
      const [exit, closed] = value.split(' ').map((ns) => Number(ns) / 1e6)
      return { exit, closed }
    },
    async close() {
      const gone = new Promise((resolve) => child.on('exit', resolve))
      child.stdin.end()
      await gone
    },
  }
}

function parent(hierarchy) {
  const path = join(hierarchy.directory, CGROUP_PARENT)
  mkdirSync(path, { recursive: true })
  return path
}

/** Remove the parents that containers and floor have used. */
export function removeParents(layout) {
  for (const hierarchy of [...Object.values(layout.v1), layout.v2]) {
    if (hierarchy === undefined) continue
    for (const path of [join(hierarchy.directory, CGROUP_PARENT), join(hierarchy.mountPoint, 'iso-bench-peers')]) {
      try {
        rmdirSync(path)
      } catch (error) {
        if (error.code !== 'ENOENT') console.error(`${path} stays: ${error.message}`)
      }
    }
  }
}
