import { IsoError } from '@iso/native'
import { liveContainer } from '../../oci/lifecycle/live-cgroup.js'
import { parseArguments, wantWords } from '../arguments.js'
import type { Verb } from './verb.js'

/** `pause ID`: stop all processes. */
export const pause: Verb = async (words, { root }) => {
  const id = onlyWord(words, 'pause')
  const { status, cgroup } = liveContainer(root, id, 'pause')
  if (status !== 'running' && status !== 'created')
    throw new IsoError('ISO_CONTAINER_STATE', `Cannot pause container ${JSON.stringify(id)}: it is ${status}`)
  await cgroup.freeze()
  return 0
}

/** `resume ID`: let them go on. */
export const resume: Verb = async (words, { root }) => {
  const id = onlyWord(words, 'resume')
  const { status, cgroup } = liveContainer(root, id, 'resume')
  if (status !== 'paused')
    throw new IsoError('ISO_CONTAINER_STATE', `Cannot resume container ${JSON.stringify(id)}: container not paused`)
  await cgroup.thaw()
  return 0
}

function onlyWord(words: readonly string[], verb: string): string {
  const parsed = parseArguments(words, { options: {} })
  wantWords(parsed, 1, 1, verb)
  return parsed.words[0] ?? ''
}
