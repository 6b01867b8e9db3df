// The three shapes of text the cgroup files have.

/** `usage_usec 12\nuser_usec 7` as an object. */
export function parseFlat(text: string | undefined): Record<string, number> {
  const values: Record<string, number> = {}
  for (const line of (text ?? '').split('\n')) {
    const space = line.lastIndexOf(' ')
    if (space > 0) values[line.slice(0, space)] = Number(line.slice(space + 1))
  }
  return values
}

/** `8:0 rbytes=1 wbytes=2\n8:16 …` as an object of objects. */
export function parseNested(text: string | undefined): Record<string, Record<string, number>> {
  const values: Record<string, Record<string, number>> = {}
  for (const line of (text ?? '').split('\n')) {
    const [key, ...pairs] = line.trim().split(/\s+/)
    if (!key || pairs.length === 0) continue
    const row: Record<string, number> = (values[key] ??= {})
    for (const pair of pairs) {
      const equals = pair.indexOf('=')
      if (equals > 0) row[pair.slice(0, equals)] = limitNumber(pair.slice(equals + 1)) ?? Infinity
    }
  }
  return values
}

/** One number; undefined where there was no file. */
export function parseNumber(text: string | undefined): number | undefined {
  return text === undefined || text === '' ? undefined : Number(text)
}

/** A limit: `max`, -1 and everything beyond 2^62 (v1 writes "no limit" as a huge number) are null, a missing file undefined. */
export function parseLimit(text: string | undefined): number | null | undefined {
  return text === undefined ? undefined : limitNumber(text)
}

function limitNumber(text: string): number | null {
  if (text === 'max') return null
  const value = Number(text)
  return value < 0 || value >= 2 ** 62 ? null : value
}

/** An object without the members that are undefined. */
export function defined<T extends object>(value: { [K in keyof T]?: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T
}
