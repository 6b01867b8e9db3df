// -v source:target[:options]

import { resolve } from 'node:path'

/**
 * Complete a `-v` value: a source that is written relative (`./x`, `../x`, `.`) is made absolute.
 *
 * @throws TypeError for named and anonymous volumes, which nothing here keeps.
 */
export function parseVolume(text: string): string {
  const [source = '', target] = text.split(':')
  const fail = (what: string) =>
    new TypeError(`Cannot read --volume: ${JSON.stringify(text)} ${what}; wanted /host/path:/container/path[:ro]`)
  if (target === undefined) throw fail('asks for an anonymous volume')
  if (source === '') throw fail('has no source')
  if (source.startsWith('/')) return text
  if (source !== '.' && source !== '..' && !source.startsWith('./') && !source.startsWith('../'))
    throw fail(`asks for a volume named '${source}'`)
  return `${resolve(source)}${text.slice(source.length)}`
}
