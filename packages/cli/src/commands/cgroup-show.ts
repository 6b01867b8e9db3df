// iso cgroup show

import { Cgroup, detectLayout, type Stats } from '@iso/cgroups'
import { Command } from 'commander'

import { formatOption, printJson } from '../output/format.js'
import { table } from '../output/table.js'
import { bytes, count, seconds } from '../output/units.js'
import { print } from '../output/write.js'
import { parsePid } from '../parse/pid.js'
import { parse } from './parse.js'

/** Options of `iso cgroup show`. */
export function syntax(): Command {
  return new Command('iso cgroup show')
    .description('Show the cgroup of a process: its directory in each hierarchy, what limits it, and what it uses.')
    .argument('[PID]', 'process; default: the shell that runs iso')
    .addOption(formatOption())
    .helpOption('-h, --help', 'show this help')
}

/** Show a cgroup. */
export async function main(words: readonly string[]): Promise<number> {
  const command = parse(syntax(), words)
  const pid = parsePid(command.args[0])
  const group = Cgroup.of(pid)
  const { mode } = detectLayout({ pid })
  const { directories } = group
  const stats = await group.stat()
  if (command.opts<{ format: string }>().format === 'json') {
    printJson({ pid, mode, directories, stats })
    return 0
  }
  print(`process ${pid}, cgroup ${mode}\n`)
  print(table(['controller', 'directory'], Object.entries(directories)))
  print(`\n${table(['what', 'used', 'limit', 'peak', 'more'], rows(stats))}`)
  return 0
}

function rows({ cpu, memory, pids, io, cpuset, frozen }: Stats): string[][] {
  return [
    [
      'memory',
      bytes(memory?.usageBytes),
      bytes(memory?.limitBytes),
      bytes(memory?.peakBytes),
      `${count(memory?.oomKills)} killed for it`,
    ],
    ['swap', bytes(memory?.swapBytes), bytes(memory?.swapLimitBytes), '-', ''],
    ['processes', count(pids?.current), count(pids?.limit), count(pids?.peak), `${count(pids?.limitHits)} refused`],
    ['cpu', seconds(cpu?.usageUs), cpuset?.cpus ?? '-', '-', `${seconds(cpu?.throttledUs)} held back`],
    ['read', bytes(io?.readBytes), '-', '-', `${count(io?.readOps)} requests`],
    ['written', bytes(io?.writeBytes), '-', '-', `${count(io?.writeOps)} requests`],
    ...(frozen === true ? [['state', 'frozen', '', '', '']] : []),
  ]
}
