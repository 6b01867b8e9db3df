import { ARCHES } from './arch.js'
import type { CompileOptions } from './compile-options.js'
import { compile } from './compile.js'
import { describeAction } from './explain-filter.js'
import type { Profile } from './profile.js'
import { simulate } from './simulate.js'

/** What the filter of a profile answers to a call on an x86_64 machine, in words. */
export function ask(
  profile: Profile | 'default',
  arch: keyof typeof ARCHES,
  name: string | number,
  args: bigint[] = [],
  options: CompileOptions = {}
): string {
  const nr = typeof name === 'number' ? name : (ARCHES[arch].syscalls[name] as number)
  return describeAction(
    simulate(compile(profile, { arch: 'x86_64', ...options }), { arch: ARCHES[arch].audit, nr, args }).action
  )
}
