import { deepFreeze } from './internal/frozen.js'
import type { Profile } from './profile.js'
import { validateProfile } from './validate.js'

// JSON.parse rounds whole numbers above 2^53, and Docker's format has them as argument values. Inside a JSON string a quote is
// escaped, so this can only match real keys.
const LONG_VALUE = /("value(?:Two)?"\s*:\s*)(\d{16,})/g

/**
 * Read the text of a seccomp profile in Docker's or the OCI format. Argument values keep all their 64 bits.
 *
 * @returns the profile, frozen; `compile()` finds the filter of a frozen profile without hashing it.
 * @throws SyntaxError where the text is not JSON; TypeError with place and value where it is not a profile.
 * @example
 * ```ts
 * import { parseProfile } from '@iso/seccomp'
 * const profile = parseProfile(`{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
 *   { "names": ["mount"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1 } ] }`)
 * console.log(profile.syscalls?.length) // 1
 * ```
 */
export function parseProfile(text: string): Profile {
  return deepFreeze(validateProfile(JSON.parse(text.replace(LONG_VALUE, '$1"$2"'))))
}
