// From Docker's way of writing options to commander's. Docker knows `-m=2048m`, `-m2048m`, `-it`, `--rm=false` and `--network=host`,
// and stops at the first word that is no option: everything from there on belongs to the container.

import { longName, shortName, type RunOption } from '../options/option.js'
import { parseBoolean } from './boolean.js'

/**
 * Rewrite a command line so that commander reads it as Docker would: each option as `--long` or `--long=value`, then `--`, then
 * the operands. What is unknown stays as it is, for commander to complain about.
 *
 * @param argv what stands after `iso run`.
 * @throws TypeError for a flag with a value that is neither true nor false.
 */
export function dockerToCommander(argv: readonly string[], options: readonly RunOption[]): string[] {
  const { long, short } = index(options)
  const out: string[] = []
  let at = 0

  // Takes the value from the word itself or from the next one; without either commander says that it is missing.
  const push = (option: RunOption, own: string | undefined): void => {
    const name = longName(option)
    if (option.kind === 'flag')
      out.push(own === undefined || parseBoolean(own, `--${name}`) ? `--${name}` : `--no-${name}`)
    else if (own !== undefined) out.push(`--${name}=${own}`)
    else if (at < argv.length) out.push(`--${name}=${argv[at++]}`)
    else out.push(`--${name}`)
  }

  while (at < argv.length) {
    const word = argv[at++] as string
    if (word === '--') return [...out, '--', ...argv.slice(at)]
    if (word === '-' || !word.startsWith('-')) return [...out, '--', word, ...argv.slice(at)]
    if (word.startsWith('--')) {
      const equals = word.indexOf('=')
      const option = long.get(word.slice(2, equals === -1 ? undefined : equals))
      if (option === undefined) out.push(word)
      else push(option, equals === -1 ? undefined : word.slice(equals + 1))
      continue
    }
    readCluster(word)
  }
  return out

  function readCluster(word: string): void {
    for (let letter = 1; letter < word.length; letter++) {
      const option = short.get(word[letter] as string)
      if (option === undefined) return void out.push(`-${word[letter]}`)
      const rest = word.slice(letter + 1)
      if (rest.startsWith('=')) return push(option, rest.slice(1))
      if (option.kind !== 'flag') return push(option, rest === '' ? undefined : rest)
      push(option, undefined)
    }
  }
}

function index(options: readonly RunOption[]): { long: Map<string, RunOption>; short: Map<string, RunOption> } {
  const long = new Map<string, RunOption>()
  const short = new Map<string, RunOption>()
  for (const option of options) {
    for (const name of [longName(option), ...option.aliases]) long.set(name, option)
    const letter = shortName(option)
    if (letter !== undefined) short.set(letter, option)
  }
  return { long, short }
}
