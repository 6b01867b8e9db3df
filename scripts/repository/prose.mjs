// How documents and comments are written.
import { files, read } from './files.mjs'

const RULES = [
  {
    pattern: /\b(just|simply|easy|easily|obviously|basically)\b/i,
    text: (word) => `"${word}" says nothing, or makes the reader feel slow`,
  },
  { pattern: /\p{Extended_Pictographic}/u, text: (sign) => `no ${sign}` },
  { pattern: /(?:^|[\s'"`(])\/work\/\S*/, text: () => 'a path of one particular machine' },
]

/** @returns {string[]} faults */
export function checkProse() {
  const faults = []
  for (const file of files(/\.(md|ts|mjs|c|h)$/)) {
    if (/\.gen\.|^scripts\/repository\/prose\.mjs$/.test(file)) continue
    const lines = file.endsWith('.md') ? proseOf(read(file)) : commentsOf(read(file))
    for (const [number, line] of lines) {
      for (const { pattern, text } of RULES) {
        const match = pattern.exec(line)
        if (match !== null) faults.push(`${file}:${number}: ${text(match[0].trim())}`)
      }
    }
  }
  return faults
}

// What stands in fences or between backticks is quoted, not said.
function proseOf(text) {
  let fenced = false
  return text.split('\n').flatMap((line, index) => {
    if (line.trimStart().startsWith('```')) {
      fenced = !fenced
      return []
    }
    return fenced ? [] : [[index + 1, line.replace(/`[^`]*`/g, '')]]
  })
}

function commentsOf(text) {
  return text.split('\n').flatMap((line, index) => {
    const comment = /^\s*(?:\*|\/\/|\/\*)(.*)$/.exec(line)?.[1] ?? /\s\/\/ (.*)$/.exec(line)?.[1]
    return comment === undefined ? [] : [[index + 1, comment.replace(/`[^`]*`/g, '')]]
  })
}
