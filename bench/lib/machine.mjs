// What a result has to say about where it was measured.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, loadavg, release, totalmem } from 'node:os'

import { installed } from '../../scripts/lib/command.mjs'

/** Kernel, processors, Node, versions of the peers and the load before anything was measured. */
export function describeMachine() {
  return {
    date: new Date().toISOString().slice(0, 10),
    kernel: `${release()} ${process.arch}`,
    processors: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    cgroups: cgroups(),
    node: process.version,
    load: loadavg().map((one) => Number(one.toFixed(2))),
    peers: Object.fromEntries(['crun', 'runc', 'bwrap', 'docker'].map((name) => [name, version(name)])),
  }
}

/** First line of `--version`, or undefined where it is not installed. */
export function version(name) {
  if (!installed(name)) return undefined
  return spawnSync(name, ['--version'], { encoding: 'utf8' }).stdout.split('\n')[0]?.trim()
}

function cgroups() {
  const types = new Set(
    readFileSync('/proc/self/mounts', 'utf8')
      .split('\n')
      .map((line) => line.split(' ')[2])
      .filter((type) => type?.startsWith('cgroup'))
  )
  if (types.size === 0) return 'none'
  return types.size === 2 ? 'v1 and v2 (hybrid)' : types.has('cgroup2') ? 'v2' : 'v1'
}
