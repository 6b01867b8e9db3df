// /etc/subuid and /etc/subgid: the ids an ordinary user may hand to a user namespace.

import { readFileSync } from 'node:fs'

import { IsoError } from '@iso/native'

import { lookupUser } from './internal/passwd.js'

/** One line of `/etc/subuid` or `/etc/subgid`. */
export interface SubidEntry {
  /** User name or numeric uid (in `/etc/subgid`, too), as it stands there. */
  owner: string
  /** First id. */
  start: number
  /** How many, from 1. */
  count: number
}

/** A run of ids on the host. */
export type SubidRange = Omit<SubidEntry, 'owner'>

/** Which files are read. */
export interface SubidFiles {
  /** Default: `/etc/subuid`. */
  subuid?: string
  /** Default: `/etc/subgid`. */
  subgid?: string
  /** Default: `/etc/passwd`. */
  passwd?: string
}

/**
 * Read the text of `/etc/subuid` or `/etc/subgid`: lines `owner:start:count`. Blank lines and lines that start with `#` are
 * left out, lines newuidmap(1) would not understand, too: it skips them as well.
 *
 * @example
 * ```ts
 * import { parseSubid } from '@iso/userns'
 * console.log(parseSubid('me:100000:65536\n')) // [ { owner: 'me', start: 100000, count: 65536 } ]
 * ```
 * @see https://man7.org/linux/man-pages/man5/subuid.5.html
 */
export function parseSubid(text: string): SubidEntry[] {
  return text.split('\n').flatMap((line) => {
    const match = /^([^#:\s][^:]*):(\d+):(\d+)$/.exec(line.trim())
    if (match === null) return []
    const entry = { owner: match[1] as string, start: Number(match[2]), count: Number(match[3]) }
    return entry.count > 0 && entry.start + entry.count <= 0xffff_ffff ? [entry] : []
  })
}

/**
 * The subordinate ids of a user: entries by name and by number, in the order of the file, joined where they touch.
 *
 * Ids that `nsswitch.conf` says come from elsewhere (`subid: sss`) are not seen; `getsubids(1)` shows them.
 *
 * @param user name or uid
 * @returns uids and gids; both empty where the user has none
 * @throws IsoError `ISO_USER_UNKNOWN` for a name that `/etc/passwd` does not have; Node's EACCES
 *
 * @example
 * ```ts
 * import { subidRanges } from '@iso/userns'
 * console.log(subidRanges('root')) // { uids: [ … ], gids: [ … ] }
 * ```
 * @see https://man7.org/linux/man-pages/man5/subuid.5.html
 */
export function subidRanges(user: string | number, files: SubidFiles = {}): { uids: SubidRange[]; gids: SubidRange[] } {
  const known = lookupUser(user, files.passwd)
  if (known === undefined && typeof user === 'string' && !/^\d+$/.test(user)) {
    throw new IsoError('ISO_USER_UNKNOWN', `Cannot look up user "${user}": not in ${files.passwd ?? '/etc/passwd'}`, {
      path: files.passwd ?? '/etc/passwd',
      hint: `useradd --system --no-create-home ${user}`,
    })
  }
  const owners = new Set([String(user), ...(known === undefined ? [] : [known.name, String(known.uid)])])
  return {
    uids: rangesOf(owners, files.subuid ?? '/etc/subuid'),
    gids: rangesOf(owners, files.subgid ?? '/etc/subgid'),
  }
}

function rangesOf(owners: ReadonlySet<string>, file: string): SubidRange[] {
  const ranges: SubidRange[] = []
  for (const { owner, start, count } of parseSubid(textOf(file))) {
    if (!owners.has(owner)) continue
    const last = ranges[ranges.length - 1]
    if (last !== undefined && last.start + last.count === start) last.count += count
    else ranges.push({ start, count })
  }
  return ranges
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}
