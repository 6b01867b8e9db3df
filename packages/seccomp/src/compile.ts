import { createHash } from 'node:crypto'

import { type CompileOptions, contextOf, profileOf } from './compile-options.js'
import { EPERM, RET_ERRNO, RET_KILL_PROCESS } from './internal/actions.js'
import { encode } from './internal/assembler.js'
import { isDeepFrozen } from './internal/frozen.js'
import { writeProgram } from './internal/program.js'
import { resolve } from './internal/resolve.js'
import type { Context } from './internal/select.js'
import type { Profile } from './profile.js'
import { validateProfile } from './validate.js'

// Enough for what a machine is likely to use, by profile and over all; the oldest leaves first.
const KEPT = 64
const byProfile = new WeakMap<Profile, Map<string, Uint8Array>>()
const byDigest = new Map<string, Uint8Array>()

/**
 * Compile a seccomp profile to the program seccomp(2) loads.
 *
 * The program is a binary search over system call numbers. Results are kept: by identity for `'default'` and profiles from
 * `parseProfile()`, by digest of their JSON for others.
 *
 * @param profile - Docker's or OCI format; `'default'` is `defaultProfile`.
 * @returns classic BPF, 8 bytes an instruction; a copy that the caller may change.
 * @throws TypeError where the profile is wrong, with place and value; RangeError when it takes more than 4096 instructions.
 * @example
 * ```ts
 * import { compile } from '@iso/seccomp'
 * const filter = compile({ defaultAction: 'SCMP_ACT_ALLOW', syscalls: [{ names: ['mount'], action: 'SCMP_ACT_ERRNO' }] })
 * console.log(filter.length % 8) // 0
 * ```
 * @see https://man7.org/linux/man-pages/man2/seccomp.2.html
 */
export function compile(profile: Profile | 'default', options: CompileOptions = {}): Uint8Array {
  const source = profileOf(profile)
  const context = contextOf(options)
  const key = [
    context.arch,
    context.kernel,
    options.badArch ?? 'kill',
    options.newerCalls ?? 'enosys',
    ...[...context.caps].sort(),
  ].join(' ')
  if (isDeepFrozen(source)) {
    let filters = byProfile.get(source)
    if (!filters) byProfile.set(source, (filters = new Map()))
    return cached(filters, key, () => build(source, context, options))
  }
  const id = `${digest(source)} ${options.unknownFields ?? 'refuse'} ${key}`
  return cached(byDigest, id, () => build(validateProfile(source, options), context, options))
}

function build(profile: Profile, context: Context, { badArch, newerCalls }: CompileOptions): Uint8Array {
  const refusal = badArch === 'errno' ? (RET_ERRNO | EPERM) >>> 0 : RET_KILL_PROCESS
  return encode(writeProgram(resolve(profile, context), refusal, newerCalls !== 'default'))
}

function cached(filters: Map<string, Uint8Array>, key: string, make: () => Uint8Array): Uint8Array {
  let filter = filters.get(key)
  if (!filter) {
    filters.set(key, (filter = make()))
    if (filters.size > KEPT) filters.delete(filters.keys().next().value as string)
  }
  return filter.slice()
}

function digest(profile: Profile): string {
  return createHash('sha256').update(textOf(profile)).digest('base64')
}

// A bigint has no JSON; its digits are also what a profile may hold in its place. Asking for each value costs time, so only then.
function textOf(profile: Profile): string {
  try {
    return JSON.stringify(profile)
  } catch {
    return JSON.stringify(profile, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
  }
}
