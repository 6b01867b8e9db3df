// One option of `iso run`: what commander shows, and what it means for the container.

import { Option } from 'commander'

import type { RunOptions } from '@iso/runtime'

/** What the options of a command line add up to, while they are being read. */
export interface Draft {
  options: { -readonly [K in keyof RunOptions]: RunOptions[K] }
  env: Record<string, string>
  interactive: boolean
  tty: boolean
  /** undefined: neither asked for nor refused. */
  sigProxy?: boolean
}

/** What an option is called, and where the help lists it. */
interface Named {
  /** In commander's spelling: `-m, --memory <size>`. */
  flags: string
  text: string
  group: string
  /** Other long names, without the dashes. */
  aliases: readonly string[]
}

/** An option and its meaning. `flag`: without value. `value`: the last one counts. `list`: all of them count. */
export type RunOption = Named &
  (
    | { kind: 'flag'; apply: (draft: Draft, on: boolean) => void }
    | { kind: 'value'; apply: (draft: Draft, value: string) => void }
    | { kind: 'list'; apply: (draft: Draft, values: readonly string[]) => void }
  )

/** Makers of options that share a heading. */
export function group(heading: string): {
  flag: (flags: string, text: string, apply: (draft: Draft, on: boolean) => void) => RunOption
  value: (
    flags: string,
    text: string,
    apply: (draft: Draft, value: string) => void,
    aliases?: readonly string[]
  ) => RunOption
  list: (
    flags: string,
    text: string,
    apply: (draft: Draft, values: readonly string[]) => void,
    aliases?: readonly string[]
  ) => RunOption
} {
  return {
    flag: (flags, text, apply) => ({ kind: 'flag', flags, text, group: heading, aliases: [], apply }),
    value: (flags, text, apply, aliases = []) => ({ kind: 'value', flags, text, group: heading, aliases, apply }),
    list: (flags, text, apply, aliases = []) => ({ kind: 'list', flags, text, group: heading, aliases, apply }),
  }
}

/** The long name of an option, without the dashes: `memory`. */
export const longName = ({ flags }: Pick<RunOption, 'flags'>): string => /--([a-z][a-z-]*)/.exec(flags)?.[1] ?? ''

/** The short name of an option, without the dash: `m`; undefined where it has none. */
export const shortName = ({ flags }: Pick<RunOption, 'flags'>): string | undefined => /^-([a-zA-Z]),/.exec(flags)?.[1]

/** The option for commander; a flag brings its opposite along, which the help does not list. */
export function commanderOptions(option: RunOption): Option[] {
  const shown = new Option(option.flags, option.text).helpGroup(option.group)
  if (option.kind === 'flag') return [shown, new Option(`--no-${longName(option)}`).hideHelp()]
  if (option.kind === 'list')
    shown.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value])
  return [shown]
}
