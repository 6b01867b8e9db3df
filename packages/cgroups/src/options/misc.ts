import { wholeNumber } from '../internal/check.js'

/** Limits of the v2-only `misc` controller by resource: `{ sev: 5 }`. misc.max. */
export type MiscLimits = Readonly<Record<string, number | 'max'>>

/** Check limits of miscellaneous resources. @throws TypeError or RangeError with the value. */
export function validateMisc(options: MiscLimits): MiscLimits {
  for (const [resource, limit] of Object.entries(options)) {
    if (!/^\w+$/.test(resource)) throw new RangeError(`Cannot set misc limit: "${resource}" is no resource name`)
    if (limit !== 'max') wholeNumber(`misc ${resource} limit`, limit, 0)
  }
  return options
}
