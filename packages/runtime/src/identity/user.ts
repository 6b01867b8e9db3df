// Who the program runs as: names are looked up in the container's own files, numbers never are.

import { closeFd, IsoError, openat2, type Step } from '@iso/native'
import { list, show, wholeNumber } from '../internal/check.js'
import { findPasswd, groups, parseId, type PasswdEntry } from './passwd.js'
import { readRootFile } from './root-files.js'

/** The identity of a program. */
export interface Identity {
  uid: number
  gid: number
  /** Supplementary groups, without `gid`. */
  gids: readonly number[]
  /** Home directory in passwd(5); `/` where the user has no line. */
  home: string
}

/** What {@link resolveUser} needs. */
export interface UserOptions {
  user?: string | number | undefined
  groupAdd?: readonly (string | number)[] | undefined
}

/**
 * Resolve `name`, `uid`, `name:group` or `uid:gid` in a root filesystem.
 *
 * @param root path of the root, or a descriptor of it.
 * @throws IsoError `ISO_USER` for a name that is not in the files; RangeError for a number above 2^31-1; TypeError for other text.
 */
export function resolveUser(root: string | number, { user, groupAdd }: UserOptions): Identity {
  const [who, group] = splitUser(user)
  const fd = typeof root === 'number' ? root : openat2(null, root, { flags: ['path', 'directory'] })
  try {
    const passwd = readRootFile(fd, '/etc/passwd') ?? ''
    const entry = findUser(passwd, who)
    const uid = entry?.uid ?? (who as number)
    const groupText = readRootFile(fd, '/etc/group') ?? ''
    const gid = group === undefined ? (entry?.gid ?? 0) : findGroup(groupText, group)
    const member =
      group === undefined && entry !== undefined
        ? groups(groupText)
            .filter((g) => g.members.includes(entry.name))
            .map((g) => g.gid)
        : []
    const added = list('groupAdd', groupAdd).map((g) =>
      findGroup(groupText, typeof g === 'number' ? wholeNumber('groupAdd', g, 0, 2 ** 31 - 1) : idOrName('groupAdd', g))
    )
    const gids = [...new Set([...member, ...added])].filter((id) => id !== gid)
    return { uid, gid, gids, home: entry?.home.startsWith('/') ? entry.home : '/' }
  } finally {
    if (typeof root !== 'number') closeFd(fd)
  }
}

function splitUser(user: string | number | undefined): [who: string | number, group?: string | number] {
  if (user === undefined || user === '') return [0]
  if (typeof user === 'number') return [wholeNumber('user', user, 0, 2 ** 31 - 1)]
  if (typeof user !== 'string') throw new TypeError(`Cannot set user: ${show(user)} is neither a name nor a number`)
  const [who = '', group, ...rest] = user.split(':')
  if (rest.length > 0 || who === '' || group === '')
    throw new TypeError(`Cannot set user: ${show(user)} is no user; wanted "user", "user:group" or numbers`)
  return group === undefined ? [idOrName('user', who)] : [idOrName('user', who), idOrName('group', group)]
}

// What looks like a number is one, and must be in range: never a name, whatever a passwd file says (CVE-2024-40635, CVE-2026-30892).
function idOrName(what: string, text: string): string | number {
  if (typeof text !== 'string') throw new TypeError(`Cannot set ${what}: ${show(text)} is neither a name nor a number`)
  if (/^[+-]?\d+$/.test(text)) {
    const id = parseId(text)
    if (id === undefined)
      throw new RangeError(`Cannot set ${what}: ${show(text)} is out of range; wanted 0 to 2147483647`)
    return id
  }
  if (!/^[^\s:,\0/]+$/.test(text)) throw new TypeError(`Cannot set ${what}: ${show(text)} is no name`)
  return text
}

function findUser(passwd: string, who: string | number): PasswdEntry | undefined {
  const entry = findPasswd(passwd, typeof who === 'number' ? (e) => e.uid === who : (e) => e.name === who)
  if (entry === undefined && typeof who === 'string') {
    throw new IsoError('ISO_USER', `Cannot run as user ${show(who)}: no such user`, {
      path: '/etc/passwd',
      hint: 'names come from /etc/passwd of the container; a number needs no line there',
    })
  }
  return entry
}

function findGroup(text: string, group: string | number): number {
  if (typeof group === 'number') return group
  for (const entry of groups(text)) if (entry.name === group) return entry.gid
  throw new IsoError('ISO_USER', `Cannot run with group ${show(group)}: no such group`, {
    path: '/etc/group',
    hint: 'names come from /etc/group of the container; a number needs no line there',
  })
}

/** The steps that take on an identity. @param setgroups false where the user namespace denies setgroups(2). */
export function identitySteps({ uid, gid, gids }: Identity, setgroups: boolean): Step[] {
  const all = [gid, ...gids]
  if (!setgroups && gids.length > 0)
    throw new IsoError(
      'ISO_USER',
      `Cannot run with groups ${gids.join(', ')}: setgroups is denied in this user namespace`,
      { hint: 'subordinate ids (newuidmap, /etc/subuid) allow more than one group' }
    )
  return [
    ...(setgroups ? [{ op: 'setgroups', gids: all, why: 'no group of the caller stays' } as const] : []),
    { op: 'setgid', gid, why: 'user' },
    { op: 'setuid', uid, why: 'user' },
  ]
}
