import { ALL, CAPABILITIES, type CapabilityName } from './capabilities.js'
import { fromMask, toMask } from './mask.js'
import { capability } from './name.js'

/** The three sets that the text form speaks about, as masks. */
export interface TextSets {
  effective: bigint
  permitted: bigint
  inheritable: bigint
}

const SETS: Readonly<Record<string, keyof TextSets>> = { e: 'effective', p: 'permitted', i: 'inheritable' }
const EVERY = toMask(ALL)
// A list, then one action or more: an operator with its flags.
const CLAUSE = /^([A-Za-z0-9_,]*)((?:[=+-][eip]*)+)$/

/**
 * Read capabilities as setcap(8) and cap_from_text(3) write them: `cap_net_raw,cap_chown=ep`, `=ep cap_sys_admin-e`, `all=p`.
 *
 * Clauses are separated by white space and act one after the other. `=` first takes the listed ones out of all three sets, then puts them into the
 * flagged ones; `+` adds; `-` takes out. Without names, `=` and its flags mean all capabilities; an empty text means none. Numbers stand for names.
 *
 * @throws TypeError naming the clause that cannot be read.
 * @example
 * ```ts
 * import { formatText, parseText } from '@iso/caps'
 * console.log(formatText(parseText('cap_chown,cap_net_raw=p cap_net_raw+e'))) // cap_chown=p cap_net_raw=ep
 * ```
 * @see https://man7.org/linux/man-pages/man3/cap_from_text.3.html
 */
export function parseText(text: string): TextSets {
  const sets: TextSets = { effective: 0n, permitted: 0n, inheritable: 0n }
  for (const clause of text.split(/\s+/).filter((part) => part !== '')) {
    const [, list, actions] = CLAUSE.exec(clause) ?? []
    if (list === undefined || actions === undefined)
      throw refused(text, clause, 'names, an operator (= + -) and flags (e i p)')
    if (list === '' && !/^=[eip]*$/.test(actions)) throw refused(text, clause, 'names, or = and flags only')
    if (/^.+=/.test(actions)) throw refused(text, clause, '= as the first operator only')
    const mask = list === '' ? EVERY : list.split(',').reduce((all, name) => all | named(text, clause, name), 0n)
    for (const [, operator, flags] of actions.matchAll(/([=+-])([eip]*)/g)) {
      if (operator !== '=' && flags === '') throw refused(text, clause, `flags after ${operator}`)
      apply(sets, mask, operator as string, flags as string)
    }
  }
  return sets
}

/** Write sets in the text form, capabilities with equal flags in one clause; all 41 with equal flags as `=ep`, none as `=`. */
export function formatText({ effective, permitted, inheritable }: TextSets): string {
  const byFlags = new Map<string, bigint>()
  for (const name of ALL) {
    const bit = 1n << BigInt(CAPABILITIES[name].number)
    const flags = `${effective & bit ? 'e' : ''}${inheritable & bit ? 'i' : ''}${permitted & bit ? 'p' : ''}`
    if (flags !== '') byFlags.set(flags, (byFlags.get(flags) ?? 0n) | bit)
  }
  const clauses = [...byFlags].map(
    ([flags, mask]) => `${mask === EVERY ? '' : fromMask(mask).join(',').toLowerCase()}=${flags}`
  )
  return clauses.length === 0 ? '=' : clauses.join(' ')
}

function apply(sets: TextSets, mask: bigint, operator: string, flags: string): void {
  for (const [flag, set] of Object.entries(SETS)) {
    if (operator === '=') sets[set] &= ~mask
    if (!flags.includes(flag)) continue
    sets[set] = operator === '-' ? sets[set] & ~mask : sets[set] | mask
  }
}

function named(text: string, clause: string, name: string): bigint {
  if (name.toLowerCase() === 'all') return EVERY
  if (/^\d+$/.test(name) && Number(name) < ALL.length) return 1n << BigInt(name)
  if (!/^cap_/i.test(name)) throw refused(text, clause, `a name with cap_ instead of ${JSON.stringify(name)}`)
  return toMask([capability(name) satisfies CapabilityName])
}

function refused(text: string, clause: string, wanted: string): TypeError {
  return new TypeError(
    `Cannot read capabilities ${JSON.stringify(text)}: clause ${JSON.stringify(clause)}; wanted ${wanted}`
  )
}
