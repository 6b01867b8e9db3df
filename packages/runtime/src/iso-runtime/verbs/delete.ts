import { deleteContainer } from '../../oci/lifecycle/delete.js'
import { parseArguments, wantWords } from '../arguments.js'
import { log } from '../log.js'
import type { Verb } from './verb.js'

/** `delete [--force] ID`. */
export const remove: Verb = async (words, globals) => {
  const parsed = parseArguments(words, { options: { force: 'flag' }, short: { f: 'force' } })
  wantWords(parsed, 1, 1, 'delete')
  await deleteContainer(globals.root, parsed.words[0] ?? '', {
    force: parsed.flags.has('force'),
    warn: (message) => log(globals, 'warning', message),
  })
  return 0
}
