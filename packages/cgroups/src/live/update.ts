import { join } from 'node:path'

import { IsoError } from '@iso/native'

import { hasErrno, readIfPresent, writeKernelFile } from '../internal/files.js'
import { placeWrites } from '../internal/prepare.js'
import type { CheckedLimits } from '../limits.js'
import type { Memory } from '../options/memory.js'
import { V1_CONTROLLERS } from '../v1/writes.js'
import type { Place } from '../place.js'
import { compileDevices } from '../v2/devices.js'
import type { Write } from '../write.js'
import { apply } from './apply.js'
import { attachDevices } from './attach-devices.js'

/** Write new limits to a group in use. The order of some writes depends on what stands there now. */
export async function update(places: readonly Place[], limits: CheckedLimits): Promise<void> {
  requireControllers(places, limits)
  for (const place of places) {
    const current =
      place.version === 2 && limits.memory?.withSwap !== undefined
        ? { ...limits, memory: await withCurrentMax(place, limits.memory) }
        : limits
    const writes = placeWrites(place, current).map(([, write]) => write)
    if (place.version === 2) await makeRoom(place.directory, writes)
    for (const write of await inOrder(place.directory, writes)) await applyLive(place, write)
  }
  const unified = places.find((place) => place.version === 2)
  if (limits.devices !== undefined && unified !== undefined && !places.some(hasDevices))
    await attachDevices(unified.directory, compileDevices(limits.devices), { replace: true })
}

const hasDevices = (place: Place) => place.version === 1 && place.controllers.includes('devices')

/** A group is under the controllers it was made with; a limit of another one would be written nowhere. */
function requireControllers(places: readonly Place[], limits: CheckedLimits): void {
  const known = new Set(places.flatMap((place) => place.controllers).map((name) => (name === 'blkio' ? 'io' : name)))
  for (const [controller, option] of Object.entries({ ...V1_CONTROLLERS, misc: 'misc' } as const)) {
    const name = controller === 'blkio' ? 'io' : controller
    if (limits[option] === undefined || known.has(name)) continue
    if (controller === 'perf_event' && places.some((place) => place.version === 2)) continue
    if (controller === 'devices' && places.some((place) => place.version === 2)) continue
    throw new IsoError('ISO_CGROUP_CONTROLLER', `Cannot update ${name}: the group is not under this controller`, {
      hint: `make it with controllers: ["${name}"] or with a limit of it`,
    })
  }
}

/** v2 limits swap alone: Docker's sum of memory and swap needs the memory limit in force. */
async function withCurrentMax(place: Place, memory: Memory): Promise<Memory> {
  if (memory.max !== undefined || memory.withSwap === 'max') return memory
  const { max: _, ...rest } = memory
  const found = await readIfPresent(join(place.directory, 'memory.max'))
  const max = found === undefined || found === 'max' ? undefined : Number(found)
  if (max === undefined) return rest
  if (memory.withSwap !== undefined && memory.withSwap < max)
    throw new RangeError(`Cannot set memory withSwap: ${memory.withSwap} is below the memory limit ${max}`)
  return { ...rest, max }
}

/** Pairs that the kernel keeps in order (memory <= memory and swap, burst <= quota): the side that makes room goes first. */
async function inOrder(directory: string, writes: Write[]): Promise<Write[]> {
  await outerFirst(directory, writes, 'memory.limit_in_bytes', 'memory.memsw.limit_in_bytes')
  await outerFirst(directory, writes, 'cpu.cfs_burst_us', 'cpu.cfs_quota_us')
  await outerFirst(directory, writes, 'cpu.max.burst', 'cpu.max')
  return writes
}

/** Put the write of the outer limit before or behind that of the inner one, depending on whether it grows. */
async function outerFirst(directory: string, writes: Write[], inner: string, outer: string): Promise<void> {
  const at = (file: string) => writes.findIndex((write) => write.file === file)
  if (at(inner) < 0 || at(outer) < 0) return
  const grows = amount(writes[at(outer)]!.value) > amount((await readIfPresent(join(directory, outer))) ?? 'max')
  if (grows === at(outer) < at(inner)) return
  const [one, other] = [at(inner), at(outer)]
  ;[writes[one], writes[other]] = [writes[other]!, writes[one]!]
}

function amount(text: string): number {
  const value = Number(text.split(' ')[0])
  return Number.isNaN(value) || value < 0 ? Infinity : value
}

/**
 * v2 takes any memory.max and kills until it fits. v1 answers EBUSY after trying to reclaim; do the same here: ask for reclaim
 * (memory.reclaim, Linux 5.19), and refuse where usage stays above the new limit.
 */
async function makeRoom(directory: string, writes: readonly Write[]): Promise<void> {
  const write = writes.find(({ file }) => file === 'memory.max')
  if (write === undefined || write.value === 'max') return
  const excess = async () => Number((await readIfPresent(join(directory, 'memory.current'))) ?? 0) - Number(write.value)
  const before = await excess()
  if (before <= 0) return
  // EAGAIN: less could be reclaimed than was asked for. What counts is what is left.
  await writeKernelFile(join(directory, 'memory.reclaim'), `${before}`).catch(() => {})
  if ((await excess()) > 0) throw await busy(directory, write, 'memory.current')
}

async function applyLive(place: Place, write: Write): Promise<void> {
  try {
    await apply(place.directory, write)
  } catch (error) {
    if (hasErrno(error, 'EBUSY') && write.file.startsWith('memory.'))
      throw await busy(place.directory, write, 'memory.usage_in_bytes', error)
    if (!hasErrno(error, 'EINVAL') || write.file !== 'memory.limit_in_bytes') throw error
    throw new IsoError('ISO_CGROUP_WRITE', `Cannot write "${write.value}" to "${join(place.directory, write.file)}"`, {
      errno: 22,
      syscall: 'write',
      path: join(place.directory, write.file),
      cause: error,
      hint: 'it is above the limit of memory and swap in force; set withSwap at the same time',
    })
  }
}

async function busy(directory: string, write: Write, usageFile: string, cause?: unknown): Promise<IsoError> {
  const path = join(directory, write.file)
  const usage = await readIfPresent(join(directory, usageFile))
  return new IsoError('ISO_CGROUP_BUSY', `Cannot write "${write.value}" to "${path}"`, {
    errno: 16,
    syscall: 'write',
    path,
    ...(cause !== undefined && { cause }),
    hint: `the group uses ${usage} bytes that cannot be reclaimed; end something in it first, or choose a higher limit`,
  })
}
