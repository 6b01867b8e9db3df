// Runs as an ordinary user, started by a test that is root: works in an overlay of a user namespace with a single map and
// prints what came of it as JSON. argv: lower directory, upper directory or '' for a tmpfs, script.

import { text } from 'node:stream/consumers'

import { IsoError, launch, type Step } from '@iso/native'

import { changes } from './changes.js'
import { overlay } from './overlay.js'
import { probe } from './probe.js'

/** What the test reads. */
export interface AsUserResult {
  output: string
  changed: string[]
  apis: string[]
}

const [lower, upper, script] = process.argv.slice(2) as [string, string, string]
const within: Step[] = [
  { op: 'clone', namespaces: ['user'] },
  { op: 'idMap', kind: 'uid', map: `0 ${process.geteuid?.()} 1\n` },
  { op: 'idMap', kind: 'gid', map: `0 ${process.getegid?.()} 1\n`, denySetgroups: true },
  { op: 'becomeRoot' },
]
const mounted = overlay({ lower: ['/usr', lower], ...(upper === '' ? { tmpfs: true } : { upper }), userxattr: true })
const result: AsUserResult = { output: '', changed: [], apis: (await probe(within)).apis }
try {
  await using child = await launch(['/bin/sh', '-c', `exec 2>&1; ${script}`], [...within, ...mounted], {
    env: { PATH: '/bin' },
  })
  result.output = await text(child.stdout as NodeJS.ReadableStream)
} catch (error) {
  result.output = error instanceof IsoError ? `${error.code} ${error.message}` : String(error)
}
if (upper !== '') {
  const lowers = ['/usr', lower]
  for await (const { kind, path } of changes(upper, { lowers, userxattr: true })) result.changed.push(`${kind} ${path}`)
}
console.log(JSON.stringify(result))
