import { createHash } from 'node:crypto'

import { type CompileOptions, contextOf, profileOf } from './compile-options.js'
import { defaultProfile } from './default-profile.js'
import { EPERM, RET_ERRNO, RET_KILL_PROCESS } from './internal/actions.js'
import { encode } from './internal/assembler.js'
import { isDeepFrozen } from './internal/frozen.js'
import { kernelAtLeast } from './internal/kernel-version.js'
import { writeProgram } from './internal/program.js'
import { resolve } from './internal/resolve.js'
import type { Context } from './internal/select.js'
import { SHIPPED } from './internal/shipped.gen.js'
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
    return cached(filters, key, () => shipped(source, context, options) ?? compileHere(source, context, options))
  }
  const id = `${digest(source)} ${options.unknownFields ?? 'refuse'} ${key}`
  return cached(byDigest, id, () => compileHere(validateProfile(source, options), context, options))
}

/** Compile without looking at what was compiled before. @internal */
export function compileHere(profile: Profile, context: Context, { badArch, newerCalls }: CompileOptions): Uint8Array {
  const refusal = badArch === 'errno' ? (RET_ERRNO | EPERM) >>> 0 : RET_KILL_PROCESS
  return encode(writeProgram(resolve(profile, context), refusal, newerCalls !== 'default'))
}

// What a container without options asks for comes with the package: the compiler's first run in a process takes milliseconds.
function shipped(profile: Profile, context: Context, { badArch, newerCalls }: CompileOptions): Uint8Array | undefined {
  if (profile !== defaultProfile || badArch !== undefined || newerCalls !== undefined) return undefined
  const lines = SHIPPED[contextKey(profile, context)]
  return lines === undefined ? undefined : Buffer.from(lines.join(''), 'base64')
}

/** All of a context that decides which rules of a profile apply: two contexts with the same key give the same program. @internal */
export function contextKey(profile: Profile, context: Context): string {
  const filters = (profile.syscalls ?? []).flatMap(({ includes, excludes }) => [includes, excludes])
  const caps = new Set(filters.flatMap((filter) => filter?.caps ?? []))
  const kernels = new Set(filters.flatMap((filter) => filter?.minKernel ?? []))
  return [
    context.arch,
    ...[...caps].filter((name) => context.caps.has(name)).sort(),
    ...[...kernels].filter((kernel) => kernelAtLeast(kernel, context.kernel)).sort(),
  ].join(' ')
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
