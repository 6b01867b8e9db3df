// Which option of the command line a refusal is about. The runtime names its own options, which are written differently.

import { planContainer } from '@iso/runtime'
import type { Command } from 'commander'

import { RUN_OPTIONS } from '../options/all.js'
import { longName } from '../options/option.js'
import { understand } from './parse-run.js'

/**
 * Put the options that a refusal is about in front of its message, found by planning again without each of them: `--memory: Cannot …`.
 *
 * @param error what was thrown; whatever the options are not to blame for is left as it is.
 * @param command what commander has read.
 * @returns the same error.
 */
export function nameOption(error: unknown, command: Command): unknown {
  if (!(error instanceof Error)) return error
  const { message } = error
  const given = RUN_OPTIONS.map(longName).filter((name) => command.getOptionValue(camel(name)) !== undefined)
  const named = given.some((name) => message.includes(`--${name}`))
  if (named || refusal(command, given) !== message || refusal(command, []) === message) return error
  const needed = given.filter((name) => refusal(command, without(given, name)) !== message)
  // Where two options are wrong alike neither is needed: the first one that suffices.
  const names = needed.length > 0 ? needed : given.filter((name) => refusal(command, [name]) === message).slice(0, 1)
  if (names.length > 0) error.message = `${names.map((name) => `--${name}`).join(', ')}: ${message}`
  return error
}

const without = (names: readonly string[], name: string) => names.filter((one) => one !== name)
const camel = (name: string) => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** What planning with some of the options is refused with. */
function refusal(command: Command, names: readonly string[]): string | undefined {
  try {
    const { argv, options } = understand(command, names)
    planContainer(argv, options)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
