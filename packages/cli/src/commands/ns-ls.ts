// iso ns ls

import { Command, Option } from 'commander'

import type { NamespaceName } from '@iso/native'
import { list, NAMESPACE_NAMES } from '@iso/ns'

import { formatOption, printJson } from '../output/format.js'
import { table } from '../output/table.js'
import { print } from '../output/write.js'
import { parse } from './parse.js'

const COMMAND_WIDTH = 60

/** Options of `iso ns ls`. */
export function syntax(): Command {
  return new Command('iso ns ls')
    .description(
      'List the namespaces of this machine: how many processes are in each, the first of them, and the files it is pinned to. * marks those of iso.'
    )
    .addOption(new Option('-t, --type <type>', 'only those of one type').choices(NAMESPACE_NAMES))
    .addOption(formatOption())
    .helpOption('-h, --help', 'show this help')
}

/** List namespaces. */
export async function main(words: readonly string[]): Promise<number> {
  const { format, type } = parse(syntax(), words).opts<{ format: string; type?: NamespaceName }>()
  const found = await list(type === undefined ? NAMESPACE_NAMES : [type])
  if (format === 'json') {
    printJson(found)
    return 0
  }
  const rows = found.map(({ inode, type: kind, pids, uid, command = '', pinned, own }) => [
    `${inode}${own ? '*' : ''}`,
    kind,
    String(pids.length),
    String(pids[0] ?? '-'),
    String(uid ?? '-'),
    pinned.length > 0 ? `${pinned.join(' ')} ${command}`.trim() : cut(command),
  ])
  print(table(['ns', 'type', 'processes', 'pid', 'uid', 'command'], rows))
  return 0
}

const cut = (text: string) => (text.length > COMMAND_WIDTH ? `${text.slice(0, COMMAND_WIDTH - 1)}…` : text)
