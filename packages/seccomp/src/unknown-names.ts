import { type Arch, ARCHES } from './arch.js'
import type { Profile } from './profile.js'

/**
 * List the system calls a profile names and no table here has: calls of other architectures, calls newer than the tables, and
 * typing errors. Rules skip them without a word, as libseccomp does.
 *
 * @example
 * ```ts
 * import { unknownNames } from '@iso/seccomp'
 * console.log(unknownNames({ defaultAction: 'SCMP_ACT_ALLOW', syscalls: [{ names: ['mont'], action: 'SCMP_ACT_ERRNO' }] })) // [ 'mont' ]
 * ```
 */
export function unknownNames(profile: Profile): string[] {
  const names = (profile.syscalls ?? []).flatMap((rule) => rule.names ?? (rule.name === undefined ? [] : [rule.name]))
  return [...new Set(names)].filter(
    (name) => !(Object.keys(ARCHES) as Arch[]).some((arch) => Object.hasOwn(ARCHES[arch].syscalls, name))
  )
}
