// iso doctor

import { Command } from 'commander'

import { AREAS, type Area, type Check, type Status } from '../doctor/check.js'
import { colours, type Colours } from '../output/colours.js'
import { formatOption, printJson } from '../output/format.js'
import { print } from '../output/write.js'
import { version } from '../version.js'
import { parse } from './parse.js'

const NO_CONTAINER = 1

/** Options of `iso doctor`. */
export function syntax(): Command {
  return new Command('iso doctor')
    .description(
      'Report what this kernel and user can do, what is missing, why, and what helps; then the risks of this host. A container is started to prove it. ' +
        'The exit status is 0 where containers run, 1 where they do not.'
    )
    .addOption(formatOption())
    .helpOption('-h, --help', 'show this help')
}

/** Examine the machine. */
export async function main(words: readonly string[]): Promise<number> {
  const { format } = parse(syntax(), words).opts<{ format: 'table' | 'json' }>()
  const { examine } = await import('../doctor/examine.js')
  const checks = await examine()
  const works = checks.every(({ status }) => status !== 'broken')
  if (format === 'json') printJson({ version: version(), works, checks })
  else show(checks, works)
  return works ? 0 : NO_CONTAINER
}

const HEADINGS: Readonly<Record<Area, string>> = {
  machine: 'Machine',
  privilege: 'Privilege',
  namespaces: 'Namespaces',
  users: 'User namespaces',
  cgroups: 'Limits (cgroups)',
  files: 'Files (overlay)',
  filter: 'System call filter',
  container: 'A container',
  risk: 'Risks of this host',
}

function show(checks: readonly Check[], works: boolean): void {
  const paint = colours()
  const width = Math.max(...checks.map(({ name }) => name.length))
  for (const area of AREAS) {
    const own = checks.filter((check) => check.area === area)
    if (own.length === 0) continue
    print(paint.bold(HEADINGS[area]))
    for (const { name, status, found, cause, remedy } of own) {
      print(`  ${mark(status, paint)}  ${name.padEnd(width)}  ${found}`)
      const indent = ' '.repeat(width + 13)
      if (cause !== undefined && cause !== '') print(`${indent}${cause}`)
      if (remedy !== undefined) print(`${indent}${paint.dim(`-> ${remedy}`)}`)
    }
    print('')
  }
  const count = (status: Status) => checks.filter((check) => check.status === status).length
  print(
    `${works ? paint.green('Containers run here') : paint.red('No container can run here')}: ${count('ok')} ok, ${count('missing') + count('broken')} missing, ${count('risk')} risks, ${count('note')} notes`
  )
}

function mark(status: Status, { green, yellow, red, dim, magenta }: Colours): string {
  const paint = { ok: green, note: dim, missing: yellow, risk: magenta, broken: red }[status]
  return paint(status.padEnd(7))
}
