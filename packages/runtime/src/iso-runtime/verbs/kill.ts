import { killContainer, signalNumber } from '../../oci/lifecycle/kill.js'
import { parseArguments, wantWords } from '../arguments.js'
import type { Verb } from './verb.js'

/** `kill [--all] ID [SIGNAL]`. */
export const kill: Verb = (words, { root }) => {
  const parsed = parseArguments(words, { options: { all: 'flag' }, short: { a: 'all' } })
  wantWords(parsed, 1, 2, 'kill')
  const [id = '', signal = 'SIGTERM'] = parsed.words
  killContainer(root, id, signalNumber(signal), parsed.flags.has('all'))
  return 0
}
