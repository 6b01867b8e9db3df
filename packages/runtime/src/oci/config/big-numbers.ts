// config.json holds 64-bit numbers (limits, arguments of system calls) that a double cannot: those come as text behind a mark.

/** A number, or the digits of one that a double cannot hold, behind a NUL. */
export type BigNumber = number | string

// Strings and numbers as JSON has them, each as a whole.
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g
const LONG = /^-?\d{16,20}$/

/** JSON.parse() that keeps whole numbers of 16 digits and more exact. @throws SyntaxError */
export function parseExact(text: string): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text)
  return JSON.parse(text.replace(TOKEN, (token) => (LONG.test(token) ? `"\\u0000${token}"` : token)))
}

/** The exact value. */
export function toBigInt(value: BigNumber): bigint {
  return typeof value === 'string' ? BigInt(value.slice(1)) : BigInt(value)
}

/** The value as a number, rounded where it is too large. */
export function toNumber(value: BigNumber): number {
  return typeof value === 'string' ? Number(value.slice(1)) : value
}

/** A value for a message: `18446744073709551615`, `"text"`, `[…]`. */
export function showValue(value: unknown): string {
  if (typeof value === 'string' && value.startsWith('\0')) return value.slice(1)
  const text = value === undefined ? 'absent' : JSON.stringify(value)
  return text.length > 120 ? `${text.slice(0, 119)}…` : text
}
