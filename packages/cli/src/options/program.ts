// What runs, as whom, and with which environment.

import { parseVariable, readEnvFile } from '../parse/environment.js'
import { parseOctal } from '../parse/number.js'
import { group, type RunOption } from './option.js'

const { flag, value, list } = group('Program:')

/** Options of the program itself. */
export const programOptions: readonly RunOption[] = [
  value('--entrypoint <program>', 'program that gets CMD as its arguments', (d, v) => {
    if (v !== '') d.options.entrypoint = v // --entrypoint '' is Docker's way of having none
  }),
  list('--env-file <file>', 'file of NAME=value lines, read before --env', (d, files) => {
    for (const file of files) for (const [name, text] of readEnvFile(file, process.env)) d.env[name] = text
  }),
  list('-e, --env <name[=value]>', "environment variable; without = the caller's value", (d, words) => {
    for (const word of words) {
      const variable = parseVariable(word, process.env)
      if (variable !== undefined) d.env[variable[0]] = variable[1]
    }
  }),
  value('-w, --workdir <dir>', 'working directory, made where it is missing', (d, v) => (d.options.cwd = v)),
  value(
    '-u, --user <user[:group]>',
    "user and group, by name (of the container's own /etc/passwd) or number",
    (d, v) => (d.options.user = v)
  ),
  list('--group-add <group>', 'one more supplementary group, by name or number', (d, v) => (d.options.groupAdd = v)),
  value(
    '--umask <mode>',
    'file mode creation mask, octal (default: 022)',
    (d, v) => (d.options.umask = parseOctal(v, '--umask'))
  ),
  value('-h, --hostname <name>', 'host name (default: the first 12 digits of the id)', (d, v) => {
    if (v !== '') d.options.hostname = v
  }),
  value('--domainname <name>', 'NIS domain name', (d, v) => (d.options.domainname = v)),
  value('--name <name>', 'name of the container', (d, v) => (d.options.name = v)),
  flag('--init', 'run a PID 1 that reaps orphans and forwards signals', (d, on) => (d.options.init = on)),
]
