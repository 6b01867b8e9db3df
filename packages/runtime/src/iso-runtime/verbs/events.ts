import { liveContainer } from '../../oci/lifecycle/live-cgroup.js'
import { readRecord } from '../../oci/state/record.js'
import { statusOf } from '../../oci/state/status.js'
import { parseArguments, UsageError, wantWords } from '../arguments.js'
import { print } from '../log.js'
import { statsEvent } from '../stats-event.js'
import type { Verb } from './verb.js'

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** `events [--stats] [--interval 5s] ID`: figures and kills for want of memory, one JSON object a line. */
export const events: Verb = async (words, { root }) => {
  const parsed = parseArguments(words, { options: { stats: 'flag', interval: 'value' } })
  wantWords(parsed, 1, 1, 'events')
  const [id = ''] = parsed.words
  const interval = duration(parsed.values.get('interval') ?? '5s')
  const { cgroup } = liveContainer(root, id, 'watch')
  const tell = async () => print(1, `${JSON.stringify(statsEvent(id, await cgroup.stat()))}\n`)
  if (parsed.flags.has('stats')) {
    await tell()
    return 0
  }
  cgroup.events.on('oom', () => print(1, `${JSON.stringify({ type: 'oom', id })}\n`))
  while (isThere(root, id)) {
    await tell()
    await new Promise((resolve) => setTimeout(resolve, interval))
  }
  cgroup.close()
  return 0
}

function isThere(root: string, id: string): boolean {
  try {
    return statusOf(root, readRecord(root, id)) !== 'stopped'
  } catch {
    return false
  }
}

function duration(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? []
  const ms = Number(amount) * (UNITS[unit ?? ''] ?? 0)
  if (!(ms > 0)) throw new UsageError(`invalid value ${JSON.stringify(text)} for --interval: wanted one such as "5s"`)
  return ms
}
