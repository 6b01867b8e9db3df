// Without privilege: a user namespace in which the caller is root, and what it cannot do there.

import type { Step } from '@iso/native'
import { rootless as rootlessUserns } from '@iso/userns'
import type { RunOptions } from './options.js'

/** The user namespace of a container. */
export interface UsernsPlan {
  steps: Step[]
  setgroups: boolean
  /** Group 5 exists inside. */
  ttyGroup: boolean
  /** Host id of an id inside, for the owner of the pipes; undefined where it has none. */
  outside: (uid: number, gid: number) => { uid: number; gid: number } | undefined
}

/** Whether the caller works without privilege. @throws TypeError for a value that is unknown. */
export function isRootless({ rootless = 'auto' }: Pick<RunOptions, 'rootless'>): boolean {
  if (rootless !== 'auto' && typeof rootless !== 'boolean')
    throw new TypeError(`Cannot set rootless: ${String(rootless)} is unknown; wanted "auto", true or false`)
  return rootless === 'auto' ? process.geteuid?.() !== 0 : rootless
}

/** Whether the container gets a user namespace. @throws TypeError for a choice this caller does not have. */
export function wantsUserns({ userns }: Pick<RunOptions, 'userns'>, rootless: boolean): boolean {
  if (userns !== undefined && userns !== 'private' && userns !== 'host')
    throw new TypeError(`Cannot set userns: ${JSON.stringify(userns)} is unknown; wanted "private" or "host"`)
  if (userns === 'host' && rootless)
    throw new TypeError('Cannot set userns "host": without privilege a container needs a user namespace of its own')
  if (userns === 'private' && !rootless)
    throw new TypeError(
      'Cannot set userns "private" as root: which ids it would map to is not set; run as an ordinary user, or with rootless: true'
    )
  return rootless
}

/** The best user namespace the caller can have; none where it is not wanted. */
export function usernsPlan(wanted: boolean): UsernsPlan {
  if (!wanted) return { steps: [], setgroups: true, ttyGroup: true, outside: (uid, gid) => ({ uid, gid }) }
  const { steps, setgroups, maps } = rootlessUserns()
  const find = (ranges: typeof maps.uids, id: number) => {
    const range = ranges.find(({ inside, count }) => id >= inside && id < inside + count)
    return range && range.outside + id - range.inside
  }
  return {
    steps,
    setgroups,
    ttyGroup: find(maps.gids, 5) !== undefined,
    outside: (uid, gid) => {
      const [u, g] = [find(maps.uids, uid), find(maps.gids, gid)]
      return u === undefined || g === undefined ? undefined : { uid: u, gid: g }
    },
  }
}
