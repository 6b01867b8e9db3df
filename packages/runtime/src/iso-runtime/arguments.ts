// The words of a command line, in the manner of runc: options before or between what is no option, `--name value` or `--name=value`.

/** What an option takes: nothing, one value (the last counts), or a value each time. */
export type OptionKind = 'flag' | 'value' | 'list'

/** Options by their long names; `short` ones beside them. */
export interface OptionTable {
  readonly options: Readonly<Record<string, OptionKind>>
  readonly short?: Readonly<Record<string, string>>
  /** Options end at the first word that is none: what follows is a command of its own. */
  readonly stop?: boolean
}

/** What stood there. */
export interface Parsed {
  flags: ReadonlySet<string>
  values: ReadonlyMap<string, string>
  lists: ReadonlyMap<string, readonly string[]>
  words: readonly string[]
}

/** A command line that cannot be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** @throws UsageError for an option that is unknown or lacks its value. */
export function parseArguments(given: readonly string[], table: OptionTable): Parsed {
  const flags = new Set<string>()
  const values = new Map<string, string>()
  const lists = new Map<string, string[]>()
  const words: string[] = []
  for (let i = 0; i < given.length; i++) {
    const word = given[i] ?? ''
    if (word === '--') {
      words.push(...given.slice(i + 1))
      break
    }
    if (!word.startsWith('-') || word === '-') {
      if (table.stop === true) {
        words.push(...given.slice(i))
        break
      }
      words.push(word)
      continue
    }
    const [, dashes = '', name = '', inline] = /^(--?)([^=]*)(?:=(.*))?$/s.exec(word) ?? []
    const long = dashes === '-' ? (table.short?.[name] ?? name) : name
    const kind = Object.hasOwn(table.options, long) ? table.options[long] : undefined
    if (kind === undefined) throw new UsageError(`flag provided but not defined: ${word}`)
    if (kind === 'flag') {
      if (inline === undefined || inline === 'true') flags.add(long)
      else if (inline === 'false') flags.delete(long)
      else throw new UsageError(`invalid value ${JSON.stringify(inline)} for ${dashes}${name}: wanted true or false`)
      continue
    }
    const value = inline ?? given[++i]
    if (value === undefined) throw new UsageError(`flag needs an argument: ${word}`)
    if (kind === 'value') values.set(long, value)
    else lists.set(long, [...(lists.get(long) ?? []), value])
  }
  return { flags, values, lists, words }
}

/** @throws UsageError unless there are as many words as wanted. */
export function wantWords({ words }: Parsed, least: number, most: number, usage: string): void {
  if (words.length < least || words.length > most)
    throw new UsageError(
      `"${usage}": requires ${least === most ? `exactly ${least}` : `at least ${least}`} argument(s)`
    )
}

/** A whole number. @throws UsageError */
export function numberOption({ values }: Parsed, name: string): number | undefined {
  const text = values.get(name)
  if (text === undefined) return undefined
  if (!/^-?\d{1,15}$/.test(text)) throw new UsageError(`invalid value ${JSON.stringify(text)} for --${name}`)
  return Number(text)
}
