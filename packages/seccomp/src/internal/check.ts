// Small guards that name the place in the profile and carry the value.

/** Text for a value in a message. */
export function show(value: unknown): string {
  if (typeof value === 'bigint') return String(value)
  const text = value === undefined ? 'missing' : (JSON.stringify(value) ?? String(value))
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}

/** The error every guard throws. */
export function wrong(path: string, value: unknown, wanted: string): TypeError {
  return new TypeError(`Cannot read seccomp profile: ${path || 'it'} is ${show(value)}; wanted ${wanted}`)
}

export function object(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(path, value, 'an object')
  return value as Record<string, unknown>
}

export function list(value: unknown, path: string): readonly unknown[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw wrong(path, value, 'a list')
  return value
}

export function text(value: unknown, path: string, wanted = 'a non-empty string'): string {
  if (typeof value !== 'string' || value === '') throw wrong(path, value, wanted)
  return value
}

export function oneOf<T extends string>(value: unknown, path: string, names: readonly T[]): T {
  if (!names.includes(value as T)) throw wrong(path, value, `one of ${names.join(', ')}`)
  return value as T
}

export function wholeNumber(value: unknown, path: string, max: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > max) {
    throw wrong(path, value, `a whole number from 0 to ${max}`)
  }
  return value
}

/** An unsigned 64-bit value; refuses numbers that JSON has already rounded. */
export function u64(value: unknown, path: string): bigint {
  const wanted = 'a whole number from 0 to 2^64-1 (above 2^53: its decimal digits as a string)'
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || value < 0) throw wrong(path, value, wanted)
    return BigInt(value)
  }
  if (typeof value !== 'bigint' && !(typeof value === 'string' && /^\d+$/.test(value))) throw wrong(path, value, wanted)
  const big = BigInt(value)
  if (big < 0n || big > 0xffffffffffffffffn) throw wrong(path, value, wanted)
  return big
}

export function onlyKeys(value: Record<string, unknown>, path: string, keys: readonly string[]): void {
  for (const key of Object.keys(value)) {
    if (!keys.includes(key))
      throw wrong(path ? `${path}.${key}` : key, value[key], `no such field; known are ${keys.join(', ')}`)
  }
}
