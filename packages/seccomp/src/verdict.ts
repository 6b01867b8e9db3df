import { ARCHES, type ArchInfo } from './arch.js'
import { type CompileOptions, contextOf, profileOf } from './compile-options.js'
import { EPERM, isPermissive, RET_ERRNO, RET_KILL_PROCESS } from './internal/actions.js'
import { NEWER, STRAY } from './internal/program.js'
import { type ArchRules, resolve, type Resolved, type Test } from './internal/resolve.js'
import { widthOf } from './internal/width.js'
import type { Call } from './simulate.js'
import type { Profile } from './profile.js'
import { validateProfile } from './validate.js'

/**
 * Ask a profile, not its filter, what happens to a call: its rules read one after the other, as its author wrote them.
 *
 * The tests hold every compiled filter against it.
 *
 * @returns SECCOMP_RET_… with its data; `describeAction()` makes text of it.
 * @throws TypeError where the profile is wrong.
 * @example
 * ```ts
 * import { ARCHES, describeAction, verdict } from '@iso/seccomp'
 * const { audit, syscalls } = ARCHES.x86_64
 * const call = { arch: audit, nr: syscalls.mount as number, args: [] }
 * console.log(describeAction(verdict('default', call, { arch: 'x86_64' }))) // errno 1 (EPERM)
 * ```
 */
export function verdict(profile: Profile | 'default', call: Call, options: CompileOptions = {}): number {
  return verdictOf(resolve(validateProfile(profileOf(profile), options), contextOf(options)), call, options)
}

/** The same for a profile that is already resolved. */
export function verdictOf({ defaultAction, arches }: Resolved, call: Call, options: CompileOptions = {}): number {
  const refusal = options.badArch === 'errno' ? (RET_ERRNO | EPERM) >>> 0 : RET_KILL_PROCESS
  const rules = arches.find(({ info }) => info.audit === call.arch && owns(info, call.nr))
  if (!rules) return refusal
  if (rules.arch === 'x86_64' && call.nr >= STRAY.from && call.nr <= STRAY.to) return NEWER
  const outcome = rules.calls
    .get(call.nr)
    ?.find(({ tests }) => tests.every((test) => holds(test, call, rules.info.argumentBits)))
  if (outcome) return outcome.action
  const enosys = options.newerCalls !== 'default' && !isPermissive(defaultAction)
  return enosys && isNewer(rules, call.nr) ? NEWER : defaultAction
}

// On x86_64, bit 30 says x32, except in -1, which a tracer writes to skip a call.
function owns(info: ArchInfo, nr: number): boolean {
  if (info.audit !== ARCHES.x86_64.audit) return true
  const x32 = nr >= ARCHES.x32.numberBase && nr !== 0xffffffff
  return x32 === (info === ARCHES.x32)
}

function isNewer({ info, highest, highestPrivate }: ArchRules, nr: number): boolean {
  if (highest < 0) return false
  if (info.privateBase !== undefined && nr >= info.privateBase) return nr > highestPrivate
  return nr > highest
}

function holds(written: Test, { args }: Call, bits: 32 | 64): boolean {
  const { op, index, value, valueTwo } = widthOf(written, bits)
  const arg = BigInt.asUintN(bits, args[index] ?? 0n)
  switch (op) {
    case 'SCMP_CMP_NE':
      return arg !== value
    case 'SCMP_CMP_LT':
      return arg < value
    case 'SCMP_CMP_LE':
      return arg <= value
    case 'SCMP_CMP_EQ':
      return arg === value
    case 'SCMP_CMP_GE':
      return arg >= value
    case 'SCMP_CMP_GT':
      return arg > value
    case 'SCMP_CMP_MASKED_EQ':
      return (arg & value) === (valueTwo & value)
  }
}
