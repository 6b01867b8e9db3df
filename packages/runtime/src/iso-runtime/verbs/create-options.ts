// What `create` and `run` have in common.

import { resolve } from 'node:path'
import type { CreateRequest } from '../../oci/lifecycle/create.js'
import { numberOption, UsageError, wantWords, type OptionTable, type Parsed } from '../arguments.js'
import type { Globals } from '../globals.js'
import { log } from '../log.js'

/** Options of both. */
export const CREATE_OPTIONS: OptionTable = {
  options: {
    bundle: 'value',
    'console-socket': 'value',
    'pid-file': 'value',
    'no-pivot': 'flag',
    'no-new-keyring': 'flag',
    'no-subreaper': 'flag',
    'preserve-fds': 'value',
    config: 'value',
  },
  short: { b: 'bundle' },
}

/** @throws UsageError */
export function createRequest(parsed: Parsed, globals: Globals, usage: string): CreateRequest {
  wantWords(parsed, 1, 1, usage)
  const { values, flags } = parsed
  const consoleSocket = values.get('console-socket')
  const pidFile = values.get('pid-file')
  const preserveFds = numberOption(parsed, 'preserve-fds') ?? 0
  if (preserveFds < 0) throw new UsageError(`invalid value ${preserveFds} for --preserve-fds`)
  return {
    root: globals.root,
    id: parsed.words[0] ?? '',
    bundle: resolve(values.get('bundle') ?? '.'),
    ...(consoleSocket !== undefined && { consoleSocket: resolve(consoleSocket) }),
    ...(pidFile !== undefined && { pidFile: resolve(pidFile) }),
    preserveFds,
    noPivot: flags.has('no-pivot'),
    noNewKeyring: flags.has('no-new-keyring'),
    systemdCgroup: globals.systemdCgroup,
    warn: (message) => log(globals, 'warning', message),
  }
}
