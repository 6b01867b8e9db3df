// cgroup v2 hands controllers down one level at a time, and only from groups that hold no processes themselves.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { IsoError } from '@iso/native'

import { CALLER_GROUP, groupsAbove, hasInternalProcesses, ownGroup, words } from './base-group.js'
import { hasErrno, wrap } from './internal/files.js'
import { currentLayout } from './internal/current-layout.js'
import type { Layout } from './layout.js'
import type { Place } from './place.js'

/** A group above the new one whose cgroup.subtree_control must be written. */
export interface Enable {
  directory: string
  controllers: string[]
}

/**
 * Find the groups, from the outermost, that do not yet hand down the controllers a v2 place needs.
 *
 * Controllers that are only wished for are dropped from the place where they cannot be handed down.
 *
 * @throws IsoError `ISO_CGROUP_INTERNAL_PROCESS` where the kernel would answer EBUSY: the group has processes of its own.
 */
export function findDelegation(place: Place): { place: Place; enable: Enable[] } {
  if (place.version === 1 || place.controllers.length === 0) return { place, enable: [] }
  const obstacle = hasInternalProcesses(place.base)
  const given = words(place.base, 'cgroup.subtree_control')
  const missing = place.controllers.filter((name) => !given.includes(name))
  const refused = obstacle ? missing : []
  const fatal = refused.filter((name) => place.required.includes(name))
  if (fatal.length > 0) throw internalProcessError(place.base, fatal)
  const controllers = place.controllers.filter((name) => !refused.includes(name))
  const within = [place.base, ...place.parents].map((directory) => lacking(directory, controllers))
  // Groups above are others' and changed for a limit alone.
  const absent = controllers.filter((name) => !words(place.base, 'cgroup.controllers').includes(name))
  const above = groupsAbove(place.mountPoint, place.base).map((directory) => lacking(directory, absent))
  const enable = [...above, ...within]
  return { place: { ...place, controllers }, enable: enable.filter((one) => one.controllers.length > 0) }
}

function lacking(directory: string, controllers: readonly string[]): Enable {
  const has = words(directory, 'cgroup.subtree_control')
  return { directory, controllers: controllers.filter((name) => !has.includes(name)) }
}

/**
 * Move every process of the caller's own v2 cgroup into a new leaf of it (`iso-caller`), so that the group may hand controllers down.
 *
 * Not reversible while they live, and seen by everybody who knows these processes by their cgroup (systemd: only in a group with
 * `Delegate=yes`); so nothing calls it unasked. Where nothing is in the way it does nothing.
 *
 * @param layout Where the caller is. Default: {@link detectLayout}.
 * @returns The directory of the group that can now hand controllers down; undefined where v2 is not mounted.
 * @throws IsoError `ISO_CGROUP_WRITE`: EACCES, the group is not delegated to this user; EBUSY, processes kept appearing.
 * @see man cgroups(7) "No internal processes"
 */
export function nestCaller(layout: Layout = currentLayout()): string | undefined {
  if (layout.v2 === undefined) return undefined
  const group = ownGroup(layout.v2.directory)
  const leaf = join(group, CALLER_GROUP)
  try {
    if (!hasInternalProcesses(group)) return group
    mkdirSync(leaf, { recursive: true })
    // Those that fork while they are moved leave children behind: look again until nobody is left.
    for (let round = 0; round < 100; round++) {
      const pids = words(group, 'cgroup.procs')
      if (pids.length === 0) return group
      for (const pid of pids) move(pid, leaf)
    }
  } catch (error) {
    throw wrap(
      error,
      'ISO_CGROUP_WRITE',
      `Cannot move the caller's processes to "${leaf}"`,
      leaf,
      'is the cgroup delegated to this user?'
    )
  }
  throw new IsoError('ISO_CGROUP_WRITE', `Cannot move the caller's processes to "${leaf}": new ones keep appearing`, {
    path: leaf,
  })
}

function move(pid: string, leaf: string): void {
  try {
    writeFileSync(join(leaf, 'cgroup.procs'), pid)
  } catch (error) {
    // It has ended meanwhile.
    if (!hasErrno(error, 'ESRCH')) throw error
  }
}

function internalProcessError(directory: string, controllers: readonly string[]): IsoError {
  const names = controllers.join(', ')
  return new IsoError(
    'ISO_CGROUP_INTERNAL_PROCESS',
    `Cannot enable ${names} below "${directory}": it has processes of its own`,
    {
      path: directory,
      errno: 16,
      syscall: 'write',
      hint:
        'a v2 group either has processes or hands controllers down; pass nest: true to move the processes of this group into a leaf of it, ' +
        'start the caller in a delegated group of its own (systemd-run --user --scope -p Delegate=yes), or choose another parent',
    }
  )
}
