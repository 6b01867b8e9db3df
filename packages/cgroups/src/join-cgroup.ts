// Entering a cgroup that is there already.

import { existsSync } from 'node:fs'
import { join } from 'node:path'

import type { Step } from '@iso/native'

import { ownGroup } from './base-group.js'
import { currentLayout } from './internal/current-layout.js'
import { detectLayout, type Layout } from './layout.js'
import { findHierarchies, placeIn, type PlaceOptions } from './place.js'

/** Which cgroup to enter: that of a process, or one by its name. */
export type JoinOptions = { pid: number } | (PlaceOptions & { layout?: Layout })

/**
 * Make the steps that put the launched process into an existing cgroup, as for another program in a running container.
 *
 * It is born in the v2 group (CLONE_INTO_CGROUP, Linux 5.7) and enters the v1 groups itself. Hierarchies in which the caller is in the same
 * group are left out. The group is not removed at the end, and nothing is read for a receipt: its figures are those of all its processes.
 *
 * @throws IsoError `ISO_CGROUP_LAYOUT` where there is no such process. A group that is gone by the launch is ENOENT of a step.
 * @example
 * ```ts
 * import { joinCgroup } from '@iso/cgroups'
 * console.log(joinCgroup({ pid: process.pid })) // []: the program would be in these groups anyway
 * ```
 * @see man cgroups(7)
 */
export function joinCgroup(options: JoinOptions): Step[] {
  const before: Step[] = []
  const after: Step[] = []
  for (const { id, version, directory } of targets(options)) {
    const slot = `cgroup:join:${id}`
    const common = { origin: '@iso/cgroups', why: `enter ${id} of a running group` }
    const fs = version === 1 ? 'cgroup' : 'cgroup2'
    before.push({ op: 'open', path: directory, flags: ['readOnly', 'directory'], fs, slot, ...common })
    if (version === 2) after.unshift({ op: 'clone', namespaces: [], cgroup: slot, ...common })
    else after.push({ op: 'writeFile', side: 'child', in: slot, path: 'tasks', data: '0', fs, ...common })
  }
  return [...before, ...after]
}

function targets(options: JoinOptions): { id: string; version: 1 | 2; directory: string }[] {
  const own = 'pid' in options ? currentLayout() : (options.layout ?? currentLayout())
  const mine = findHierarchies(own)
  const theirs = 'pid' in options ? findHierarchies(detectLayout({ pid: options.pid })) : mine
  return theirs
    .map((hierarchy) => ({
      id: hierarchy.version === 2 ? 'unified' : (hierarchy.controllers[0] ?? ''),
      version: hierarchy.version,
      directory: 'pid' in options ? hierarchy.directory : placeIn(hierarchy, options).directory,
    }))
    .filter(({ directory }) => existsSync(join(directory, 'cgroup.procs')))
    .filter(({ directory }) => !mine.some((one) => one.directory === directory && ownGroup(directory) === directory))
}
