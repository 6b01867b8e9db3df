// Checks of options: a programming mistake is a TypeError or RangeError that shows the value.

/** @throws TypeError for a key that is not known, with the nearest one that is. */
export function knownKeys(what: string, options: object, keys: readonly string[]): void {
  for (const key of Object.keys(options)) {
    if (keys.includes(key)) continue
    const near = nearest(key, keys)
    throw new TypeError(
      `Cannot use option ${JSON.stringify(key)} of ${what}: it is unknown${near === undefined ? '' : `; did you mean ${JSON.stringify(near)}?`}`
    )
  }
}

/** The key that is fewest edits away, where that is few enough to be a typing error. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  let best: string | undefined
  let least = Math.max(2, Math.floor(word.length / 3)) + 1
  for (const candidate of words) {
    const distance = edits(word.toLowerCase(), candidate.toLowerCase())
    if (distance < least) [best, least] = [candidate, distance]
  }
  return best
}

function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}

/** @throws TypeError or RangeError with the value. */
export function wholeNumber(
  what: string,
  value: unknown,
  least: number,
  most: number = Number.MAX_SAFE_INTEGER
): number {
  if (typeof value !== 'number') throw new TypeError(`Cannot set ${what}: ${show(value)} is no number`)
  if (!Number.isInteger(value) || value < least || value > most) {
    const why = value < 0 && least >= 0 ? 'is negative' : 'is out of range'
    throw new RangeError(
      `Cannot set ${what}: ${value} ${why}; wanted a whole number from ${least}${most === Number.MAX_SAFE_INTEGER ? '' : ` to ${most}`}`
    )
  }
  return value
}

/** @throws TypeError with the value. */
export function oneOf<T extends string>(what: string, value: unknown, choices: readonly T[]): T {
  if (choices.includes(value as T)) return value as T
  throw new TypeError(
    `Cannot set ${what}: ${show(value)} is unknown; wanted ${choices.map((c) => JSON.stringify(c)).join(' or ')}`
  )
}

/** @throws TypeError for anything but true and false. */
export function flag(what: string, value: unknown, fallback: boolean): boolean {
  if (value === undefined) return fallback
  if (typeof value !== 'boolean') throw new TypeError(`Cannot set ${what}: ${show(value)} is neither true nor false`)
  return value
}

/** A string without NUL. */
export function text(what: string, value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`Cannot set ${what}: ${show(value)} is no string`)
  if (value.includes('\0')) throw new TypeError(`Cannot set ${what}: ${show(value)} holds a NUL byte`)
  return value
}

/** An absolute path without NUL, up to PATH_MAX. */
export function absolutePath(what: string, value: unknown): string {
  const path = text(what, value)
  if (!path.startsWith('/')) throw new TypeError(`Cannot use ${what} ${show(path)}: wanted an absolute path`)
  if (Buffer.byteLength(path) >= 4096)
    throw new RangeError(`Cannot use ${what}: ${Buffer.byteLength(path)} bytes are too long; the kernel takes 4095`)
  return path
}

/** A list, or one item for a list of one. */
export function list<T>(what: string, value: readonly T[] | undefined): readonly T[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) throw new TypeError(`Cannot set ${what}: ${show(value)} is no list`)
  return value as readonly T[]
}

/** A value for a message, shortened. */
export function show(value: unknown): string {
  const shown =
    typeof value === 'string'
      ? JSON.stringify(value)
      : typeof value === 'object' && value !== null
        ? 'an object'
        : String(value)
  return shown.length > 80 ? `${shown.slice(0, 79)}…` : shown
}
