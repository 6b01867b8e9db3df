// Groups that nobody is left to remove, because their supervisor and Node were killed at once.

import { lstat, open, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { flock } from '@iso/native'

import { currentLayout } from './internal/current-layout.js'
import { hasErrno, readIfPresent } from './internal/files.js'
import { waitUntil } from './internal/wait.js'
import type { Layout } from './layout.js'
import { pids } from './live/members.js'
import { removeTree } from './live/remove.js'
import { findHierarchies, placeIn } from './place.js'

/** Where {@link sweep} looks. */
export interface SweepOptions {
  /** Parent, as in `cgroup()`; everything beneath it is looked at. `'/'`: the whole of each hierarchy. Default: `iso`, beneath the caller's own cgroup. */
  parent?: string
  /** Groups younger than this, in milliseconds, are left alone: one that is being made is not locked yet. Default: 10000. */
  minAgeMs?: number
  /** The machine's cgroups. Default: {@link detectLayout}. */
  layout?: Layout
}

/** What {@link sweep} has done. */
export interface Swept {
  /** Directories that were removed. */
  removed: string[]
  /** Orphans that stay, and why: `populated`, processes are in them, which are nobody's to kill; `denied`, they are another user's. */
  left: { directory: string; why: 'populated' | 'denied' }[]
}

const MIN_AGE_MS = 10_000
const STICKY = 0o1000 // set by the operation cgroupCreate where a supervisor answers for the group
const THAW_MS = 1000

/**
 * Remove the groups of launches whose supervisor and Node were both killed (rmdir(2)): their programs died with them, and nobody was left
 * to remove the groups.
 *
 * A group made by a launch carries the sticky bit and is locked (flock(2)) by its supervisor for as long as that lives. What has the bit, no
 * lock, no process and some age is an orphan. Never removed: groups with processes, groups of `Cgroup.create()` and of the role create (OCI
 * runtimes), the parents, and whatever others have made. The first `cgroup()` of a process has this done, in the background, for the
 * default parent.
 *
 * @returns what was removed and what had to stay. What vanishes or is locked meanwhile is in neither list.
 * @throws RangeError for a bad parent; IsoError `ISO_CGROUP_LAYOUT` where /proc is not readable, `ISO_CGROUP_REMOVE`.
 * Privileges: those that made the groups.
 * @example
 * ```ts
 * import { sweep } from '@iso/cgroups'
 * const { removed, left } = await sweep()
 * console.log(removed.length, left.length)
 * ```
 * @see man rmdir(2), flock(2)
 */
export async function sweep(options: SweepOptions = {}): Promise<Swept> {
  const { parent, minAgeMs = MIN_AGE_MS, layout = currentLayout() } = options
  if (!(minAgeMs >= 0)) throw new RangeError(`Cannot sweep cgroups: minAgeMs is ${minAgeMs}; wanted 0 or more`)
  const swept: Swept = { removed: [], left: [] }
  // The freezer first: what a frozen process waits for holds its groups of every hierarchy.
  const hierarchies = findHierarchies(layout).sort(
    (a, b) => Number(b.controllers.includes('freezer')) - Number(a.controllers.includes('freezer'))
  )
  for (const hierarchy of hierarchies) {
    const top = dirname(placeIn(hierarchy, { name: 'any', ...(parent !== undefined && { parent }) }).directory)
    for await (const directory of marked(top, minAgeMs)) {
      const result = await take(directory)
      if (result === 'removed') swept.removed.push(directory)
      else if (result !== 'held') swept.left.push({ directory, why: result })
    }
  }
  return swept
}

let begun = false
const DELAY_MS = 50

/** {@link sweep} once a process, when its first launch is under way. @internal */
export function sweepOnce(): void {
  if (begun) return
  begun = true
  setTimeout(() => void sweep().catch(() => undefined), DELAY_MS).unref()
}

/** Groups with the mark, from the outermost; what lies beneath one goes with it. */
async function* marked(directory: string, minAgeMs: number): AsyncGenerator<string> {
  for (const entry of await readdir(directory, { withFileTypes: true }).catch(ignore([]))) {
    if (!entry.isDirectory()) continue
    const path = join(directory, entry.name)
    const found = await lstat(path).catch(ignore(undefined))
    if (found === undefined) continue
    if ((found.mode & STICKY) === 0) yield* marked(path, minAgeMs)
    // The kernel gives no time of birth. This one begins anew when the inode was dropped from memory: later is the safe side.
    else if (Date.now() - found.mtimeMs >= minAgeMs) yield path
  }
}

/** One orphan, or what looks like one. `held`: its supervisor lives, or the group is gone. */
async function take(directory: string): Promise<'removed' | 'held' | 'populated' | 'denied'> {
  const file = await open(directory).catch(ignore(undefined))
  if (file === undefined) return 'held'
  try {
    // Exclusive: of two that sweep at once one leaves the group to the other.
    if (!flock(file.fd, 'exclusive')) return 'held'
    if ((await isPopulated(directory)) && !(await letDie(directory))) return 'populated'
    return (await removeTree(directory)) ? 'removed' : 'populated'
  } catch (error) {
    if (hasErrno(error, 'EACCES', 'EPERM', 'EROFS')) return 'denied'
    throw error
  } finally {
    await file.close()
  }
}

async function isPopulated(directory: string): Promise<boolean> {
  const events = await readIfPresent(join(directory, 'cgroup.events'))
  return events === undefined ? (await pids(directory)).length > 0 : /^populated 1$/m.test(events)
}

/** A process that was frozen on v1 when its supervisor was killed has SIGKILL pending, and dies of it only once it is thawed. */
async function letDie(directory: string): Promise<boolean> {
  if ((await readIfPresent(join(directory, 'freezer.state'))) !== 'FROZEN') return false
  for (const pid of await pids(directory)) if (!(await isDying(pid))) return false
  await writeFile(join(directory, 'freezer.state'), 'THAWED')
  return waitUntil(async () => !(await isPopulated(directory)), THAW_MS)
}

async function isDying(pid: number): Promise<boolean> {
  const status = (await readIfPresent(`/proc/${pid}/status`)) ?? 'SigPnd:\t0000000000000100'
  return [...status.matchAll(/^S(?:ig|hd)Pnd:\s*([0-9a-f]+)$/gm)].some(([, mask]) => BigInt(`0x${mask}`) & 0x100n)
}

/** What has vanished meanwhile, or may not be looked into. */
const ignore =
  <T>(value: T) =>
  (error: unknown): T => {
    if (hasErrno(error, 'ENOENT', 'ENODEV', 'EACCES', 'EPERM', 'ENOTDIR')) return value
    throw error
  }
