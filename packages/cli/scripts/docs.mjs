// docs/cli.md from the definitions the command itself uses. `node scripts/docs.mjs [--check]`
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { SUBCOMMANDS } from '../dist/subcommands.js'

const file = fileURLToPath(new URL('../../../docs/cli.md', import.meta.url))

const commands = []
for (const { name, summary, load } of SUBCOMMANDS) commands.push({ name, summary, command: (await load()).syntax() })

const text = [
  '# The iso command',
  'Generated from the definitions of the command by `npm run docs -w @iso/cli`; do not edit.',
  '```sh\niso run -it --cpus=1 -m=2048m --pids-limit=1000 host sh\niso explain run --read-only host ls\niso doctor\n```',
  '| command | what it does |\n|---|---|\n' +
    commands
      .map(({ name, summary }) => `| [iso ${name}](#iso-${name.replaceAll(' ', '-')}) | ${cell(summary)} |`)
      .join('\n'),
  ...commands.map(chapter),
  tail(),
].join('\n\n')

if (!process.argv.includes('--check')) writeFileSync(file, text)
else if (readFileSync(file, 'utf8') !== text) {
  console.error('docs/cli.md is not current: run `npm run docs -w @iso/cli`')
  process.exitCode = 1
}

function chapter({ name, command }) {
  const headings = new Map()
  const shared = name === 'explain' ? namesOf(commands[0].command) : new Set() // it takes what iso run takes
  for (const option of command.createHelp().visibleOptions(command)) {
    if (shared.has(option.flags)) continue
    const heading = (option.helpGroupHeading ?? 'Options:').replace(/:$/, '')
    headings.set(heading, [...(headings.get(heading) ?? []), option])
  }
  return [
    `## iso ${name}`,
    `\`\`\`text\niso ${name} ${command.usage()}\n\`\`\``,
    `${command.description()}${shared.size > 0 ? ' The options are those of [iso run](#iso-run), and:' : ''}`,
    ...[...headings].map(([heading, own]) => `${headings.size > 1 ? `### ${heading}\n\n` : ''}${table(own)}`),
  ].join('\n\n')
}

function namesOf(command) {
  return new Set(command.options.map(({ flags }) => flags))
}

function table(options) {
  return `| option | meaning |\n|---|---|\n${options.map(row).join('\n')}`
}

function row({ flags, description, argChoices, defaultValue }) {
  const choices = argChoices === undefined ? '' : `: ${argChoices.join(', ')}`
  const preset = defaultValue === undefined || /default/.test(description) ? '' : ` (default: ${defaultValue})`
  return `| \`${cell(flags)}\` | ${cell(`${description}${choices}${preset}`)} |`
}

function cell(text) {
  return text.replaceAll('|', '\\|')
}

function tail() {
  return `## How options are written

As Docker writes them: \`-m=256m\`, \`-m 256m\`, \`-m256m\` and \`--memory=256m\` are the same; \`-it\` is \`-i -t\`; a flag takes
\`=false\`. The first word that is no option is the image, and everything behind it belongs to the program. Of an option that may
be given once the last one counts; the others add up. Sizes are whole or decimal numbers with \`b\`, \`k\`, \`m\`, \`g\` or \`t\`
(powers of 1024).

An environment file holds one \`NAME=value\` or \`NAME\` a line. Values are taken as they stand, quotes and blanks included; lines
that begin with \`#\` and empty ones are ignored; a bare name takes the value of the caller, where it has one. Where the command is started as
\`node dist/main.js\`, write \`node -- dist/main.js\`: Node 20 takes \`--env-file\` for its own otherwise.

\`--mount\` is one line of comma separated values: a field with a comma in it stands in double quotes, and a double quote in such
a field is written twice.

## Exit status

| status | meaning |
|---|---|
| that of the program | it ran |
| 125 | iso failed, or the machine refused: one line on standard error says what |
| 126 | the program cannot be executed |
| 127 | the program was not found |
| 128+n | signal n ended the program: 137 is SIGKILL, also for want of memory and at \`--timeout\` |

\`iso doctor\` ends with 1 where no container can run.

## Terminal and signals

With \`-it\` every key goes to the program, Ctrl-C and Ctrl-D too, and the size of the window goes along. The terminal is put
back whatever ends iso, but for SIGKILL (\`stty sane\` helps then). A signal sent to iso itself ends the container:
\`--stop-signal\`, and SIGKILL after \`--stop-timeout\`.

Without \`-t\` signals sent to iso are passed on; the third SIGINT or SIGTERM becomes SIGKILL, because PID 1 of a container ignores
signals it has no handler for (\`--init\` helps). \`--sig-proxy=false\` leaves a signal to end iso, and the container with it.
Real-time signals cannot be passed on.

Files and pipes of the caller are handed to the program as they are. A terminal of the caller's never is: without \`-t\` the
program sees pipes, which iso copies.

## Environment

| variable | meaning |
|---|---|
| \`ISO_DEBUG=1\` | an error comes with its stack, the step and its causes |
| \`NO_COLOR\` | no colours, also on a terminal |
`
}
