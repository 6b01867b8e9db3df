import { startContainer } from '../../oci/lifecycle/start.js'
import { parseArguments, wantWords } from '../arguments.js'
import type { Verb } from './verb.js'

/** `start ID`: execute the program of a created container. */
export const start: Verb = async (words, { root }) => {
  const parsed = parseArguments(words, { options: {} })
  wantWords(parsed, 1, 1, 'start')
  await startContainer(root, parsed.words[0] ?? '')
  return 0
}
