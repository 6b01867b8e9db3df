#!/usr/bin/env node
// iso-runtime: an OCI runtime with the command line of runc. The verbs an engine waits for most come first and load least.

import { parseGlobals, type CommandLine, type Globals } from './globals.js'
import { UsageError } from './arguments.js'
import { log } from './log.js'
import { messageOf } from './message.js'
import { remove } from './verbs/delete.js'
import { kill } from './verbs/kill.js'
import { start } from './verbs/start.js'
import { state } from './verbs/state.js'
import type { Verb } from './verbs/verb.js'

const HOT: Readonly<Record<string, Verb>> = { delete: remove, kill, start, state }

async function verbOf({ verb }: CommandLine): Promise<Verb> {
  const hot = verb === undefined ? undefined : Object.hasOwn(HOT, verb) ? HOT[verb] : undefined
  if (hot !== undefined) return hot
  if (verb === 'create') return (await createVerbs()).create
  const others = await otherVerbs()
  const other = others.find(verb ?? 'help')
  if (other === undefined) throw new UsageError(`No help topic for '${verb}'`)
  return other
}

// Not bundled they are modules; the bundle puts loadPart() in their place (scripts/bundle.mjs).
const createVerbs = () => import('./create-verbs.js')
const otherVerbs = () => import('./other-verbs.js')

const FAILED = 1
const EXEC_FAILED = 255

async function main(words: readonly string[]): Promise<number> {
  let globals: Globals = { root: '', logFormat: 'text', debug: false, systemdCgroup: false }
  let verb: string | undefined
  try {
    const line = parseGlobals(words)
    ;({ globals, verb } = line)
    return await (
      await verbOf(line)
    )(line.rest, globals)
  } catch (error) {
    log(globals, 'error', messageOf(error))
    if (globals.debug && error instanceof Error && error.stack !== undefined) log(globals, 'error', error.stack)
    return verb === 'exec' ? EXEC_FAILED : FAILED
  }
}

void main(process.argv.slice(2)).then((status) => process.exit(status))
