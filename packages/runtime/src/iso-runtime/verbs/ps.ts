import { spawnSync } from 'node:child_process'
import { IsoError } from '@iso/native'
import { liveContainer } from '../../oci/lifecycle/live-cgroup.js'
import { parseArguments, UsageError, wantWords } from '../arguments.js'
import { print } from '../log.js'
import type { Verb } from './verb.js'

/** `ps [--format table|json] ID [PS OPTION …]`: what runs in a container, in the eyes of the host. */
export const ps: Verb = async (words, { root }) => {
  const parsed = parseArguments(words, { options: { format: 'value' }, short: { f: 'format' }, stop: true })
  wantWords(parsed, 1, Infinity, 'ps')
  const [id = '', ...options] = parsed.words
  const format = parsed.values.get('format') ?? 'table'
  if (format !== 'table' && format !== 'json') throw new UsageError(`invalid format option ${JSON.stringify(format)}`)
  const pids = await liveContainer(root, id, 'list').cgroup.pids()
  print(1, format === 'json' ? `${JSON.stringify(pids)}\n` : tableOf(pids, options.length === 0 ? ['-ef'] : options))
  return 0
}

function tableOf(pids: readonly number[], options: readonly string[]): string {
  const { stdout, stderr, status, error } = spawnSync('ps', options, { encoding: 'utf8' })
  if (error !== undefined || status !== 0)
    throw new IsoError('ISO_PS', `Cannot list processes: ${error?.message ?? stderr.trim()}`)
  const [head = '', ...lines] = stdout.split('\n')
  const column = head.trim().split(/\s+/).indexOf('PID')
  if (column < 0) throw new IsoError('ISO_PS', "Cannot list processes: couldn't find PID field in ps output")
  const ours = lines.filter((line) => pids.includes(Number(line.trim().split(/\s+/)[column])))
  return [head, ...ours, ''].join('\n')
}
