// iso caps decode

import { fromMask, parseHex } from '@iso/caps'
import { Command } from 'commander'

import { formatOption, printJson } from '../output/format.js'
import { print } from '../output/write.js'
import { parse } from './parse.js'

/** Options of `iso caps decode`. */
export function syntax(): Command {
  return new Command('iso caps decode')
    .description('Name the capabilities of a mask, as it stands in /proc/PID/status.')
    .argument('<MASK>', 'hexadecimal, such as 00000000a80425fb')
    .addOption(formatOption())
    .helpOption('-h, --help', 'show this help')
}

/** Name capabilities. */
export async function main(words: readonly string[]): Promise<number> {
  const command = parse(syntax(), words)
  const names = fromMask(parseHex((command.args[0] ?? '').replace(/^0x/i, '')))
  if (command.opts<{ format: string }>().format === 'json') printJson(names)
  else for (const name of names) print(name)
  return 0
}
