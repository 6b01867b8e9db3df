// rootless(): the best user namespace an ordinary user can have here.

import type { Step } from '@iso/native'

import { findHelper } from './helpers.js'
import type { IdMaps } from './id-range.js'
import { callerIds } from './internal/privilege.js'
import { lookupUser } from './internal/passwd.js'
import { layAround } from './layout.js'
import { subidRanges, type SubidFiles, type SubidRange } from './subid.js'
import { userns } from './userns.js'

/** Options of {@link rootless}. */
export interface RootlessOptions {
  /**
   * Which id the caller has inside: `root` for 0, `keep` for its own number, so that its files look the same inside and
   * outside (podman's keep-id). Default: `root`.
   */
  as?: 'root' | 'keep'
  /** `single` never uses newuidmap and subordinate ids. Default: `auto`. */
  maps?: 'auto' | 'single'
  /** Files to read instead of those in /etc. */
  files?: SubidFiles
  /** Where newuidmap and newgidmap are looked for, separated by `:`. */
  helperPath?: string
}

/** What {@link rootless} found. */
export interface Rootless {
  /** Steps for `launch()`. */
  steps: Step[]
  /** `multi`: many ids exist inside; `single`: the caller's alone. */
  kind: 'multi' | 'single'
  maps: IdMaps
  /** The caller's ids inside. */
  uid: number
  gid: number
  /** Whether setgroups(2) works inside. */
  setgroups: boolean
  /** What a single map takes away, in sentences; empty with many ids. */
  lost: string[]
  /** Why there is a single map; empty with many ids. */
  causes: string[]
}

/**
 * Describe the best user namespace an ordinary user can have: all its subordinate ids where newuidmap, newgidmap and entries
 * in `/etc/subuid` and `/etc/subgid` are there, else the caller's own id alone. What is lost then is said, not hidden.
 *
 * @throws Node's EACCES for the files; TypeError or RangeError for ranges in them that overlap
 *
 * Privileges: none. Kernel 3.8.
 *
 * @example
 * ```ts
 * import { launch } from '@iso/native'
 * import { rootless } from '@iso/userns'
 * const { steps, kind, lost } = rootless()
 * console.log(kind, lost)
 * const child = await launch(['/usr/bin/id', '-u'], steps)
 * child.stdout?.pipe(process.stdout) // 0
 * await child.closed
 * ```
 * @see https://man7.org/linux/man-pages/man1/newuidmap.1.html
 */
export function rootless(options: RootlessOptions = {}): Rootless {
  const caller = callerIds()
  const uid = options.as === 'keep' ? caller.uid : 0
  const gid = options.as === 'keep' ? caller.gid : 0
  const subids = subidsOf(caller.uid, options)
  const helpers = [findHelper('newuidmap', options.helperPath), findHelper('newgidmap', options.helperPath)] as const
  const causes = options.maps === 'single' ? ['a single map was asked for'] : causesOf(caller.uid, subids, helpers)
  if (causes.length > 0) {
    const maps = {
      uids: [{ inside: uid, outside: caller.uid, count: 1 }],
      gids: [{ inside: gid, outside: caller.gid, count: 1 }],
    }
    return {
      steps: userns({ ...maps, setgroups: 'deny', writer: 'direct' }),
      kind: 'single',
      maps,
      uid,
      gid,
      setgroups: false,
      lost: LOST,
      causes,
    }
  }
  const maps = { uids: layAround(caller.uid, subids.uids, uid), gids: layAround(caller.gid, subids.gids, gid) }
  const writer = { newuidmap: helpers[0].path as string, newgidmap: helpers[1].path as string }
  const steps = [...userns({ ...maps, writer }), ...(options.as === 'keep' ? becomeCaller(uid, gid) : [])]
  return { steps, kind: 'multi', maps, uid, gid, setgroups: true, lost: [], causes }
}

// The mounts are made as root inside; the program runs as the caller.
function becomeCaller(uid: number, gid: number): Step[] {
  const why = "the caller's own number"
  return [
    { op: 'setgid', gid, origin: '@iso/userns', why },
    { op: 'setuid', uid, origin: '@iso/userns', why },
  ]
}

const LOST = [
  'Only one user and one group exist inside: files of all others show as 65534, and chown to another id fails with EINVAL.',
  'Programs that change their user (apt, sshd, postgres) fail, since there is no other user to become.',
  "setgroups is denied, so the caller's supplementary groups stay in force and cannot be let go of.",
]

function subidsOf(uid: number, { files }: RootlessOptions): { uids: SubidRange[]; gids: SubidRange[] } {
  return subidRanges(lookupUser(uid, files?.passwd)?.name ?? uid, files)
}

function causesOf(
  uid: number,
  subids: { uids: SubidRange[]; gids: SubidRange[] },
  helpers: readonly { cause?: string }[]
): string[] {
  const causes = helpers.flatMap(({ cause }) => (cause === undefined ? [] : [cause]))
  if (subids.uids.length === 0) causes.push(`uid ${uid} has no range in /etc/subuid`)
  if (subids.gids.length === 0) causes.push(`uid ${uid} has no range in /etc/subgid`)
  return causes
}
