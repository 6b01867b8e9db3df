import type { Step } from '@iso/native'

import { compile } from './compile.js'
import { type CompileOptions, profileOf } from './compile-options.js'
import type { FilterFlag, Profile } from './profile.js'

type StepFlag = 'tsync' | 'tsyncEsrch' | 'log' | 'specAllow' | 'waitKillableRecv'

const FLAGS: Readonly<Record<FilterFlag, StepFlag>> = {
  SECCOMP_FILTER_FLAG_TSYNC: 'tsync',
  SECCOMP_FILTER_FLAG_LOG: 'log',
  SECCOMP_FILTER_FLAG_SPEC_ALLOW: 'specAllow',
  SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV: 'waitKillableRecv',
}

/** How the filter is compiled and loaded. */
export interface SeccompOptions extends CompileOptions {
  /** Flags beside those of the profile. */
  flags?: readonly FilterFlag[]
  /** Label under which the caller receives the notification descriptor of a profile with SCMP_ACT_NOTIFY. Default: `seccomp`. */
  listener?: string
}

/**
 * Steps that filter the program's system calls with seccomp(2).
 *
 * Loading a filter takes no_new_privs, or CAP_SYS_ADMIN in the user namespace: put `noNewPrivs()` of `@iso/caps` before it. The filter
 * stays through execve and is inherited by every child; a later one can only narrow it.
 *
 * @param profile - Docker's or OCI format; `'default'` is Docker's default; `'unconfined'` is no filter.
 * @returns one step, or none for `'unconfined'`.
 * @throws TypeError where the profile is wrong, with place and value.
 * @example
 * ```ts
 * import { seccomp } from '@iso/seccomp'
 * const steps = seccomp('default', { caps: ['CAP_NET_BIND_SERVICE'] })
 * console.log(steps.map((step) => step.op)) // [ 'seccomp' ]
 * ```
 * @see https://man7.org/linux/man-pages/man2/seccomp.2.html
 */
export function seccomp(profile: Profile | 'default' | 'unconfined' = 'default', options: SeccompOptions = {}): Step[] {
  if (profile === 'unconfined') return []
  const source = profileOf(profile)
  const filter = compile(source, options)
  const flags = new Set([...(source.flags ?? []), ...(options.flags ?? [])].map(stepFlag))
  const base = { op: 'seccomp', origin: '@iso/seccomp', why: 'filter system calls', filter } as const
  if (!source.syscalls?.some(({ action }) => action === 'SCMP_ACT_NOTIFY')) {
    if (flags.has('waitKillableRecv')) {
      throw new TypeError(
        'Cannot use SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV: no rule of the profile has SCMP_ACT_NOTIFY'
      )
    }
    return [flags.size === 0 ? base : { ...base, flags: [...flags] }]
  }
  // Both flags want the return value; this one takes the thread ID out of it (5.7).
  if (flags.has('tsync')) flags.add('tsyncEsrch')
  return [{ ...base, flags: [...flags, 'newListener'], listener: options.listener ?? 'seccomp' }]
}

function stepFlag(flag: FilterFlag): StepFlag {
  if (!Object.hasOwn(FLAGS, flag))
    throw new TypeError(
      `Cannot use seccomp flag ${JSON.stringify(flag)}: wanted one of ${Object.keys(FLAGS).join(', ')}`
    )
  return FLAGS[flag]
}
