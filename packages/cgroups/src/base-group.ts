// Where the path of a cgroup begins: the caller's own group, or what stands for it.

import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'

import type { Hierarchy } from './layout.js'

/** Name of the group for the caller's own processes, made by `nest`. */
export const CALLER_GROUP = 'iso-caller'

/** After `nest` the caller sits in a leaf of the group that is its own. */
export function ownGroup(directory: string): string {
  return basename(directory) === CALLER_GROUP ? dirname(directory) : directory
}

/**
 * The group beneath which relative parents lie: the caller's own.
 *
 * But a v2 group with processes, and the caller is one, hands no controller down: there it is the group above, as for runc, where this user
 * may make groups in it. The group above has no processes, or the caller's own would have no controllers. Where the own group is the topmost
 * that can be seen it stays that one: the real root is exempt from the rule, that of a container is not.
 *
 * @param nest The processes of the own group are about to be moved into a leaf of it.
 */
export function baseGroup({ directory, mountPoint }: Hierarchy, version: 1 | 2, nest: boolean): string {
  const own = ownGroup(directory)
  if (version === 1 || nest || own === mountPoint || !hasInternalProcesses(own)) return own
  const above = dirname(own)
  return writable(above) || !writable(own) ? above : own
}

/** Whether the kernel's rule is in the way. The real root is exempt: it alone has no cgroup.type. */
export function hasInternalProcesses(directory: string): boolean {
  return existsSync(join(directory, 'cgroup.type')) && words(directory, 'cgroup.procs').length > 0
}

/** Controllers that could be handed down to the own group from the top of what can be seen, by a user who may write there. */
export function reachable({ mountPoint }: Hierarchy): string[] {
  return writable(join(mountPoint, 'cgroup.subtree_control')) ? words(mountPoint, 'cgroup.controllers') : []
}

/** From the top of the mount to the group above `directory`. */
export function groupsAbove(mountPoint: string, directory: string): string[] {
  const names = relative(mountPoint, directory).split('/').filter(Boolean)
  return names.map((_, index) => join(mountPoint, ...names.slice(0, index)))
}

/** The words of a file of a group; none where it is not there. */
export function words(directory: string, file: string): string[] {
  try {
    return readFileSync(join(directory, file), 'utf8').split(/\s+/).filter(Boolean)
  } catch {
    return []
  }
}

function writable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK)
    return true
  } catch {
    return false
  }
}
