// Checks of what goes to the addon. They are about programming mistakes, so they throw TypeError and RangeError.

import type { PathLike } from '../path-like.js'

/** @returns value, a whole number from `lowest` to `highest`. @throws TypeError or RangeError naming `what` and the value. */
export function whole(value: number, what: string, lowest: number, highest: number): number {
  if (typeof value !== 'number') throw new TypeError(`Cannot use ${what}: ${show(value)} is not a number`)
  if (!Number.isInteger(value) || value < lowest || value > highest)
    throw new RangeError(`Cannot use ${what}: ${value} is not a whole number from ${lowest} to ${highest}`)
  return value
}

const INT_MAX = 0x7fffffff

/** @returns value, a descriptor number. */
export function checkFd(value: number, what = 'file descriptor'): number {
  return whole(value, what, 0, INT_MAX)
}

/** @returns value, a process ID from 1. */
export function checkPid(value: number, what = 'process ID'): number {
  return whole(value, what, 1, INT_MAX)
}

/** @returns value, text or bytes without a NUL; the kernel would stop reading there. */
export function checkPath(value: PathLike, what = 'path'): PathLike {
  if (typeof value !== 'string' && !(value instanceof Uint8Array))
    throw new TypeError(`Cannot use ${what}: ${show(value)} is neither a string nor bytes`)
  const nul = typeof value === 'string' ? value.includes('\0') : value.includes(0)
  if (nul) throw new TypeError(`Cannot use ${what}: ${JSON.stringify(value.toString())} holds a NUL`)
  return value
}

/** @returns the bits of `names`, or the number as it is. @throws TypeError on a name that `table` lacks. */
export function toBits<Name extends string>(
  names: number | readonly Name[],
  table: Readonly<Record<Name, number>>,
  what: string
): number {
  if (typeof names === 'number') return whole(names, what, 0, Number.MAX_SAFE_INTEGER)
  let bits = 0
  for (const name of names) {
    if (!Object.hasOwn(table, name))
      throw new TypeError(`Cannot use ${what}: '${name}' is unknown; wanted ${Object.keys(table).join(', ')}`)
    bits |= table[name]
  }
  return bits
}

function show(value: unknown): string {
  return value === null ? 'null' : typeof value === 'object' ? 'an object' : String(value)
}
