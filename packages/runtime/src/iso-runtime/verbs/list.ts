import { readRecord } from '../../oci/state/record.js'
import { containerIds } from '../../oci/state/root.js'
import { statusOf } from '../../oci/state/status.js'
import { parseArguments, UsageError, wantWords } from '../arguments.js'
import { print } from '../log.js'
import { table } from '../table.js'
import type { Verb } from './verb.js'

/** `list [--format table|json] [--quiet]`. */
export const list: Verb = (words, { root }) => {
  const parsed = parseArguments(words, {
    options: { format: 'value', quiet: 'flag' },
    short: { f: 'format', q: 'quiet' },
  })
  wantWords(parsed, 0, 0, 'list')
  const format = parsed.values.get('format') ?? 'table'
  if (format !== 'table' && format !== 'json') throw new UsageError(`invalid format option ${JSON.stringify(format)}`)
  const all = containerIds(root).flatMap((id) => entry(root, id))
  if (parsed.flags.has('quiet')) print(1, all.map(({ id }) => `${id}\n`).join(''))
  else if (format === 'json') print(1, `${JSON.stringify(all)}\n`)
  else
    print(
      1,
      table(
        ['ID', 'PID', 'STATUS', 'BUNDLE', 'CREATED', 'OWNER'],
        all.map(({ id, pid, status, bundle, created, owner }) => [id, String(pid), status, bundle, created, owner])
      )
    )
  return 0
}

// One that is being removed meanwhile is left out.
function entry(root: string, id: string) {
  try {
    const record = readRecord(root, id)
    const status = statusOf(root, record)
    const { ociVersion, bundle, rootfs, created, process: kept, annotations } = record
    const pid = status === 'stopped' ? 0 : (kept?.pid ?? 0)
    return [
      { ociVersion, id, pid, status, bundle, rootfs, created, ...(annotations && { annotations }), owner: 'root' },
    ]
  } catch {
    return []
  }
}
