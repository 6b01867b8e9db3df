// Options that stand before the verb.

import { resolve } from 'node:path'
import { defaultRoot } from '../oci/state/root.js'
import { parseArguments, UsageError, type OptionTable } from './arguments.js'

/** What every verb is told. */
export interface Globals {
  /** Where containers are kept. */
  root: string
  /** File for messages; absent: standard error. */
  log?: string
  logFormat: 'text' | 'json'
  debug: boolean
  systemdCgroup: boolean
}

const TABLE: OptionTable = {
  stop: true,
  options: {
    debug: 'flag',
    help: 'flag',
    version: 'flag',
    log: 'value',
    'log-format': 'value',
    'log-level': 'value',
    root: 'value',
    rootless: 'value',
    'systemd-cgroup': 'flag',
    criu: 'value',
  },
  short: { v: 'version', h: 'help' },
}

/** What a command line asks for. */
export interface CommandLine {
  globals: Globals
  /** `help` and `version` also stand for the options of these names; undefined: nothing was asked for. */
  verb: string | undefined
  rest: readonly string[]
}

/** @throws UsageError */
export function parseGlobals(words: readonly string[]): CommandLine {
  const { flags, values, words: left } = parseArguments(words, TABLE)
  const logFormat = values.get('log-format') ?? 'text'
  if (logFormat !== 'text' && logFormat !== 'json')
    throw new UsageError(`invalid log-format: ${JSON.stringify(logFormat)}; wanted text or json`)
  const log = values.get('log')
  const asked = flags.has('version') ? 'version' : flags.has('help') ? 'help' : undefined
  return {
    globals: {
      root: resolve(values.get('root') ?? defaultRoot()),
      ...(log !== undefined && log !== '/dev/stderr' && { log }),
      logFormat,
      debug: flags.has('debug'),
      systemdCgroup: flags.has('systemd-cgroup'),
    },
    verb: asked ?? left[0],
    rest: left.slice(1),
  }
}
