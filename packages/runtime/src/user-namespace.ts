// The user namespace of a container: that of an ordinary user, or one in which root is an unprivileged user of the host.

import { IsoError, type Step } from '@iso/native'
import type { IdmapOwner } from '@iso/overlay'
import { deniesSetgroups, rootless as rootlessUserns, toOutside, userns, type IdMaps } from '@iso/userns'
import type { Identity } from './identity/user.js'
import { show } from './internal/check.js'
import type { RunOptions } from './options.js'
import { remapRanges } from './remap.js'

/** The user namespace of a container; without steps it has that of the host. */
export interface UsernsPlan {
  steps: Step[]
  setgroups: boolean
  /** Which ids of the host exist inside; absent where all do. */
  maps?: IdMaps
  /** Root of the host makes the container: it can translate owners, and this is who root inside is. */
  idmap?: IdmapOwner
}

/** @throws TypeError or RangeError for a choice this caller does not have; IsoError `ISO_NO_SUBIDS`. */
export function usernsPlan({ userns: choice }: Pick<RunOptions, 'userns'>, rootless: boolean): UsernsPlan {
  checkChoice(choice)
  if (choice === 'host' && rootless)
    throw new TypeError('Cannot set userns "host": without privilege a container needs a user namespace of its own')
  if (rootless && typeof choice === 'object') return rangesPlan(remapRanges(choice))
  if (rootless) {
    const { steps, setgroups, maps } = rootlessUserns()
    return { steps, setgroups, maps }
  }
  if (choice === undefined || choice === 'host') return { steps: [], setgroups: true }
  const maps = remapRanges(choice)
  const [rootUid, rootGid] = [toOutside(maps.uids, 0), toOutside(maps.gids, 0)] as [number, number]
  return { ...rangesPlan(maps), idmap: { rootUid, rootGid } }
}

function checkChoice(choice: unknown): void {
  if (choice === undefined || choice === 'private' || choice === 'host') return
  if (typeof choice !== 'object' || choice === null)
    throw new TypeError(
      `Cannot set userns: ${show(choice)} is unknown; wanted "private", "host", { user } or { uids, gids }`
    )
}

const rangesPlan = (maps: IdMaps): UsernsPlan => ({
  steps: userns(maps),
  setgroups: !deniesSetgroups(maps),
  maps,
})

/** Ids of the host of a user inside, for the owner of its pipes; undefined where it has none. */
export function outside(maps: IdMaps | undefined, uid: number, gid: number): { uid: number; gid: number } | undefined {
  if (maps === undefined) return { uid, gid }
  const [u, g] = [toOutside(maps.uids, uid), toOutside(maps.gids, gid)]
  return u === undefined || g === undefined ? undefined : { uid: u, gid: g }
}

/** Whether an id exists inside. */
export const hasGroup = (maps: IdMaps | undefined, gid: number): boolean =>
  maps === undefined || toOutside(maps.gids, gid) !== undefined

/** Refuse an identity that does not exist inside: the kernel would only say EINVAL. @throws IsoError `ISO_USER`. */
export function checkMapped(maps: IdMaps | undefined, { uid, gid, gids }: Identity): void {
  if (maps === undefined) return
  const missing =
    toOutside(maps.uids, uid) === undefined
      ? `uid ${uid}`
      : [gid, ...gids].filter((id) => toOutside(maps.gids, id) === undefined).map((id) => `gid ${id}`)[0]
  if (missing === undefined) return
  throw new IsoError('ISO_USER', `Cannot run as ${missing}: it does not exist in the user namespace of the container`, {
    hint: 'subordinate ids (/etc/subuid, /etc/subgid) make more of them',
  })
}
