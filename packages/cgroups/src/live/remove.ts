import { readdir, rmdir } from 'node:fs/promises'
import { join } from 'node:path'

import { IsoError } from '@iso/native'

import { hasErrno, wrap } from '../internal/files.js'
import { waitUntil } from '../internal/wait.js'
import type { Place } from '../place.js'
import { pids } from './members.js'

/**
 * Remove a group and the groups beneath it. The kernel answers EBUSY for a moment after the last process has ended: a zombie that nobody has
 * waited for yet, or the release of its last file.
 */
export async function remove(places: readonly Place[], timeoutMs: number): Promise<void> {
  for (const place of places) {
    if (await waitUntil(() => removeTree(place.directory), timeoutMs)) continue
    const left = await pids(place.directory)
    throw new IsoError('ISO_CGROUP_BUSY', `Cannot remove cgroup "${place.directory}"`, {
      errno: 16,
      syscall: 'rmdir',
      path: place.directory,
      hint:
        left.length > 0 ? `process ${left.join(', ')} is in it; kill() first` : 'the kernel has not let go of it yet',
    })
  }
}

/** Remove one directory and those beneath it. @returns false where the kernel says EBUSY. */
export async function removeTree(directory: string): Promise<boolean> {
  try {
    const entries = await readdir(directory, { withFileTypes: true })
    for (const entry of entries) {
      if (entry.isDirectory() && !(await removeTree(join(directory, entry.name)))) return false
    }
    await rmdir(directory)
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) return true
    if (hasErrno(error, 'EBUSY')) return false
    throw wrap(error, 'ISO_CGROUP_REMOVE', `Cannot remove cgroup "${directory}"`, directory)
  }
  return true
}
