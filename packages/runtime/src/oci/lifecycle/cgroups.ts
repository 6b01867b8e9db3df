// The end of a container's groups.

import { rmdirSync } from 'node:fs'
import { undo } from '@iso/native'
import type { CgroupDirectory } from '../steps/cgroup.js'

/** Remove the groups; what still runs in them is killed. Those that are gone are no failure. @throws IsoError `ISO_CLEANUP`. */
export async function removeCgroups(cgroups: readonly CgroupDirectory[]): Promise<void> {
  const left = cgroups.filter(({ directory }) => !removed(directory))
  if (left.length > 0) await undo(left.map(({ directory }) => ({ op: 'cgroupRemove', path: directory })))
}

// The common group is empty: no process of ours is needed to remove it.
function removed(directory: string): boolean {
  try {
    rmdirSync(directory)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
  }
}
