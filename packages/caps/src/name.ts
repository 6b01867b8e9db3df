import { ALL, CAPABILITIES, type Capability, type CapabilityName } from './capabilities.js'
import { nearest } from './internal/nearest.js'

/**
 * Read the name of a capability: `net_raw`, `NET_RAW`, `cap_net_raw` and `CAP_NET_RAW` are one.
 *
 * @returns the full name.
 * @throws TypeError for a name the kernel does not have, with the nearest one it has.
 * @example
 * ```ts
 * import { capability } from '@iso/caps'
 * console.log(capability('net_raw')) // CAP_NET_RAW
 * ```
 */
export function capability(name: CapabilityName | (string & {})): Capability {
  const upper = typeof name === 'string' ? name.toUpperCase() : ''
  const full = upper.startsWith('CAP_') ? upper : `CAP_${upper}`
  if (Object.hasOwn(CAPABILITIES, full)) return full as Capability
  const close = nearest(full, ALL)
  const hint = close === undefined ? 'wanted a name such as CAP_NET_RAW' : `did you mean ${close}?`
  throw new TypeError(`Cannot read capability ${JSON.stringify(name)}: there is none of that name; ${hint}`)
}
