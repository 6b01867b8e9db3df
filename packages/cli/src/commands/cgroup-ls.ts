// iso cgroup ls

import { readdirSync } from 'node:fs'
import { join } from 'node:path'

import { Cgroup, detectLayout, type Stats } from '@iso/cgroups'
import { Command } from 'commander'

import { formatOption, printJson } from '../output/format.js'
import { table } from '../output/table.js'
import { bytes, count, seconds } from '../output/units.js'
import { print } from '../output/write.js'
import { parse } from './parse.js'

const PARENT = 'iso' // where the runtime puts containers unless --cgroup-parent says otherwise
const SHORT_ID = 12

interface Group {
  name: string
  directories: Readonly<Record<string, string>>
  pids: number[]
  stats: Stats
}

/** Options of `iso cgroup ls`. */
export function syntax(): Command {
  return new Command('iso cgroup ls')
    .description("List the cgroups of containers beneath the caller's own, with what they use at this moment.")
    .option('--parent <path>', 'look beneath this cgroup; absolute: from the top', PARENT)
    .addOption(formatOption())
    .helpOption('-h, --help', 'show this help')
}

/** List cgroups. */
export async function main(words: readonly string[]): Promise<number> {
  const { format, parent } = parse(syntax(), words).opts<{ format: string; parent: string }>()
  const groups = await Promise.all(names(parent).map((name) => look(name, parent)))
  const found = groups.filter((group) => group !== undefined)
  if (format === 'json') printJson(found)
  else print(table(['name', 'processes', 'limit', 'memory', 'limit', 'cpu'], found.map(row)))
  return 0
}

// The hierarchies agree on the names but need not have them all.
function names(parent: string): string[] {
  const { v1, v2 } = detectLayout()
  const places = [...Object.values(v1), ...(v2 === undefined ? [] : [v2])]
  const tops = places.map(({ mountPoint, directory }) =>
    parent.startsWith('/') ? join(mountPoint, parent) : join(directory, parent)
  )
  return [...new Set(tops.flatMap(children))].sort()
}

function children(directory: string): string[] {
  try {
    return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
  } catch {
    return []
  }
}

// A container may end while it is looked at.
async function look(name: string, parent: string): Promise<Group | undefined> {
  try {
    const group = Cgroup.open({ name, parent })
    return { name, directories: group.directories, pids: await group.pids(), stats: await group.stat() }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ISO_CGROUP_MISSING') return undefined
    throw error
  }
}

function row({ name, pids, stats: { memory, pids: processes, cpu } }: Group): string[] {
  const short = /^[0-9a-f]{64}$/.test(name) ? name.slice(0, SHORT_ID) : name
  return [
    short,
    count(pids.length),
    count(processes?.limit),
    bytes(memory?.usageBytes),
    bytes(memory?.limitBytes),
    seconds(cpu?.usageUs),
  ]
}
