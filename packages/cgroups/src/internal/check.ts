// Checks of single values, with messages that carry the value.

/** A whole number within a range; anything else is a TypeError or RangeError that names the value. */
export function wholeNumber(what: string, value: unknown, min: number, max: number = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== 'number') throw new TypeError(`Cannot set ${what}: ${show(value)} is not a number`)
  if (Number.isInteger(value) && value >= min && value <= max) return value
  const state = value < 0 && min >= 0 ? 'negative' : Number.isInteger(value) ? 'out of range' : 'not a whole number'
  const wanted = max === Number.MAX_SAFE_INTEGER ? `a whole number from ${min}` : `a whole number from ${min} to ${max}`
  throw new RangeError(`Cannot set ${what}: ${value} is ${state}; wanted ${wanted}`)
}

/** Refuse members nobody knows: a misspelt limit must not be a limit that is not there. */
export function knownKeys(what: string, value: object, known: readonly string[]): void {
  for (const key of Object.keys(value)) {
    if (!known.includes(key))
      throw new TypeError(`Cannot set ${what}: unknown option "${key}"; known are ${known.join(', ')}`)
  }
}

/** A value as it stands in a message. */
export function show(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : String(value)
}
