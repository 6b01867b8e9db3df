import { ALL, CAPABILITIES, type Capability, type CapabilityName } from './capabilities.js'
import { capability } from './name.js'

const MAX = 0xffffffffffffffffn

/**
 * Make the bit mask of a set of capabilities.
 *
 * @throws TypeError for an unknown name.
 * @example
 * ```ts
 * import { formatHex, toMask } from '@iso/caps'
 * console.log(formatHex(toMask(['chown', 'net_raw']))) // 0000000000002001
 * ```
 */
export function toMask(names: readonly CapabilityName[]): bigint {
  return names.reduce((mask, name) => mask | (1n << BigInt(CAPABILITIES[capability(name)].number)), 0n)
}

/**
 * Name the capabilities in a mask, in the order of their numbers. Bits above 40 have no name and are left out.
 *
 * @throws RangeError for a mask below 0 or above 2^64-1.
 */
export function fromMask(mask: bigint): Capability[] {
  if (typeof mask !== 'bigint' || mask < 0n || mask > MAX)
    throw new RangeError(`Cannot read capability mask ${mask}: wanted a bigint from 0 to 2^64-1`)
  return ALL.filter((name) => (mask >> BigInt(CAPABILITIES[name].number)) & 1n)
}

/** Write a mask as /proc/PID/status does: 16 hexadecimal digits. */
export function formatHex(mask: bigint): string {
  return mask.toString(16).padStart(16, '0')
}

/**
 * Read a mask as /proc/PID/status or `capsh --decode` has it: 1 to 16 hexadecimal digits, with or without 0x.
 *
 * @throws TypeError for anything else.
 */
export function parseHex(text: string): bigint {
  const digits = /^(?:0x)?([0-9a-f]{1,16})$/i.exec(text.trim())?.[1]
  if (digits === undefined)
    throw new TypeError(`Cannot read capability mask ${JSON.stringify(text)}: wanted 1 to 16 hexadecimal digits`)
  return BigInt(`0x${digits}`)
}
