// `iso` without a subcommand: the help, or what is wrong with the word.

import { Command } from 'commander'

import { parse } from './parse.js'
import { findSubcommand, SUBCOMMANDS, type Subcommand } from '../subcommands.js'
import { print } from '../output/write.js'
import { version } from '../version.js'

/** The options of `iso` itself, and its subcommands. */
export function syntax(): Command {
  const command = new Command('iso')
    .usage('COMMAND')
    .description('Containers from the isolation features of Linux')
    .option('-V, --version', 'print the version')
  return command
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', `\nCommands:\n${list(SUBCOMMANDS)}\n\niso COMMAND --help shows the options of a command.`)
}

const list = (commands: readonly Subcommand[]) =>
  commands.map(({ name, summary }) => `  iso ${name.padEnd(12)} ${summary}`).join('\n')

/** Print the help, or refuse what is no command. */
export async function main(words: readonly string[]): Promise<number> {
  const command = syntax()
  const [first = 'help', ...rest] = words
  if (first === 'help' && rest.length > 0) return help(rest)
  if (first === 'help' || first.startsWith('-')) {
    const { version: asked } = parse(command, first === 'help' ? ['--help'] : words).opts<{ version?: true }>()
    if (asked) {
      print(version())
      return 0
    }
    throw new TypeError(`no command in ${words.join(' ')}; iso --help lists them`)
  }
  const group = SUBCOMMANDS.filter(({ name }) => name.startsWith(`${first} `))
  const names = (group.length === 0 ? SUBCOMMANDS : group).map(({ name }) => name).join(', ')
  const asked = rest[0] !== undefined && !rest[0].startsWith('-')
  if (group.length === 0 || asked)
    throw new TypeError(
      `unknown command '${[first, ...(group.length > 0 ? rest.slice(0, 1) : [])].join(' ')}'; wanted ${names}`
    )
  print(list(group))
  return 0
}

// `iso help ns ls` is `iso ns ls --help`.
async function help(words: readonly string[]): Promise<number> {
  const { found } = findSubcommand(words) ?? {}
  return found === undefined ? main(words) : (await found.load()).main(['--help'])
}
