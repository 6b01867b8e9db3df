// The environment: -e and --env-file.

import { readFileSync } from 'node:fs'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Read one `-e` word: `NAME=value`, `NAME=` for the empty value, or `NAME` for the value the caller has.
 *
 * @returns name and value; undefined where the caller has no such variable.
 * @throws TypeError without a name.
 */
export function parseVariable(word: string, caller: Environment): [name: string, value: string] | undefined {
  const equals = word.indexOf('=')
  const name = equals === -1 ? word : word.slice(0, equals)
  if (name === '') throw new TypeError(`Cannot read --env: ${JSON.stringify(word)} has no name`)
  const value = equals === -1 ? caller[name] : word.slice(equals + 1)
  return value === undefined ? undefined : [name, value]
}

/**
 * Read an environment file in Docker's grammar: one `NAME=value` or `NAME` a line, values verbatim (quotes and blanks at the end
 * included), blanks before a line dropped, lines that begin with `#` and empty ones ignored.
 *
 * @throws TypeError naming file and line: text that is not UTF-8, a name with white space, no name.
 * @throws Error from the file system.
 */
export function readEnvFile(path: string, caller: Environment): [name: string, value: string][] {
  const bytes = readFileSync(path)
  const fail = (number: number, what: string) => new TypeError(`Cannot read --env-file: ${path}:${number}: ${what}`)
  let text
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes) // drops a byte order mark
  } catch {
    throw fail(1, 'the file is not UTF-8')
  }
  return text.split('\n').flatMap((raw, index) => {
    const line = raw.replace(/\r$/, '').trimStart()
    if (line === '' || line.startsWith('#')) return []
    const name = line.includes('=') ? line.slice(0, line.indexOf('=')) : line
    if (name === '') throw fail(index + 1, `no name in ${JSON.stringify(line)}`)
    if (/\s/.test(name)) throw fail(index + 1, `the name ${JSON.stringify(name)} has white space in it`)
    const variable = parseVariable(line, caller)
    return variable === undefined ? [] : [variable]
  })
}
