// iso caps show

import { ALL, DOCKER_DEFAULT, readSets } from '@iso/caps'
import { Command } from 'commander'

import { formatOption, printJson } from '../output/format.js'
import { table } from '../output/table.js'
import { print } from '../output/write.js'
import { parsePid } from '../parse/pid.js'
import { parse } from './parse.js'

const SETS = ['effective', 'permitted', 'inheritable', 'bounding', 'ambient'] as const

/** Options of `iso caps show`. */
export function syntax(): Command {
  return new Command('iso caps show')
    .description(
      "Show the five capability sets of a process, one capability a line, and which of them a container has by default (Docker's 14)."
    )
    .argument('[PID]', 'process; default: the shell that runs iso')
    .addOption(formatOption())
    .helpOption('-h, --help', 'show this help')
}

/** Show capability sets. */
export async function main(words: readonly string[]): Promise<number> {
  const command = parse(syntax(), words)
  const pid = parsePid(command.args[0])
  const sets = readSets(pid)
  if (command.opts<{ format: string }>().format === 'json') {
    printJson({ pid, ...sets })
    return 0
  }
  const mark = (there: boolean) => (there ? 'yes' : '-')
  const rows = ALL.map((name) => [
    name,
    ...SETS.map((set) => mark(sets[set].includes(name))),
    mark(DOCKER_DEFAULT.includes(name)),
  ])
  print(table(['capability', ...SETS, 'container'], rows))
  print(`\nprocess ${pid}, no_new_privs ${sets.noNewPrivs ? 'set' : 'not set'}`)
  return 0
}
