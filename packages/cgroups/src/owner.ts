// Handing a group over: whoever owns it may make groups beneath it and share its limits out among them, and change none of its own.

import { chown, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { wholeNumber } from './internal/check.js'
import { hasErrno, wrap } from './internal/files.js'
import type { Place } from './place.js'
import { unsupported } from './write.js'

/** Whose a group is, by the numbers of the machine: for the root of a user namespace what its 0 is outside. */
export interface CgroupOwner {
  uid: number
  gid: number
}

const MAX_ID = 2 ** 31 - 1

/** @throws TypeError or RangeError with the value; IsoError `ISO_CGROUP_UNSUPPORTED` where there is no v2 group to hand over. @internal */
export function checkOwner(owner: CgroupOwner, places: readonly Place[]): CgroupOwner {
  for (const key of ['uid', 'gid'] as const) wholeNumber(`cgroup owner ${key}`, owner[key], 0, MAX_ID)
  if (!places.some((place) => place.version === 2))
    throw unsupported('cgroup owner', 1, 'whoever may write to a v1 hierarchy may do more than to share limits out')
  return { uid: owner.uid, gid: owner.gid }
}

/** What the kernel is known to hand over (Linux 4.15 says it itself). */
const FILES = 'cgroup.procs cgroup.threads cgroup.subtree_control'

/** Make a user the owner of a v2 group. @internal */
export async function delegate(directory: string, { uid, gid }: CgroupOwner): Promise<void> {
  const files = (await readFile('/sys/kernel/cgroup/delegate', 'utf8').catch(() => FILES)).split(/\s+/).filter(Boolean)
  try {
    await chown(directory, uid, gid)
    for (const file of files) {
      await chown(join(directory, file), uid, gid).catch((error: unknown) => {
        if (!hasErrno(error, 'ENOENT')) throw error
      })
    }
  } catch (error) {
    throw wrap(error, 'ISO_CGROUP_CREATE', `Cannot hand cgroup "${directory}" over to user ${uid}`, directory)
  }
}
