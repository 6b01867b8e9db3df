import { existsSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { IsoError } from '@iso/native'
import { exampleConfig } from '../example-config.js'
import { parseArguments, wantWords } from '../arguments.js'
import type { Verb } from './verb.js'

/** `spec [--bundle DIR] [--rootless]`: write a config.json to begin with. */
export const spec: Verb = (words) => {
  const parsed = parseArguments(words, { options: { bundle: 'value', rootless: 'flag' }, short: { b: 'bundle' } })
  wantWords(parsed, 0, 0, 'spec')
  const file = resolve(parsed.values.get('bundle') ?? '.', 'config.json')
  if (existsSync(file))
    throw new IsoError('ISO_BUNDLE', `Cannot write ${JSON.stringify(file)}: File config.json exists. Remove it first`, {
      path: file,
    })
  const ids = parsed.flags.has('rootless')
    ? { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 }
    : undefined
  writeFileSync(file, `${JSON.stringify(exampleConfig(ids), undefined, 2)}\n`, { mode: 0o666 })
  return 0
}
