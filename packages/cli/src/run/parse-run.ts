// From the words after `iso run` to what the runtime takes.

import { Command, Option } from 'commander'
import { resolve } from 'node:path'

import type { RunOptions } from '@iso/runtime'

import { commanderOptions, longName, type Draft, type RunOption } from '../options/option.js'
import { RUN_OPTIONS } from '../options/all.js'
import { SESSION } from '../options/session.js'
import { dockerToCommander } from '../parse/argv.js'

/** A command line of `iso run`, understood. */
export interface RunCommand {
  /** Program and arguments. */
  argv: string[]
  /** For `start()` and `planContainer()` of @iso/runtime; streams and terminal are up to the caller. */
  options: RunOptions
  /** `-i` */
  interactive: boolean
  /** `-t` */
  tty: boolean
  /** `--sig-proxy`; undefined where it was not given. */
  sigProxy?: boolean
}

/** What runs when nothing is named: the image `host` is this machine, and its shell is what a person expects. */
const HOST_COMMAND = ['sh']

/** A commander command with every option of `iso run`. */
export function runSyntax(name: string): Command {
  const command = new Command(name)
    .usage('[options] IMAGE [CMD] [ARG...]')
    .argument('IMAGE', 'host, or a directory')
    .argument('[CMD...]', 'program and arguments')
  for (const option of RUN_OPTIONS) for (const one of commanderOptions(option)) command.addOption(one)
  return command.addHelpOption(new Option('--help', 'show this help').helpGroup(SESSION))
}

/**
 * Understand the words after `docker run`, in Docker's grammar: `-it`, `-m=2048m`, `--rm=false`; what follows the image belongs to the
 * container. No container is started; environment files are read.
 *
 * @param words everything after `run`.
 * @returns the program, and `RunOptions` for `start()` and `planContainer()` of @iso/runtime.
 * @throws CommanderError for unknown options and missing values. TypeError or RangeError naming the option and the value.
 * @example
 * ```ts
 * import { parseRun } from '@iso/cli'
 * const { argv, options } = parseRun(['-m=256m', '--pids-limit', '64', 'host', 'sh', '-c', 'echo $$'])
 * console.log(argv[0], options.memory, options.pids) // sh 256m 64
 * ```
 */
export function parseRun(words: readonly string[]): RunCommand {
  const command = runSyntax('run')
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
  command.parse(dockerToCommander(words, RUN_OPTIONS), { from: 'user' })
  return understand(command)
}

/**
 * Turn what commander has read into a run command.
 * @param only long names of the options that count; absent: all.
 * @internal
 */
export function understand(command: Command, only?: readonly string[]): RunCommand {
  const [image = '', ...argv] = command.args
  const draft: Draft = { options: { ...rootOf(image) }, env: {}, interactive: false, tty: false }
  for (const option of RUN_OPTIONS)
    if (only === undefined || only.includes(longName(option))) apply(option, command.opts(), draft)
  if (Object.keys(draft.env).length > 0) draft.options.env = draft.env
  const { options, interactive, tty, sigProxy } = draft
  return { argv: program(argv, options), options, interactive, tty, ...(sigProxy === undefined ? {} : { sigProxy }) }
}

function rootOf(image: string): Pick<RunOptions, 'image' | 'rootfs'> {
  if (image === 'host') return { image }
  if (image.includes('/') || image === '.' || image === '..') return { rootfs: resolve(image) }
  throw new TypeError(
    `Cannot find image ${JSON.stringify(image)}: nothing is pulled; wanted host, or a directory such as ./${image || 'rootfs'}`
  )
}

function program(argv: string[], { image, entrypoint }: RunOptions): string[] {
  if (argv.length > 0 || (entrypoint !== undefined && entrypoint !== '')) return argv
  if (image === 'host') return [...HOST_COMMAND]
  throw new TypeError('Cannot run a container: no command was given; wanted one after the directory')
}

function apply(option: RunOption, given: Record<string, unknown>, draft: Draft): void {
  const value = given[camel(longName(option))]
  if (value === undefined) return
  try {
    if (option.kind === 'flag') option.apply(draft, value === true)
    else if (option.kind === 'value') option.apply(draft, String(value))
    else option.apply(draft, value as string[])
  } catch (error) {
    const name = `--${longName(option)}`
    if (error instanceof Error && !error.message.includes(name)) error.message = `${name}: ${error.message}`
    throw error
  }
}

const camel = (name: string) => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
