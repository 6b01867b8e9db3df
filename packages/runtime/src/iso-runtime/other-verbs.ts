// Verbs nobody waits for a thousand times: a bundle of its own.

import { checkpoint, restore } from './verbs/checkpoint.js'
import { events } from './verbs/events.js'
import { exec } from './verbs/exec.js'
import { features } from './verbs/features.js'
import { help, version } from './verbs/help.js'
import { list } from './verbs/list.js'
import { pause, resume } from './verbs/pause.js'
import { ps } from './verbs/ps.js'
import { run } from './verbs/run.js'
import { spec } from './verbs/spec.js'
import { update } from './verbs/update.js'
import type { Verb } from './verbs/verb.js'

const VERBS: Readonly<Record<string, Verb>> = {
  checkpoint,
  events,
  exec,
  features,
  help,
  list,
  pause,
  ps,
  restore,
  resume,
  run,
  spec,
  update,
  version,
}

/** A verb by its name. */
export function find(verb: string): Verb | undefined {
  return Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined
}
