import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { IsoError } from '@iso/native'

import { hasErrno, writeKernelFile } from '../internal/files.js'
import { waitUntil } from '../internal/wait.js'
import type { Place } from '../place.js'
import * as v1 from '../v1/freezer.js'
import * as v2 from '../v2/freezer.js'
import { apply } from './apply.js'
import { findFreezer } from './freeze.js'
import { mainPlace, pids } from './members.js'

/** Send SIGKILL to every process of a group and the groups beneath it, and wait until it is empty. */
export async function kill(places: readonly Place[], timeoutMs: number): Promise<void> {
  const main = mainPlace(places)
  // cgroup.kill: Linux 5.14. One write, and forks cannot outrun it.
  const inOneWrite = main.version === 2 && existsSync(join(main.directory, 'cgroup.kill'))
  if (inOneWrite) await writeKernelFile(join(main.directory, 'cgroup.kill'), '1').catch(ignoreGone)
  const empty = await waitUntil(async () => {
    const left = await pids(main.directory)
    if (left.length === 0) return true
    if (!inOneWrite) await killFrozen(places, main)
    return false
  }, timeoutMs)
  if (empty) return
  const left = await pids(main.directory)
  throw new IsoError(
    'ISO_CGROUP_TIMEOUT',
    `Cannot kill cgroup "${main.directory}" within ${timeoutMs} ms: process ${left.join(', ')} is left`,
    {
      path: main.directory,
      hint: left.includes(0)
        ? '0 is a process of a PID namespace that cannot be seen from here'
        : 'a process waits uninterruptibly in the kernel (state D), or nobody reaps it',
    }
  )
}

/**
 * One round without cgroup.kill: stop the group so that nothing can fork while the list is read, signal all, let go. A v1 frozen process dies
 * only once it is thawed. The freezer may not have stopped everybody yet: the caller looks again.
 */
async function killFrozen(places: readonly Place[], main: Place): Promise<void> {
  const freezer = findFreezer(places)
  const { limits } = freezer?.version === 2 ? v2 : v1
  const freeze = async (frozen: boolean) => {
    for (const write of freezer ? limits(frozen) : []) await apply(freezer!.directory, write).catch(ignoreGone)
  }
  await freeze(true)
  try {
    for (const pid of await pids(main.directory)) {
      if (pid > 0 && pid !== process.pid) signal(pid)
    }
  } finally {
    await freeze(false)
  }
}

function signal(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (!hasErrno(error, 'ESRCH')) throw error
  }
}

function ignoreGone(error: unknown): void {
  if (!hasErrno(error, 'ENOENT', 'ENODEV')) throw error
}
