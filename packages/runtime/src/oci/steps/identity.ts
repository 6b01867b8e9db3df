// process.user, capabilities, noNewPrivileges and the filter: who the program is and what it may do.

import { CAPABILITIES, sets, type Capability } from '@iso/caps'
import type { Step } from '@iso/native'
import { seccomp, validateProfile } from '@iso/seccomp'
import { toBigInt, type BigNumber } from '../config/big-numbers.js'
import { ConfigError } from '../config/config-error.js'
import type { SeccompEntry } from '../spec/linux.js'
import type { CapabilityLists, Process } from '../spec/process.js'

/** What {@link identitySteps} needs besides the process. */
export interface IdentityContext {
  /** setgroups(2) works. */
  setgroups: boolean
  /** The process begins in another user namespace, with everything. */
  userns: boolean
  seccomp: SeccompEntry | undefined
  /** Place of the process in messages. */
  place: string
}

/** Groups, ids, umask, capability sets, no_new_privs, filter. @throws ConfigError for groups that cannot be set. */
export function identitySteps(
  process: Process,
  { setgroups, userns, seccomp: filter, place }: IdentityContext
): Step[] {
  const { uid = 0, gid = 0, umask, additionalGids = [] } = process.user ?? {}
  if (!setgroups && additionalGids.length > 0)
    throw new ConfigError(`${place}.user.additionalGids`, 'setgroups is denied in this user namespace')
  const promise = process.noNewPrivileges ?? false
  return [
    ...(setgroups
      ? [{ op: 'setgroups', gids: [...additionalGids], why: 'no group of the caller stays' } as const]
      : []),
    { op: 'setgid', gid, why: 'user' },
    { op: 'setuid', uid, why: 'user' },
    ...(umask === undefined ? [] : [{ op: 'umask', mask: umask } as const]),
    ...sets(known(process.capabilities ?? {}), { noNewPrivs: promise, newUserns: userns }),
    ...filterSteps(filter, process.capabilities?.bounding ?? []),
  ]
}

const SETS = ['bounding', 'permitted', 'effective', 'inheritable', 'ambient'] as const

/** Names no kernel has, which runc warns about and leaves out. */
export function unknownCapabilities({ capabilities = {} }: Process): string[] {
  const names = SETS.flatMap((set) => capabilities[set] ?? [])
  return [...new Set(names.filter((name) => !isCapability(name)))]
}

const isCapability = (name: string): name is Capability => Object.hasOwn(CAPABILITIES, name)

// Other fields are passed over, as the specification wants.
function known(lists: CapabilityLists): Record<string, Capability[]> {
  return Object.fromEntries(SETS.map((set) => [set, (lists[set] ?? []).filter(isCapability)]))
}

function filterSteps(filter: SeccompEntry | undefined, bounding: readonly string[]): Step[] {
  if (filter === undefined) return []
  const exact = (value: BigNumber | undefined) => (value === undefined ? undefined : toBigInt(value))
  const profile = {
    ...filter,
    ...(filter.syscalls !== undefined && {
      syscalls: filter.syscalls.map((rule) => ({
        ...rule,
        ...(rule.args !== undefined && {
          args: rule.args.map((argument) => ({
            ...argument,
            value: exact(argument.value),
            ...(argument.valueTwo !== undefined && { valueTwo: exact(argument.valueTwo) }),
          })),
        }),
      })),
    }),
  }
  try {
    return seccomp(validateProfile(profile, { unknownFields: 'ignore' }), {
      caps: bounding.filter(isCapability),
      unknownFields: 'ignore',
    })
  } catch (error) {
    throw new ConfigError('$.linux.seccomp', (error as Error).message)
  }
}
