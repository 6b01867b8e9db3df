import { readRecord } from '../../oci/state/record.js'
import { statusOf } from '../../oci/state/status.js'
import { parseArguments, wantWords } from '../arguments.js'
import { print } from '../log.js'
import type { Verb } from './verb.js'

/** `state ID`: the container as JSON. */
export const state: Verb = (words, { root }) => {
  const parsed = parseArguments(words, { options: {} })
  wantWords(parsed, 1, 1, 'state')
  const [id = ''] = parsed.words
  const record = readRecord(root, id)
  const status = statusOf(root, record)
  const { ociVersion, process: kept, bundle, rootfs, created, annotations } = record
  const pid = status === 'stopped' ? 0 : (kept?.pid ?? 0)
  const shown = { ociVersion, id, pid, status, bundle, rootfs, created, ...(annotations && { annotations }), owner: '' }
  print(1, `${JSON.stringify(shown, undefined, 2)}\n`)
  return 0
}
