/**
 * Whether a program printed what its document says.
 *
 * @param {string} expected lines; `…` stands for any text within a line, a line of its own for any number of lines
 * @param {string} printed
 */
export function matches(expected, printed) {
  const lines = expected.trim().split('\n')
  const pattern = lines.map((line) =>
    line.trim() === '…' ? '(?:.*\\n)*?' : `${line.trimEnd().split('…').map(escape).join('.*')}[ \\t]*\\n`
  )
  return new RegExp(`^${pattern.join('')}$`).test(`${printed.trim()}\n`)
}

function escape(text) {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
