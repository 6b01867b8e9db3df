// `iso` without a subcommand: the help, or what is wrong with the word.

import { Command } from 'commander'

import { parse } from './parse.js'
import { SUBCOMMANDS } from '../subcommands.js'
import { print } from '../output/write.js'

/** The options of `iso` itself, and its subcommands. */
export function syntax(): Command {
  const command = new Command('iso').usage('COMMAND').description('Containers from the isolation features of Linux').option('-V, --version', 'print the version')
  for (const { name, summary } of SUBCOMMANDS) command.command(name).summary(summary)
  command.helpOption('-h, --help', 'show this help').helpCommand(false)
  command.addHelpText('after', '\n`iso COMMAND --help` shows the options of a command.')
  return command
}

/** Print the help, or refuse what is no command. */
export async function main(words: readonly string[]): Promise<number> {
  const command = syntax()
  const [first, ...rest] = words
  if (first === undefined || first === 'help') {
    const group = rest.join(' ')
    if (group === '') print(command.helpInformation().trimEnd())
    else await (await import('../cli.js')).main([...rest, '--help'])
    return 0
  }
  const group = SUBCOMMANDS.filter(({ name }) => name.startsWith(`${first} `))
  if (group.length === 0) {
    parse(command, words)
    throw new TypeError(`unknown command '${first}'; wanted ${SUBCOMMANDS.map(({ name }) => name).join(', ')}`)
  }
  if (rest.length > 0 && !rest[0]?.startsWith('-')) throw new TypeError(`unknown command '${first} ${rest[0]}'; wanted ${group.map(({ name }) => name).join(', ')}`)
  for (const { name, summary } of group) print(`iso ${name.padEnd(16)} ${summary}`)
  return 0
}
