// crun and runc: `run` of a bundle, `exec` into a running container.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { installed } from '../../scripts/lib/command.mjs'
import { writeBundle } from './oci.mjs'
import { check, timeSpawn } from './spawn.mjs'

let number = 0

/**
 * @param {'crun' | 'runc'} program
 * @param {{ directory: string, merged: string }} scratch
 * @returns the peer, or undefined where it is not installed or does not work here; `why` then says so
 */
export async function ociRuntime(program, scratch) {
  if (!installed(program)) return { why: `${program} is not installed` }
  const base = [program, '--root', join(scratch.directory, `${program}-state`), '--cgroup-manager', 'cgroupfs']
  if (program === 'runc') base.splice(3)
  const name = () => `iso-bench-${program}-${process.pid}-${number++}`
  const runArgv = (at) => [...base, 'run', '--bundle', at, name()]
  // Each container needs a cgroup of its own where several run at once.
  const prepare = (slot, argv) => {
    const at = join(scratch.directory, `${program}-${slot}`)
    writeBundle(at, { root: scratch.merged, argv, cgroup: `/iso-bench-peers/${program}-${process.pid}-${slot}` })
    return at
  }
  const bundle = prepare('one', ['/bin/true'])
  try {
    await check(runArgv(bundle))
  } catch (error) {
    return { why: `${program} cannot run here: ${error.message.slice(0, 200)}` }
  }
  return {
    run: () => timeSpawn(runArgv(bundle)),
    /** A runner with a cgroup of its own, for starts at the same time. */
    lane(slot) {
      const at = prepare(`lane${slot}`, ['/bin/true'])
      return () => timeSpawn(runArgv(at))
    },
    async running() {
      const at = prepare('running', ['/bin/sleep', '3600'])
      const id = name()
      const child = spawn(base[0], [...base.slice(1), 'run', '--bundle', at, id], { stdio: 'ignore' })
      const exec = [...base, 'exec', id, '/bin/true']
      for (let tries = 0; ; tries++) {
        try {
          await check(exec)
          break
        } catch (error) {
          if (tries === 50) throw error
          await sleep(20)
        }
      }
      return {
        exec: () => timeSpawn(exec),
        async stop() {
          const gone = new Promise((resolve) => child.on('exit', resolve))
          await check([...base, 'kill', id, 'KILL'])
          await gone
        },
      }
    },
  }
}
