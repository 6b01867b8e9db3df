import type { Step } from '@iso/native'

import { held } from './available.js'
import type { CapabilityName } from './capabilities.js'
import { fromMask, toMask } from './mask.js'
import { type CapsOptions, sets } from './sets.js'

/** How `keep()` and `drop()` leave the sets. */
export interface KeepOptions extends CapsOptions {
  /**
   * Keep them through execve for a uid other than 0 as well, by the ambient set. This fills the inheritable set too. Default: false: such a
   * program then starts with empty sets, as in Docker, and only file capabilities raise them.
   */
  ambient?: boolean
  /**
   * Uid the program runs as. For one other than 0, unless `ambient`, permitted and effective are empty before execve already, as Docker
   * has it: no_new_privs counts what the process held before, so a file capability could otherwise bring it back. Default: 0.
   */
  uid?: number
}

/**
 * Steps after which the program holds these capabilities and no others, with prctl(2) and capset(2).
 *
 * Bounding, permitted and effective become the list; inheritable and ambient become empty, so that no file capability meets an
 * inherited one (CVE-2022-24769, CVE-2022-29162). Names this process does not have are left out (see `strict`).
 *
 * Takes CAP_SETPCAP, or a new user namespace; without it the bounding set stays as it is and no_new_privs makes up for it.
 *
 * @param list - names with or without `CAP_`; empty for none.
 * @returns steps `capBounding`, `capSet` and, unless switched off, `noNewPrivs`.
 * @throws TypeError for an unknown name; IsoError `ISO_CAPS_UNAVAILABLE` with `strict`.
 * @example
 * ```ts
 * import { DOCKER_DEFAULT, keep } from '@iso/caps'
 * console.log(keep(DOCKER_DEFAULT).map((step) => step.op)) // [ 'capBounding', 'capSet', 'noNewPrivs' ]
 * ```
 * @see https://man7.org/linux/man-pages/man7/capabilities.7.html
 */
export function keep(
  list: readonly CapabilityName[],
  { ambient = false, uid = 0, ...options }: KeepOptions = {}
): Step[] {
  const handed = ambient ? list : []
  const own = ambient || uid === 0 ? list : []
  return sets({ bounding: list, permitted: own, effective: own, inheritable: handed, ambient: handed }, options)
}

/**
 * Steps after which the program holds what this process holds, without these capabilities. See `keep()`.
 *
 * @example
 * ```ts
 * import { drop } from '@iso/caps'
 * console.log(drop(['sys_admin', 'net_admin']).length) // 3
 * ```
 */
export function drop(list: readonly CapabilityName[], options: KeepOptions = {}): Step[] {
  const { bounding, permitted } = held(options.newUserns ?? false)
  return keep(fromMask(bounding & permitted & ~toMask(list)), options)
}

/**
 * Steps after which a program of any uid holds these capabilities through every execve: `keep()` with the ambient set.
 *
 * Takes Linux 4.3. A set-user-ID program, or one with file capabilities, clears the ambient set.
 *
 * @example
 * ```ts
 * import { ambient } from '@iso/caps'
 * console.log(ambient(['net_bind_service']).length) // 3
 * ```
 */
export function ambient(list: readonly CapabilityName[], options: CapsOptions = {}): Step[] {
  return keep(list, { ...options, ambient: true })
}
