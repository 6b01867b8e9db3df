// iso cgroup prune

import { sweep } from '@iso/cgroups'
import { Command } from 'commander'

import { formatOption, printJson } from '../output/format.js'
import { table } from '../output/table.js'
import { print } from '../output/write.js'
import { parse } from './parse.js'

const PARENT = 'iso' // where the runtime puts containers unless --cgroup-parent says otherwise
const WHY = {
  populated: 'left: processes are in it',
  denied: "left: another user's",
}

/** Options of `iso cgroup prune`. */
export function syntax(): Command {
  return new Command('iso cgroup prune')
    .description(
      "Remove the cgroups of containers whose supervisor and iso were killed at once, beneath the caller's own. What lives, or was made otherwise, stays."
    )
    .option('--parent <path>', 'look beneath this cgroup; absolute: from the top; /: everywhere', PARENT)
    .addOption(formatOption())
    .helpOption('-h, --help', 'show this help')
}

/** Remove orphaned cgroups. */
export async function main(words: readonly string[]): Promise<number> {
  const { format, parent } = parse(syntax(), words).opts<{ format: string; parent: string }>()
  const swept = await sweep({ parent })
  if (format === 'json') {
    printJson(swept)
    return 0
  }
  const rows = [
    ...swept.removed.map((directory) => [directory, 'removed']),
    ...swept.left.map(({ directory, why }) => [directory, WHY[why]]),
  ]
  print(table(['directory', 'result'], rows))
  return 0
}
