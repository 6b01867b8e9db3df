// userns(): maps -> the steps that make a user namespace with them.

import { readFileSync } from 'node:fs'

import { IsoError, type Step } from '@iso/native'

import {
  checkRanges,
  formatMap,
  mergeRanges,
  parseMap,
  toInside,
  toOutside,
  type IdMaps,
  type IdRange,
} from './id-range.js'
import { callerIds, mayMapFreely } from './internal/privilege.js'

/** How the maps get written. */
export type MapWriter = 'direct' | 'helper' | { newuidmap: string; newgidmap: string }

/** Options of {@link userns}. */
export interface UsernsOptions {
  /** User ids. Absent with `root: 'self'`. */
  uids?: readonly IdRange[]
  /** Group ids. Absent with `root: 'self'`. */
  gids?: readonly IdRange[]
  /** The caller is root inside and nobody else exists: the map every ordinary user may write. */
  root?: 'self'
  /**
   * `direct`: the supervisor writes the maps. `helper`: `/usr/bin/newuidmap` and `/usr/bin/newgidmap` do, or those named.
   * Default: `direct` where this process has CAP_SETUID and CAP_SETGID or the maps hold its own ids alone, else `helper`.
   */
  writer?: MapWriter
  /**
   * Whether setgroups(2) works inside. Default: `deny` where the kernel demands it (an ordinary user writing the gid map
   * without a helper), else `allow`.
   */
  setgroups?: 'allow' | 'deny'
}

const ORIGIN = '@iso/userns'

/**
 * Describe a user namespace, clone3(2) CLONE_NEWUSER: which ids exist inside and who they are outside.
 *
 * The program becomes user and group 0 inside where the maps have a 0, so that it owns what it makes, and lets go of the
 * caller's supplementary groups where setgroups is allowed. Every capability it has inside counts only for what the
 * namespace owns. Without `setgroups` the caller's groups stay (as 65534): they still open the caller's files.
 *
 * @param options see {@link UsernsOptions}
 * @returns steps for `launch()`. Errno of a refusal: EPERM no privilege for the map (or uid 0 mapped without CAP_SETFCAP,
 *   kernel 5.12), ENOSPC user.max_user_namespaces reached, EUSERS nested more than 32 deep
 * @throws RangeError or TypeError for maps the kernel would refuse with EINVAL; IsoError `ISO_IDS_NOT_MAPPED` where this
 *   process itself is in a user namespace that lacks the outside ids
 *
 * Privileges: none for `root: 'self'`; see {@link rootless} for more ids without privilege. Kernel 3.8.
 *
 * @example
 * ```ts
 * import { launch } from '@iso/native'
 * import { userns } from '@iso/userns'
 * const range = { inside: 0, outside: 100000, count: 65536 }
 * const child = await launch(['/bin/cat', '/proc/self/uid_map'], userns({ uids: [range], gids: [range] }))
 * child.stdout?.pipe(process.stdout) // 0 100000 65536
 * await child.closed
 * ```
 * @see https://man7.org/linux/man-pages/man7/user_namespaces.7.html
 */
export function userns(options: UsernsOptions): Step[] {
  const maps = mapsOf(options)
  const writer = options.writer ?? defaultWriter(maps)
  const denied = setgroupsDenied(options, writer)
  const steps: Step[] = [
    { op: 'clone', namespaces: ['user'], why: 'own user and group ids' },
    ...mapSteps(maps, writer, denied),
  ]
  if (toOutside(maps.uids, 0) !== undefined && toOutside(maps.gids, 0) !== undefined) {
    steps.push({ op: 'becomeRoot', why: 'what is made from here on belongs to root inside' })
  }
  if (!denied) steps.push({ op: 'setgroups', gids: [], why: "let go of the caller's groups" })
  return steps.map((step) => ({ origin: ORIGIN, ...step }))
}

/** Whether setgroups(2) fails inside the user namespace that {@link userns} makes of these options: callers leave their groups out then. */
export function deniesSetgroups(options: UsernsOptions): boolean {
  return setgroupsDenied(options, options.writer ?? defaultWriter(mapsOf(options)))
}

function mapsOf(options: UsernsOptions): IdMaps {
  if (options.root !== undefined) {
    if (options.uids !== undefined || options.gids !== undefined)
      throw new TypeError("Cannot use root: 'self' with uids or gids: choose one")
    const { uid, gid } = callerIds()
    return { uids: [{ inside: 0, outside: uid, count: 1 }], gids: [{ inside: 0, outside: gid, count: 1 }] }
  }
  const { uids, gids } = options
  if (uids === undefined || gids === undefined)
    throw new TypeError("Cannot make a user namespace: wanted uids and gids, or root: 'self'")
  checkRanges(uids, 'uids')
  checkRanges(gids, 'gids')
  return { uids: mergeRanges(uids), gids: mergeRanges(gids) }
}

function defaultWriter(maps: IdMaps): MapWriter {
  const { uid, gid } = callerIds()
  const own = (ranges: readonly IdRange[], id: number): boolean =>
    ranges.length === 1 && ranges[0]?.count === 1 && ranges[0].outside === id
  return mayMapFreely() || (own(maps.uids, uid) && own(maps.gids, gid)) ? 'direct' : 'helper'
}

// The kernel lets an unprivileged process write a gid map only once setgroups is denied for good: groups can mean less than
// others (rwx---r-x), so letting go of one could gain access. newgidmap decides that by itself.
function setgroupsDenied(options: UsernsOptions, writer: MapWriter): boolean {
  const must = writer === 'direct' && !mayMapFreely()
  if (must && options.setgroups === 'allow') {
    throw new TypeError(
      "Cannot allow setgroups: an ordinary user writes the gid map only after denying it; wanted writer: 'helper'"
    )
  }
  if (writer !== 'direct' && options.setgroups === 'deny')
    throw new TypeError("Cannot deny setgroups: newgidmap writes the map; wanted writer: 'direct'")
  return must || options.setgroups === 'deny'
}

function mapSteps(maps: IdMaps, writer: MapWriter, denySetgroups: boolean): Step[] {
  if (writer === 'direct') {
    if (mayMapFreely()) for (const kind of ['uid', 'gid'] as const) checkMappedHere(kind, maps[`${kind}s`])
    return [
      { op: 'idMap', kind: 'uid', map: formatMap(maps.uids), why: 'user ids inside and outside' },
      { op: 'idMap', kind: 'gid', map: formatMap(maps.gids), denySetgroups, why: 'group ids inside and outside' },
    ]
  }
  const { newuidmap, newgidmap } =
    writer === 'helper' ? { newuidmap: '/usr/bin/newuidmap', newgidmap: '/usr/bin/newgidmap' } : writer
  return [
    { op: 'idMapHelper', program: newuidmap, ranges: words(maps.uids), why: 'user ids of /etc/subuid' },
    { op: 'idMapHelper', program: newgidmap, ranges: words(maps.gids), why: 'group ids of /etc/subgid' },
  ]
}

function words(ranges: readonly IdRange[]): string[] {
  return ranges.flatMap(({ inside, outside, count }) => [String(inside), String(outside), String(count)])
}

// In a container the outside ids are ids of that container: one it does not have is EPERM, without saying which.
function checkMappedHere(kind: 'uid' | 'gid', ranges: readonly IdRange[]): void {
  const file = `/proc/self/${kind}_map`
  const here = parseMap(readFileSync(file, 'utf8')).map(({ inside, count }) => ({ inside, outside: inside, count }))
  const known = mergeRanges(here)
  for (const range of ranges) {
    const covered = known.some(
      ({ inside, count }) => range.outside >= inside && range.outside + range.count <= inside + count
    )
    if (covered) continue
    const missing = toInside(known, range.outside) === undefined ? range.outside : range.outside + range.count - 1
    throw new IsoError(
      'ISO_IDS_NOT_MAPPED',
      `Cannot map ${kind}s ${range.outside} to ${range.outside + range.count - 1}: ${kind} ${missing} does not exist here`,
      {
        path: file,
        hint: 'this process runs in a user namespace itself; choose ids that its map has',
      }
    )
  }
}
