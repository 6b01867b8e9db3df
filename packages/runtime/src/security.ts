// Capabilities, no_new_privs and the system call filter.

import { readFileSync } from 'node:fs'
import { ALL, available, DOCKER_DEFAULT, keep, resolve, type Capability, type CapabilityName } from '@iso/caps'
import type { Step } from '@iso/native'
import { defaultProfile, parseProfile, seccomp, type Profile, type Rule } from '@iso/seccomp'
import { flag, list, show } from './internal/check.js'
import type { RunOptions } from './options.js'

/** What protects the host from the program. */
export interface Security {
  /** Names of the capabilities that stay, with `CAP_`. */
  caps: readonly Capability[]
  noNewPrivileges: boolean
  /** The system call filter. */
  seccomp: Profile | 'default' | 'unconfined'
  /** /proc and /sys are as the kernel makes them. */
  systemPaths: 'masked' | 'unconfined'
  /** User namespaces can be made inside. */
  nestedUserns: boolean
}

type SecurityOptions = Pick<
  RunOptions,
  'capAdd' | 'capDrop' | 'privileged' | 'securityOpt' | 'noNewPrivileges' | 'seccomp' | 'allowNestedUserns'
>

/** @throws TypeError for an option that is unknown, or one this machine's kernel cannot honour. */
export function securityOf(options: SecurityOptions, userns: boolean): Security {
  const privileged = flag('privileged', options.privileged, false)
  const security: Security = {
    caps: capabilities(
      list('capAdd', options.capAdd) as CapabilityName[],
      list('capDrop', options.capDrop) as CapabilityName[],
      privileged,
      userns
    ),
    noNewPrivileges: flag('noNewPrivileges', options.noNewPrivileges, !privileged),
    seccomp: options.seccomp ?? (privileged ? 'unconfined' : 'default'),
    systemPaths: privileged ? 'unconfined' : 'masked',
    nestedUserns: flag('allowNestedUserns', options.allowNestedUserns, privileged),
  }
  for (const option of list('securityOpt', options.securityOpt)) apply(security, option)
  return security
}

// Docker's rules, on what there is: a caller that itself has less, as inside a container, gives less.
function capabilities(
  add: readonly CapabilityName[],
  drop: readonly CapabilityName[],
  privileged: boolean,
  userns: boolean
): Capability[] {
  const all = userns ? ALL : available()
  return resolve({ base: DOCKER_DEFAULT.filter((name) => all.includes(name)), add, drop, privileged, all })
}

function apply(security: Security, option: string): void {
  const [, key = '', value] = /^([a-z-]+)(?:[=:](.*))?$/s.exec(String(option)) ?? []
  switch (key) {
    case 'no-new-privileges':
      security.noNewPrivileges =
        value === undefined || value === 'true'
          ? true
          : value === 'false'
            ? false
            : refuse(option, 'wanted true or false')
      return
    case 'seccomp':
      if (value === undefined || value === '') refuse(option, 'wanted "seccomp=unconfined" or a file')
      else
        security.seccomp =
          value === 'unconfined'
            ? 'unconfined'
            : value === 'builtin'
              ? 'default'
              : parseProfile(readFileSync(value, 'utf8'))
      return
    case 'systempaths':
      security.systemPaths = value === 'unconfined' ? 'unconfined' : refuse(option, 'wanted "systempaths=unconfined"')
      return
    case 'apparmor':
    case 'label':
      if (value === 'unconfined' || value === 'disable') return
      return refuse(
        option,
        `${key} profiles are not supported; wanted "${key}=${key === 'label' ? 'disable' : 'unconfined'}"`
      )
    default:
      refuse(
        option,
        'it is unknown; wanted no-new-privileges, seccomp=…, systempaths=unconfined, apparmor=unconfined or label=disable'
      )
  }
}

function refuse(option: string, why: string): never {
  throw new TypeError(`Cannot use security option ${show(option)}: ${why}`)
}

/** The steps that lock the program in, in the order the linker keeps; nothing is inheritable (CVE-2022-24769). @param uid user of the program. */
export function securitySteps(security: Security, uid: number, newUserns: boolean): Step[] {
  return [...keep(security.caps, { uid, newUserns, noNewPrivs: security.noNewPrivileges }), ...filterSteps(security)]
}

function filterSteps({ seccomp: profile, caps, nestedUserns }: Security): Step[] {
  if (profile === 'unconfined') return []
  if (nestedUserns) return seccomp(withRules(profile === 'default' ? defaultProfile : profile, NESTED), { caps })
  // Docker's default lets nobody without CAP_SYS_ADMIN make a user namespace; other profiles and those who have it might.
  const blocked = profile === 'default' && !caps.includes('CAP_SYS_ADMIN')
  return [...seccomp(profile, { caps }), ...(blocked ? [] : seccomp(NO_NESTED, { caps }))]
}

const CLONE_NEWUSER = 0x10000000
const ALLOW = 'SCMP_ACT_ALLOW'

const withRules = (profile: Profile, rules: readonly Rule[]): Profile => ({
  ...profile,
  syscalls: [...(profile.syscalls ?? []), ...rules],
})

/** What a sandbox inside the sandbox needs (bubblewrap, Chromium): namespaces, mounts in them, and their names. */
const NESTED: readonly Rule[] = [
  {
    names: [
      'clone',
      'clone3',
      'unshare',
      'setns',
      'mount',
      'umount',
      'umount2',
      'pivot_root',
      'sethostname',
      'setdomainname',
      'fsopen',
      'fsconfig',
      'fsmount',
      'fspick',
      'move_mount',
      'open_tree',
      'mount_setattr',
    ],
    action: ALLOW,
  },
]

/** Everything but user namespaces; clone3 hides its flags from a filter, and C libraries fall back to clone on ENOSYS. */
const NO_NESTED: Profile = {
  defaultAction: ALLOW,
  ...(defaultProfile.archMap === undefined ? {} : { archMap: defaultProfile.archMap }),
  syscalls: [
    {
      names: ['clone', 'unshare'],
      action: 'SCMP_ACT_ERRNO',
      errnoRet: 1,
      args: [{ index: 0, value: CLONE_NEWUSER, valueTwo: CLONE_NEWUSER, op: 'SCMP_CMP_MASKED_EQ' }],
    },
    { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: 38 },
  ],
}
