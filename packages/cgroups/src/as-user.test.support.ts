// Runs as an ordinary user, started by a test that is root in a group delegated to that user: launches a script with limits and uses a live
// group, and prints what came of it as JSON. argv: script.

import { once } from 'node:events'
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'

import { launch, type IsoError } from '@iso/native'

import { cgroup } from './cgroup.js'
import { Cgroup } from './group.js'

/** What the test reads. */
export interface AsUserResult {
  launched: string
  live: { directory: string; limit: number | null | undefined; signal: string | null; absolute: string }
}

const limits = { memory: '64m', pids: 20, cpus: 0.5 } as const

async function launched(script: string): Promise<string> {
  await using child = await launch(['/bin/sh', '-c', `exec 2>&1; ${script}`], cgroup({ name: 'launched', ...limits }), {
    env: { PATH: '/usr/bin:/bin' },
  })
  return await text(child.stdout as NodeJS.ReadableStream)
}

async function live(): Promise<AsUserResult['live']> {
  const group = await Cgroup.create({ name: 'live', ...limits })
  const child = spawn('sleep', ['100'])
  await group.add(child.pid!)
  await group.freeze()
  await group.update({ memory: '32m' })
  const limit = (await group.stat()).memory?.limitBytes
  await group.kill()
  if (child.signalCode === null) await once(child, 'exit')
  await group.remove()
  const absolute = await Cgroup.create({ name: 'elsewhere', parent: '/' }).then(
    () => 'made',
    (error: IsoError) => `${error.code} ${error.errnoName}`
  )
  return { directory: group.directories['unified'] ?? '', limit, signal: child.signalCode, absolute }
}

const found: AsUserResult = { launched: await launched(process.argv[2]!), live: await live() }
console.log(JSON.stringify(found))
