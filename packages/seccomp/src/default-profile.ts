import { ALWAYS, BY_CAPABILITY } from './internal/default-calls.js'
import { deepFreeze } from './internal/frozen.js'
import type { Condition, Profile, Rule } from './profile.js'
import { validateProfile } from './validate.js'

const AF_ALG = 38
const AF_VSOCK = 40
const SYS_SOCKET = 1
const ENOSYS = 38
const EPERM = 1
// CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET.
const NEW_NAMESPACES = 0x7e020000
// PER_LINUX, PER_LINUX32, each also with UNAME26; and "tell me the present one".
const PERSONALITIES = [0, 8, 0x20000, 0x20008, 0xffffffff]

const allow = (names: readonly string[], more: Partial<Rule> = {}): Rule => ({
  names,
  action: 'SCMP_ACT_ALLOW',
  ...more,
})
const when = (op: Condition['op'], value: number): { args: Condition[] } => ({ args: [{ index: 0, op, value }] })
const socketcall: Rule = {
  names: ['socketcall'],
  action: 'SCMP_ACT_ERRNO',
  errnoRet: ENOSYS,
  ...when('SCMP_CMP_EQ', SYS_SOCKET),
  comment: 'the address family is behind a pointer; a C library then tries socket(2)',
}

/**
 * Docker's default profile, in Docker's format: about 350 calls allowed, some only with a capability, everything else EPERM.
 *
 * It is stricter than Docker's in two places, because filters alone must hold here where Docker also has an AppArmor profile:
 * `socketcall(SYS_SOCKET)` of 32-bit programs answers ENOSYS (Docker: allowed, which lets them open AF_ALG and AF_VSOCK sockets past the
 * rule for `socket`), and the x32 ABI is not listed. `allowSocketcall()` takes the first back. Frozen.
 *
 * @example
 * ```ts
 * import { defaultProfile, type Profile } from '@iso/seccomp'
 * const withKeyctl: Profile = {
 *   ...defaultProfile, syscalls: [...(defaultProfile.syscalls ?? []), { names: ['keyctl'], action: 'SCMP_ACT_ALLOW' }] }
 * console.log(withKeyctl.defaultAction) // SCMP_ACT_ERRNO
 * ```
 */
export const defaultProfile: Profile = deepFreeze({
  defaultAction: 'SCMP_ACT_ERRNO',
  defaultErrnoRet: EPERM,
  archMap: [
    { architecture: 'SCMP_ARCH_X86_64', subArchitectures: ['SCMP_ARCH_X86'] },
    { architecture: 'SCMP_ARCH_AARCH64', subArchitectures: ['SCMP_ARCH_ARM'] },
  ],
  syscalls: [
    allow(ALWAYS),
    // Before 4.8 a tracer could change a call after its filter had run.
    allow(['ptrace', 'process_vm_readv', 'process_vm_writev'], { includes: { minKernel: '4.8' } }),
    // All address families but the kernel's crypto interface (CVE-2026-31431) and the way to the hypervisor's other guests.
    allow(['socket'], when('SCMP_CMP_LT', AF_ALG)),
    allow(['socket'], when('SCMP_CMP_EQ', AF_ALG + 1)),
    allow(['socket'], when('SCMP_CMP_GT', AF_VSOCK)),
    socketcall,
    ...PERSONALITIES.map((persona) => allow(['personality'], when('SCMP_CMP_EQ', persona))),
    allow(['arch_prctl'], { includes: { arches: ['amd64', 'x32'] } }),
    allow(['modify_ldt'], { includes: { arches: ['amd64', 'x32', 'x86'] } }),
    allow(['arm_fadvise64_64', 'arm_sync_file_range', 'sync_file_range2', 'breakpoint', 'cacheflush', 'set_tls'], {
      includes: { arches: ['arm', 'arm64'] },
    }),
    ...Object.entries(BY_CAPABILITY).map(([capability, names]) => allow(names, { includes: { caps: [capability] } })),
    // Threads and processes, no namespaces. The flags of clone3 are behind a pointer: ENOSYS makes a C library use clone.
    allow(['clone'], { ...when('SCMP_CMP_MASKED_EQ', NEW_NAMESPACES), excludes: { caps: ['CAP_SYS_ADMIN'] } }),
    { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: ENOSYS, excludes: { caps: ['CAP_SYS_ADMIN'] } },
  ],
} satisfies Profile)

/**
 * A profile in which 32-bit programs may call socketcall(2) without limits: needed for old ones and for those written in Go.
 *
 * @returns a copy of `profile`; its rules for `socketcall` are replaced by one that allows it. Any address family can then be
 * opened through int 0x80, by 64-bit programs too.
 * @example
 * ```ts
 * import { allowSocketcall, seccomp } from '@iso/seccomp'
 * console.log(seccomp(allowSocketcall()).length) // 1
 * ```
 */
export function allowSocketcall(profile: Profile = defaultProfile): Profile {
  // A copy: what the caller handed in stays as changeable as it was.
  const { syscalls, ...rest } = structuredClone(validateProfile(profile))
  const others = (syscalls ?? []).flatMap((rule) => withoutSocketcall(rule))
  return deepFreeze({ ...rest, syscalls: [...others, allow(['socketcall'])] })
}

function withoutSocketcall(rule: Rule): Rule[] {
  const names = (rule.names?.length ? rule.names : [rule.name as string]).filter((name) => name !== 'socketcall')
  if (names.length === 0) return []
  const { name: _, ...rest } = rule
  return [{ ...rest, names }]
}
