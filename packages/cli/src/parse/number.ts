// Numbers on the command line.

/**
 * Read a whole number in decimal digits.
 *
 * @param what name of the option, for the message.
 * @throws TypeError where it is none; RangeError where it is out of range.
 */
export function parseWhole(text: string, what: string, lowest: number, highest: number): number {
  if (!/^[+-]?\d+$/.test(text)) throw new TypeError(`Cannot read ${what}: ${JSON.stringify(text)} is no whole number`)
  const value = Number(text)
  if (value < lowest || value > highest)
    throw new RangeError(`Cannot read ${what}: ${text} is out of range; wanted ${lowest} to ${highest}`)
  return value
}

/**
 * Read a decimal number from 0, such as `1.5`.
 *
 * @throws TypeError where it is none.
 */
export function parseDecimal(text: string, what: string): number {
  if (!/^(\d+\.?\d*|\.\d+)$/.test(text))
    throw new TypeError(`Cannot read ${what}: ${JSON.stringify(text)} is no number from 0`)
  return Number(text)
}

/**
 * Read a mode in octal digits, such as `1777`.
 *
 * @throws TypeError where it is none.
 */
export function parseOctal(text: string, what: string): number {
  if (!/^0?o?[0-7]{1,5}$/.test(text))
    throw new TypeError(`Cannot read ${what}: ${JSON.stringify(text)} is no octal mode`)
  return Number.parseInt(text.replace(/^0?o/, ''), 8)
}
