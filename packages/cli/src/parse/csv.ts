// One line of comma separated values, as Docker's --mount takes it (RFC 4180; the rules of Go's encoding/csv).

/**
 * Split a line at its commas. A field that begins with a quote goes on to the next single quote of its kind; two of them stand for one.
 *
 * @param what name of the option, for the message.
 * @throws TypeError for a quote inside a bare field, or one that is never closed.
 * @example
 * `type=bind,"source=/a,b",target=/c` is `['type=bind', 'source=/a,b', 'target=/c']`.
 */
export function parseCsv(line: string, what: string): string[] {
  const fields: string[] = []
  const fail = (text: string) => new TypeError(`Cannot read ${what}: ${text} in ${JSON.stringify(line)}`)
  for (let at = 0; ;) {
    if (line[at] === '"') {
      const quoted = /^"((?:[^"]|"")*)"(?=,|$)/.exec(line.slice(at))
      if (quoted === null) throw fail('a quote is not closed, or text follows it')
      fields.push((quoted[1] ?? '').replaceAll('""', '"'))
      at += quoted[0].length
    } else {
      const comma = line.indexOf(',', at)
      const field = line.slice(at, comma === -1 ? undefined : comma)
      if (field.includes('"')) throw fail('a quote stands inside a field')
      fields.push(field)
      at += field.length
    }
    if (at >= line.length) return fields
    at++ // the comma
  }
}
