// The environment of the program: defaults, files, then what was asked for. Nothing of the caller's gets in.

import { readFileSync } from 'node:fs'
import { list, show, text } from './internal/check.js'
import type { RunOptions } from './options.js'

/** Docker's search path. */
export const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** @throws TypeError for a name with `=` or a value with NUL; Node's error where an env file cannot be read. */
export function environment(
  options: Pick<RunOptions, 'env' | 'envFile' | 'tty'>,
  known: { home: string; hostname?: string | undefined }
): Record<string, string> {
  const env: Record<string, string> = { PATH: DEFAULT_PATH }
  if (known.hostname !== undefined) env['HOSTNAME'] = known.hostname
  if (options.tty !== undefined && options.tty !== false) env['TERM'] = 'xterm'
  env['HOME'] = known.home
  const files = typeof options.envFile === 'string' ? [options.envFile] : list('envFile', options.envFile)
  for (const file of files) Object.assign(env, parseEnvFile(readFileSync(file, 'utf8'), file))
  return Object.assign(env, given(options.env))
}

function given(env: RunOptions['env']): Record<string, string> {
  if (env === undefined) return {}
  if (typeof env !== 'object' || env === null)
    throw new TypeError(`Cannot set env: ${show(env)} is neither an object nor a list of NAME=value`)
  const entries = Array.isArray(env)
    ? (env as readonly string[]).map((line) => split(line, 'env'))
    : Object.entries(env as Record<string, string>)
  for (const [name, value] of entries) {
    if (!/^[^=\0]+$/.test(name)) throw new TypeError(`Cannot set env: ${show(name)} is no name of a variable`)
    text(`env ${name}`, value)
  }
  return Object.fromEntries(entries)
}

/** Docker's format: `NAME=value` lines as they stand, `#` comments, empty lines. */
function parseEnvFile(content: string, file: string): Record<string, string> {
  const lines = content.split('\n').map((line) => line.replace(/\r$/, '').trimStart())
  return given(lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => split(line, file).join('=')))
}

function split(line: string, where: string): [string, string] {
  const at = typeof line === 'string' ? line.indexOf('=') : -1
  if (at <= 0) throw new TypeError(`Cannot set a variable of ${where}: ${show(line)} is no NAME=value`)
  return [line.slice(0, at), line.slice(at + 1)]
}
