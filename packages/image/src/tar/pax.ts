// Records of an extended header (POSIX 2001): `LENGTH KEY=VALUE\n`. Values are bytes, an extended attribute may be any.

import { malformed, show } from '../internal/malformed.js'

/** One record. */
export interface PaxRecord {
  key: string
  value: Buffer
}

const SPACE = 0x20
const NEWLINE = 0x0a
const EQUALS = 0x3d

/**
 * Split an extended header into its records, in order: keys may come more than once.
 *
 * @throws IsoError `ISO_TAR_MALFORMED`: a length that does not fit, or a record without `=` or newline.
 */
export function decodePax(body: Buffer): PaxRecord[] {
  const records: PaxRecord[] = []
  for (let at = 0; at < body.length;) {
    const space = body.indexOf(SPACE, at)
    const digits = space === -1 ? '' : body.toString('latin1', at, Math.min(space, at + 20))
    // Archivers that pad with NULs exist; nothing else may follow the last record.
    if (body[at] === 0 && body.subarray(at).every((byte) => byte === 0)) break
    if (!/^[0-9]{1,19}$/.test(digits)) throw malformed('an extended header has a record without a length')
    const end = at + Number(digits)
    if (end > body.length || end <= space + 1 || body[end - 1] !== NEWLINE)
      throw malformed(`an extended header has a record whose length ${digits} is wrong`)
    const equals = body.indexOf(EQUALS, space)
    if (equals === -1 || equals >= end || equals === space + 1)
      throw malformed('an extended header has a record without a key')
    const key = body.toString('utf8', space + 1, equals)
    if (key.includes('\0')) throw malformed(`an extended header has a key with a NUL: ${show(key)}`)
    records.push({ key, value: Buffer.from(body.subarray(equals + 1, end - 1)) })
    at = end
  }
  return records
}

/** Join records into the body of an extended header, in the order given. */
export function encodePax(records: readonly PaxRecord[]): Buffer {
  return Buffer.concat(
    records.flatMap(({ key, value }) => {
      const rest = Buffer.byteLength(key) + value.length + 3
      let length = rest + String(rest).length
      // The digits count themselves: one more of them may need one more.
      length = rest + String(length).length
      return [Buffer.from(`${length} ${key}=`), value, NEWLINE_BYTES]
    })
  )
}
const NEWLINE_BYTES = Buffer.from('\n')

/** A time as seconds with a fraction, such as `-1.5`, exact to a nanosecond. */
export function decodeTime(value: Buffer): { sec: number; nsec: number } {
  const match = /^(-?)([0-9]{1,15})(?:\.([0-9]*))?$/.exec(value.toString('latin1'))
  if (match === null) throw malformed(`a time is ${show(value)}`)
  const [, sign, whole, fraction = ''] = match
  const sec = Number(whole)
  const nsec = Number(fraction.slice(0, 9).padEnd(9, '0'))
  if (sign !== '-') return { sec, nsec }
  return nsec === 0 ? { sec: sec === 0 ? 0 : -sec, nsec: 0 } : { sec: -sec - 1, nsec: 1_000_000_000 - nsec }
}

/** The inverse of {@link decodeTime}, without zeroes at the end. */
export function encodeTime({ sec, nsec }: { sec: number; nsec: number }): string {
  if (nsec === 0) return String(sec)
  const negative = sec < 0
  const whole = negative ? -sec - 1 : sec
  const fraction = String(negative ? 1_000_000_000 - nsec : nsec)
    .padStart(9, '0')
    .replace(/0+$/, '')
  return `${negative ? '-' : ''}${whole}.${fraction}`
}

/** A decimal number from 0. */
export function decodeNumber(value: Buffer, what: string): number {
  const text = value.toString('latin1')
  const result = /^[0-9]{1,16}$/.test(text) ? Number(text) : NaN
  if (!Number.isSafeInteger(result)) throw malformed(`${what} is ${show(value)}`)
  return result
}
