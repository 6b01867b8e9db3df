// Finding the examples: ```ts and ```console fences in Markdown and in doc comments.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { ROOT } from '../lib/command.mjs'

/**
 * @typedef {object} Example
 * @property {string} file  where it stands, relative to the top
 * @property {number} line  line of its first line of code, from 1
 * @property {string} code
 * @property {'terminal' | 'shell'} [console]  it is a session of a shell, not a program: see console.mjs
 * @property {string} [expected]  what it must print: the `text output` fence that follows it
 * @property {string} [reason]  why it is not run
 */

/** @returns {{ examples: Example[], faults: string[] }} */
export function extract(file) {
  const text = readFileSync(join(ROOT, file), 'utf8')
  if (file.startsWith('examples/') && file.endsWith('.ts'))
    return { examples: [{ file, line: 1, code: text }], faults: [] }
  const lines = file.endsWith('.md') ? text.split('\n') : commentLines(text)
  return fences(file, lines)
}

// Every line that is not inside a doc comment becomes undefined, so that line numbers stay those of the file.
function commentLines(text) {
  const kept = []
  let inside = false
  for (const line of text.split('\n')) {
    if (!inside && /^\s*\/\*\*/.test(line)) {
      inside = !line.includes('*/')
      kept.push(undefined)
    } else if (inside && line.includes('*/')) {
      inside = false
      kept.push(undefined)
    } else {
      kept.push(inside ? line.replace(/^\s*\* ?/, '') : undefined)
    }
  }
  return kept
}

function fences(file, lines) {
  const examples = []
  const faults = []
  for (let at = 0; at < lines.length; at++) {
    const open = /^(\s*)(`{3,})(\S*)\s*(.*)$/.exec(lines[at] ?? '')
    if (open === null) continue
    const [, indent, ticks, language, info] = open
    const end = lines.findIndex((line, index) => index > at && line?.trim() === ticks)
    if (end === -1) {
      faults.push(`${file}:${at + 1}: this fence is never closed`)
      break
    }
    const code = lines.slice(at + 1, end).map((line) => (line ?? '').slice(indent.length))
    const place = `${file}:${at + 1}`
    if (language === 'text' && info === 'output') {
      const previous = examples.at(-1)
      if (previous === undefined || previous.console !== undefined) faults.push(`${place}: output of no example`)
      else previous.expected = code.join('\n')
    } else if (language === 'ts') {
      const reason = /^no-run\b:?\s*(.*)$/.exec(info)?.[1]
      if (reason === '') faults.push(`${place}: no-run wants a reason: \`\`\`ts no-run: needs two machines`)
      examples.push({ file, line: at + 2, code: code.join('\n'), ...(reason === undefined ? {} : { reason }) })
    } else if (language === 'console') {
      if (info !== '' && info !== 'terminal') faults.push(`${place}: a console is a shell, or a \`console terminal\``)
      if (!/^\$ /.test(code[0] ?? '')) faults.push(`${place}: a console begins with a command: $ ls`)
      else examples.push({ file, line: at + 2, code: code.join('\n'), console: info === 'terminal' ? info : 'shell' })
    } else if (/^(js|javascript|typescript|mjs|tsx|jsx)$/.test(language)) {
      faults.push(`${place}: write examples as \`\`\`ts, so that they are run`)
    }
    at = end
  }
  return { examples, faults }
}
