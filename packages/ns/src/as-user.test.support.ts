// Runs as an ordinary user, started by a test that is root: joins user namespaces of its own and prints who it was inside, as JSON.

import { text } from 'node:stream/consumers'

import { IsoError, launch, type Step } from '@iso/native'

import { join, namespaces } from './index.js'

/** What the test reads: "uid gid", or system call and error. */
export type AsUserResult = Record<'root' | 'keep' | 'same' | 'none' | 'noneKept', string>

const env = { PATH: '/usr/bin:/bin' }
const sleeping = (steps: Step[]) =>
  launch(['sleep', '300'], steps, { env, stdin: 'ignore', stdout: 'ignore', stderr: 'ignore' })
const map = (inside: number): Step[] => [
  ...namespaces('user', 'uts'),
  { op: 'idMap', kind: 'uid', map: `${inside} ${process.geteuid?.()} 1\n` },
  { op: 'idMap', kind: 'gid', map: `${inside} ${process.getegid?.()} 1\n`, denySetgroups: true },
]

async function who(steps: Step[]): Promise<string> {
  try {
    await using child = await launch(['sh', '-c', 'echo $(id -u) $(id -g)'], steps, { env, stdin: 'ignore' })
    return (await text(child.stdout!)).trim()
  } catch (error) {
    return error instanceof IsoError ? `${error.syscall} ${error.errnoName}` : String(error)
  }
}

await using withRoot = await sleeping(map(0))
await using without = await sleeping(map(9))
await using same = await sleeping([])
const result: AsUserResult = {
  root: await who(join({ pid: withRoot.pid })),
  keep: await who(join({ pid: withRoot.pid, user: 'keep' })),
  same: await who(join({ pid: same.pid })),
  none: await who(join({ pid: without.pid })),
  noneKept: await who(join({ pid: without.pid, user: 'keep' })),
}
console.log(JSON.stringify(result))
