// What has to be done to make a cgroup, in order, as data: cgroup() turns it into steps, Cgroup.create() does it at once.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { findDelegation } from '../delegation.js'
import type { CheckedLimits } from '../limits.js'
import type { Place } from '../place.js'
import type { CgroupOwner } from '../owner.js'
import { V1_CONTROLLERS, writesV1 } from '../v1/writes.js'
import { compileDevices } from '../v2/devices.js'
import { V2_CONTROLLERS, writesUnified, writesV2 } from '../v2/writes.js'
import type { Write } from '../write.js'

/** One thing to do. `exist`: a directory that is there already is right, and is not ours to remove. */
export type Action =
  | { kind: 'create'; place: Place; directory: string; exist: boolean; owner?: CgroupOwner }
  | { kind: 'write'; place: Place; directory: string; write: Write; why: string }
  | { kind: 'program'; place: Place; directory: string; program: Uint8Array }

/** The places that remain (controllers nobody needs may have been dropped), and what to do. */
export function prepare(
  found: readonly Place[],
  limits: CheckedLimits,
  owner?: CgroupOwner
): { places: Place[]; actions: Action[] } {
  const actions: Action[] = []
  const places = found.map((one) => {
    const { place, enable } = findDelegation(one)
    const handDown = (directory: string) => {
      const names = enable.find((group) => group.directory === directory)?.controllers ?? []
      if (names.length === 0) return
      const value = names.map((name) => `+${name}`).join(' ')
      actions.push({
        kind: 'write',
        place,
        directory,
        write: { file: 'cgroup.subtree_control', value },
        why: `hand down ${names.join(', ')}`,
      })
    }
    for (const { directory } of enable) if (!place.parents.includes(directory)) handDown(directory)
    const cpuset = inheritedCpuset(place)
    for (const directory of place.parents) {
      actions.push({ kind: 'create', place, directory, exist: true })
      handDown(directory)
      fillCpuset(actions, place, directory, cpuset)
    }
    const handed = owner !== undefined && place.version === 2 ? { owner } : {}
    actions.push({ kind: 'create', place, directory: place.directory, exist: false, ...handed })
    fillCpuset(actions, place, place.directory, cpuset, limits.cpuset)
    for (const [controller, write] of placeWrites(place, limits)) {
      actions.push({ kind: 'write', place, directory: place.directory, write, why: `limit ${controller}` })
    }
    return place
  })
  const unified = places.find((place) => place.version === 2)
  if (
    unified !== undefined &&
    limits.devices !== undefined &&
    !places.some((place) => place.controllers.includes('devices'))
  ) {
    actions.push({
      kind: 'program',
      place: unified,
      directory: unified.directory,
      program: compileDevices(limits.devices),
    })
  }
  return { places, actions }
}

/** What the controllers of one place write for the limits, with the controller's name. */
export function placeWrites(place: Place, limits: CheckedLimits): [string, Write][] {
  const writes: [string, Write][] = []
  for (const controller of place.controllers) {
    const made =
      place.version === 2
        ? controller in V2_CONTROLLERS
          ? writesV2(controller as keyof typeof V2_CONTROLLERS, limits)
          : []
        : controller in V1_CONTROLLERS
          ? writesV1(controller as keyof typeof V1_CONTROLLERS, limits)
          : []
    for (const write of made) writes.push([controller, write])
  }
  if (place.version === 2) for (const write of writesUnified(limits)) writes.push(['unified', write])
  return writes
}

interface Cpuset {
  cpus: string
  mems: string
}

/** What the nearest existing group above allows; undefined where the place has no v1 cpuset. */
function inheritedCpuset(place: Place): Cpuset | undefined {
  if (place.version === 2 || !place.controllers.includes('cpuset')) return undefined
  let found: Cpuset = { cpus: '', mems: '' }
  for (const directory of [place.base, ...place.parents]) found = { ...found, ...readCpuset(directory) }
  return found
}

/** A new v1 cpuset has no processors and no memory, and takes no process (ENOSPC) before it has. clone_children would change groups that are not ours. */
function fillCpuset(
  actions: Action[],
  place: Place,
  directory: string,
  inherited: Cpuset | undefined,
  limits: Partial<Cpuset> = {}
): void {
  if (inherited === undefined) return
  const has = readCpuset(directory)
  for (const list of ['cpus', 'mems'] as const) {
    if (has[list] !== undefined || limits[list] !== undefined || inherited[list] === '') continue
    actions.push({
      kind: 'write',
      place,
      directory,
      write: { file: `cpuset.${list}`, value: inherited[list] },
      why: 'a new cpuset is empty',
    })
  }
}

function readCpuset(directory: string): Partial<Cpuset> {
  const found: Partial<Cpuset> = {}
  for (const list of ['cpus', 'mems'] as const) {
    try {
      const text = readFileSync(join(directory, `cpuset.${list}`), 'utf8').trim()
      if (text !== '') found[list] = text
    } catch {
      // Not made yet.
    }
  }
  return found
}
