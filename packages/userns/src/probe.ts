// probe(): which user namespaces this machine allows this user, and what stands in the way.

import { existsSync, readFileSync } from 'node:fs'

import { findHelper } from './helpers.js'
import { callerIds, mayMapFreely } from './internal/privilege.js'
import { lookupUser } from './internal/passwd.js'
import { subidRanges, type SubidFiles } from './subid.js'

/** One thing that was looked at. */
export interface UsernsCheck {
  name: 'kernel' | 'limit' | 'sysctl' | 'apparmor' | 'newuidmap' | 'newgidmap' | 'subuid' | 'subgid'
  ok: boolean
  /** What was found. */
  found: string
  /** What it prevents, where it is not ok. */
  cause?: string
  /** A command or setting that helps, where it is not ok. */
  remedy?: string
}

/** What {@link probe} found. */
export interface UsernsProbe {
  /** `multi`: with many ids; `single`: with the caller's own; `none`: not at all. */
  kind: 'multi' | 'single' | 'none'
  checks: UsernsCheck[]
}

/** Where {@link probe} looks. */
export interface ProbeOptions {
  /** Default: `/proc`. */
  proc?: string
  files?: SubidFiles
  helperPath?: string
}

/**
 * Look at what decides whether this user can have user namespaces, and how many ids in them: nothing is created.
 *
 * A security module or a seccomp filter that says no without a setting to read is not seen; only a launch shows it (EPERM).
 *
 * @example
 * ```ts
 * import { probe } from '@iso/userns'
 * const { kind, checks } = probe()
 * console.log(kind)
 * for (const check of checks) if (!check.ok) console.log(`${check.name}: ${check.cause}; ${check.remedy}`)
 * ```
 * @see https://man7.org/linux/man-pages/man7/user_namespaces.7.html
 */
export function probe(options: ProbeOptions = {}): UsernsProbe {
  const proc = options.proc ?? '/proc'
  const allowed = [kernel(proc), limit(proc), sysctl(proc), apparmor(proc)]
  const many = [helper('newuidmap', options), helper('newgidmap', options), ...subids(options)]
  const kind = allowed.some(({ ok }) => !ok)
    ? 'none'
    : mayMapFreely() || many.every(({ ok }) => ok)
      ? 'multi'
      : 'single'
  return { kind, checks: [...allowed, ...many] }
}

function kernel(proc: string): UsernsCheck {
  if (existsSync(`${proc}/self/ns/user`)) return { name: 'kernel', ok: true, found: 'CONFIG_USER_NS=y' }
  return {
    name: 'kernel',
    ok: false,
    found: 'no /proc/self/ns/user',
    cause: 'the kernel is built without user namespaces',
    remedy: 'boot a kernel with CONFIG_USER_NS=y',
  }
}

function limit(proc: string): UsernsCheck {
  const value = read(`${proc}/sys/user/max_user_namespaces`)
  const found = `user.max_user_namespaces=${value ?? 'absent'}`
  if (value !== '0') return { name: 'limit', ok: true, found }
  return {
    name: 'limit',
    ok: false,
    found,
    cause: 'no user namespace may be created (ENOSPC)',
    remedy: 'sysctl -w user.max_user_namespaces=15000',
  }
}

// Debian's and Arch's own switch; the plain kernel does not have it. Root passes.
function sysctl(proc: string): UsernsCheck {
  const value = read(`${proc}/sys/kernel/unprivileged_userns_clone`)
  const found = `kernel.unprivileged_userns_clone=${value ?? 'absent'}`
  if (value !== '0' || mayMapFreely()) return { name: 'sysctl', ok: true, found }
  return {
    name: 'sysctl',
    ok: false,
    found,
    cause: 'ordinary users may not create user namespaces (EPERM)',
    remedy: 'sysctl -w kernel.unprivileged_userns_clone=1',
  }
}

// Ubuntu 23.10 and later: the namespace is made, but without capabilities in it, unless the program has a profile.
function apparmor(proc: string): UsernsCheck {
  const value = read(`${proc}/sys/kernel/apparmor_restrict_unprivileged_userns`)
  const found = `kernel.apparmor_restrict_unprivileged_userns=${value ?? 'absent'}`
  if (value !== '1' || mayMapFreely()) return { name: 'apparmor', ok: true, found }
  return {
    name: 'apparmor',
    ok: false,
    found,
    cause: 'AppArmor takes the capabilities of user namespaces that ordinary users make (EPERM at the first mount)',
    remedy:
      'install an AppArmor profile with "userns," for the program, or sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
  }
}

function helper(name: 'newuidmap' | 'newgidmap', { helperPath }: ProbeOptions): UsernsCheck {
  const { path, cause, remedy } = findHelper(name, helperPath)
  return {
    name,
    ok: cause === undefined,
    found: path ?? 'absent',
    ...(cause !== undefined && { cause }),
    ...(remedy !== undefined && { remedy }),
  }
}

function subids({ files }: ProbeOptions): UsernsCheck[] {
  const { uid } = callerIds()
  const name = lookupUser(uid, files?.passwd)?.name ?? String(uid)
  const ranges = subidRanges(name, files)
  return (
    [
      ['subuid', ranges.uids],
      ['subgid', ranges.gids],
    ] as const
  ).map(([kind, list]) => {
    const found = list.length === 0 ? 'no range' : list.map(({ start, count }) => `${start}:${count}`).join(', ')
    if (list.length > 0) return { name: kind, ok: true, found }
    return {
      name: kind,
      ok: false,
      found,
      cause: `only one ${kind.slice(3)} exists inside`,
      remedy: `usermod --add-${kind}s 100000-165535 ${name}`,
    }
  })
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return undefined
  }
}
