import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { IsoError } from '@iso/native'

import { waitUntil } from '../internal/wait.js'
import type { Place } from '../place.js'
import * as v1 from '../v1/freezer.js'
import * as v2 from '../v2/freezer.js'
import { apply } from './apply.js'

/** The freezer of a group: v2's where it has one (Linux 5.2), else the v1 controller. */
export function findFreezer(places: readonly Place[]): Place | undefined {
  return findFreezers(places)[0]
}

/** Both, v2's first: somebody else may have frozen the group by the other one. */
function findFreezers(places: readonly Place[]): Place[] {
  return [
    ...places.filter((place) => place.version === 2 && existsSync(join(place.directory, 'cgroup.freeze'))),
    ...places.filter((place) => place.version === 1 && place.controllers.includes('freezer')),
  ]
}

/** Stop or continue every process, and wait until the kernel says that it is so. */
export async function setFrozen(places: readonly Place[], frozen: boolean, timeoutMs: number): Promise<void> {
  const [first, ...others] = findFreezers(places)
  if (first === undefined) {
    throw new IsoError('ISO_CGROUP_CONTROLLER', 'Cannot freeze cgroup: it has no freezer', {
      hint: 'mount cgroup v2 (Linux 5.2) or the v1 freezer controller',
    })
  }
  for (const place of frozen ? [first] : [first, ...others]) await setPlace(place, frozen, timeoutMs)
}

async function setPlace(place: Place, frozen: boolean, timeoutMs: number): Promise<void> {
  const { limits, stat } = place.version === 2 ? v2 : v1
  const write = async (value: boolean) => {
    for (const one of limits(value)) await apply(place.directory, one)
  }
  await write(frozen)
  const done = await waitUntil(async () => {
    if ((await stat(place.directory)) === frozen) return true
    // A v1 group that forks while it freezes stays FREEZING until somebody writes again.
    if (place.version === 1) await write(frozen)
    return false
  }, timeoutMs)
  if (done) return
  // Neither frozen nor running is no state to leave a group in.
  if (frozen) await write(false)
  throw new IsoError(
    'ISO_CGROUP_TIMEOUT',
    `Cannot ${frozen ? 'freeze' : 'thaw'} cgroup "${place.directory}" within ${timeoutMs} ms`,
    {
      path: place.directory,
      hint: frozen
        ? 'a process waits uninterruptibly in the kernel (state D); the group was thawed again'
        : 'a group above it is frozen',
    }
  )
}
