// Sessions of a shell in documents: what is typed is typed, and what is shown must be what is printed.
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

import { launch } from '@iso/native'

import { ROOT, run } from '../lib/command.mjs'
import { matches } from './output.mjs'

// Not the bundle: it is not made anew when a source has changed.
const ISO = join(ROOT, 'packages/cli/dist/main.js')

/**
 * Type a session and compare.
 *
 * @param {string} text lines; `$ ` begins a command, `> ` goes on with it, the others are what it prints (see output.mjs). In a
 *   terminal the first line is the program, and each line that begins with `# ` is typed once the program has shown that prompt
 * @param {{ cwd: string, terminal: boolean, timeoutMs: number }} options
 * @returns {Promise<string | undefined>} what differs
 */
export async function runConsole(text, { cwd, terminal, timeoutMs }) {
  const bin = mkdtempSync(join(tmpdir(), 'iso-bin-'))
  const env = { PATH: `${bin}${delimiter}${process.env.PATH}`, TERM: 'dumb', HOME: cwd }
  try {
    writeFileSync(join(bin, 'iso'), `#!/bin/sh\nexec ${quote(process.execPath)} -- ${quote(ISO)} "$@"\n`, {
      mode: 0o755,
    })
    return await (terminal ? inTerminal : inShell)(text, { cwd, env, timeoutMs })
  } finally {
    rmSync(bin, { recursive: true })
  }
}

/** @returns {{ command: string, expected: string }[]} */
export function parseSession(text) {
  const commands = []
  for (const line of text.split('\n')) {
    const last = commands.at(-1)
    if (line.startsWith('$ ')) commands.push({ command: line.slice(2), expected: [] })
    else if (line.startsWith('> ') && last.expected.length === 0) last.command += `\n${line.slice(2)}`
    else last.expected.push(line)
  }
  return commands.map(({ command, expected }) => ({ command, expected: expected.join('\n') }))
}

// One shell for all commands, so that `cd` and variables stay.
async function inShell(text, { cwd, env, timeoutMs }) {
  const commands = parseSession(text)
  const mark = `end-${randomUUID()}`
  const script = commands.map(({ command }) => `eval ${quote(command)}\necho ${mark}`).join('\n')
  const { output } = await run(['bash', '-c', `exec 2>&1\n${script}`], { cwd, env, hold: true, timeoutMs })
  const printed = output.split(`${mark}\n`)
  for (const [index, { command, expected }] of commands.entries()) {
    if (!matches(expected, printed[index] ?? '') || index + 1 >= printed.length)
      return `$ ${command}\nprinted:\n${printed[index] ?? ''}\nwhere the document says:\n${expected}`
  }
  return undefined
}

async function inTerminal(text, { cwd, env, timeoutMs }) {
  const [first, ...rest] = text.split('\n')
  const child = await launch(['bash', '-c', `${first.slice(2)}`], [], {
    cwd,
    env,
    timeoutMs,
    tty: { rows: 50, columns: 160 },
  })
  let shown = ''
  let typed = 0
  const lines = rest.filter((line) => line.startsWith('# '))
  child.terminal.on('data', (chunk) => {
    shown += String(chunk).replaceAll('\r', '')
    if (lines.length === 0 || shown.length === typed || !shown.endsWith('# ')) return
    typed = shown.length
    child.terminal.write(`${lines.shift().slice(2)}\n`)
  })
  const ended = new Promise((resolve) => child.terminal.on('end', resolve))
  await child.exit
  await ended
  await child.close()
  const expected = rest.join('\n')
  return matches(expected, shown) ? undefined : `printed:\n${shown}\nwhere the document says:\n${expected}`
}

function quote(text) {
  return `'${text.replaceAll("'", "'\\''")}'`
}
