// Runs as an ordinary user, started by a test that is root: launches a script in the user namespace that rootless() gives and
// prints what came of it as JSON. argv: options of rootless(), script.

import { text } from 'node:stream/consumers'

import { IsoError, launch } from '@iso/native'

import { probe } from './probe.js'
import { rootless, type Rootless, type RootlessOptions } from './rootless.js'

/** What the test reads. */
export interface AsUserResult extends Omit<Rootless, 'steps'> {
  probed: string
  output: string
}

const [options, script] = process.argv.slice(2) as [string, string]
const { steps, ...found } = rootless(JSON.parse(options) as RootlessOptions)
let output: string
try {
  await using child = await launch(['/bin/sh', '-c', `exec 2>&1; ${script}`], steps, { env: { PATH: '/usr/bin:/bin' } })
  output = await text(child.stdout as NodeJS.ReadableStream)
} catch (error) {
  output = error instanceof IsoError ? `${error.code} ${error.message}` : String(error)
}
console.log(JSON.stringify({ ...found, probed: probe().kind, output } satisfies AsUserResult))
