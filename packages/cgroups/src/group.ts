// A cgroup that exists: the live side.

import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { IsoError } from '@iso/native'
import { EventEmitter } from 'eventemitter3'

import { DEFAULT_CONTROLLERS, type CgroupOptions } from './cgroup.js'
import { nestCaller } from './delegation.js'
import type { CgroupEvents } from './events.js'
import { prepare } from './internal/prepare.js'
import { DEADLINE_MS } from './internal/wait.js'
import { currentLayout } from './internal/current-layout.js'
import { detectLayout, readControllers, type Hierarchy, type Layout } from './layout.js'
import { validate, type Limits } from './limits.js'
import { create } from './live/create.js'
import { setFrozen } from './live/freeze.js'
import { kill } from './live/kill.js'
import { add, mainPlace, pids } from './live/members.js'
import { remove } from './live/remove.js'
import { stat } from './live/stat.js'
import { update } from './live/update.js'
import { watchGroup } from './live/watch-group.js'
import { watchPressure, type PressureOptions } from './live/watch-pressure.js'
import type { Closable } from './live/watch-file.js'
import { checkOwner } from './owner.js'
import { findHierarchies, locate, placeIn, type Place, type PlaceOptions } from './place.js'
import type { Stats } from './stats.js'

/** Options of {@link Cgroup.create}. */
export interface CreateOptions extends Omit<CgroupOptions, 'namespace' | 'name'> {
  name: string
  /** Take a group that is there already, and write the limits over its own. Default: false. */
  exist?: boolean
}

/** How long to wait for the kernel. */
export interface WaitOptions {
  /** Milliseconds. Default: 5000. */
  timeoutMs?: number
}

/**
 * A cgroup: one directory in each v1 hierarchy it needs, and one in the v2 tree.
 *
 * Made by `create()`, found by `open()` or `of()`. It may hold processes from `add()` on; `remove()` ends it and needs it empty. `close()`
 * ends the watching alone, and leaves the group to the kernel.
 *
 * Not guaranteed: that a group with processes outlives this one's (it does; nobody removes it), nor that a process which may write to the
 * cgroup file system stays in it. A cgroup limits and counts; it hides nothing.
 *
 * @example
 * ```ts
 * import { spawn } from 'node:child_process'
 * import { Cgroup } from '@iso/cgroups'
 * const group = await Cgroup.create({ name: `example-${process.pid}`, memory: '256m', pids: 64 })
 * const child = spawn('sleep', ['60'])
 * await group.add(child.pid!)
 * await group.update({ memory: '128m' })
 * console.log((await group.stat()).memory?.limitBytes) // 134217728
 * await group.kill()
 * await group.remove()
 * ```
 * @see man cgroups(7)
 */
export class Cgroup {
  readonly #places: readonly Place[]
  #events: EventEmitter<CgroupEvents> | undefined
  readonly #watches = new Set<Closable>()

  private constructor(places: readonly Place[]) {
    this.#places = places
  }

  /**
   * Make a cgroup and set its limits (mkdir(2), write(2)). What fails half-way leaves nothing.
   *
   * @throws TypeError or RangeError for a bad name or limit; IsoError `ISO_CGROUP_EXISTS`, `ISO_CGROUP_CREATE` or `ISO_CGROUP_WRITE` (EACCES: not
   * delegated; EROFS), `ISO_CGROUP_CONTROLLER`, `ISO_CGROUP_UNSUPPORTED`, `ISO_CGROUP_INTERNAL_PROCESS`, `ISO_CGROUP_READBACK`.
   */
  static async create(options: CreateOptions): Promise<Cgroup> {
    const {
      name,
      parent,
      controllers = DEFAULT_CONTROLLERS,
      layout = currentLayout(),
      nest,
      owner,
      exist = false,
      ...rest
    } = options
    const limits = validate(rest)
    const found = locate(
      { name, ...(parent !== undefined && { parent }), ...(nest && { nest }) },
      limits,
      layout,
      controllers
    )
    if (nest) nestCaller(layout)
    const { places, actions } = prepare(found, limits, owner && checkOwner(owner, found))
    await create(actions, exist)
    return new Cgroup(places)
  }

  /**
   * Find a cgroup that was made before, by this or another process, in every hierarchy that has it.
   *
   * @throws IsoError `ISO_CGROUP_MISSING` where no hierarchy has it.
   */
  static open(options: PlaceOptions & { layout?: Layout }): Cgroup {
    const { layout = currentLayout(), ...at } = options
    const places = findHierarchies(layout)
      .map((hierarchy) => existing(hierarchy, placeIn(hierarchy, at)))
      .filter((place) => existsSync(join(place.directory, 'cgroup.procs')))
    if (places.length === 0) {
      throw new IsoError(
        'ISO_CGROUP_MISSING',
        `Cannot open cgroup "${[at.parent ?? 'iso', at.name].join('/')}": no hierarchy has it`,
        { hint: 'was it removed, or made beneath another parent?' }
      )
    }
    return new Cgroup(places)
  }

  /**
   * Find the cgroup a process is in (/proc/PID/cgroup): to look at it, as `docker stats` does.
   *
   * @throws IsoError `ISO_CGROUP_LAYOUT` where there is no such process.
   */
  static of(pid: number, options: { layout?: Layout } = {}): Cgroup {
    const places = findHierarchies(options.layout ?? detectLayout({ pid })).map((hierarchy) => {
      const { mountPoint, directory } = hierarchy
      return existing(hierarchy, {
        id: '',
        version: 1,
        controllers: [],
        required: [],
        mountPoint,
        base: directory,
        parents: [],
        directory,
      })
    })
    return new Cgroup(places)
  }

  /** Directory by controller, `unified` for v2: `{ memory: '/sys/fs/cgroup/memory/iso/web', unified: … }`. */
  get directories(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      this.#places.flatMap(({ version, controllers, directory }) =>
        (version === 2 ? ['unified'] : controllers).map((name) => [name, directory])
      )
    )
  }

  /**
   * Move a process with all its threads into the group (cgroup.procs). Its children will be born in it; those it has stay where they are.
   *
   * @throws IsoError `ISO_CGROUP_WRITE`: ESRCH, no such process; EACCES, not delegated; EBUSY, the group hands controllers down; ENOSPC, empty cpuset.
   */
  async add(pid: number): Promise<void> {
    if (!Number.isInteger(pid) || pid < 1) throw new RangeError(`Cannot add process ${pid}: wanted a process ID from 1`)
    await add(this.#places, pid)
  }

  /** Process IDs in the group and beneath it, as seen from here; 0 stands for one that cannot be seen. Empty once the group is removed. */
  async pids(): Promise<number[]> {
    return pids(mainPlace(this.#places).directory)
  }

  /**
   * Change limits while processes run. What is absent stays.
   *
   * @throws IsoError `ISO_CGROUP_BUSY`: the memory limit is below what is in use and cannot be reclaimed (v1: EBUSY of the kernel; v2, which
   * would kill instead, asks for reclaim and refuses). `ISO_CGROUP_CONTROLLER`: the group is not under this controller; name it in `controllers`
   * when making the group.
   */
  async update(limits: Limits): Promise<void> {
    await update(this.#places, validate(limits))
  }

  /** Read all figures. After the last process has ended they stand until the group is removed. */
  async stat(): Promise<Stats> {
    return stat(this.#places)
  }

  /**
   * Stop every process (v2 cgroup.freeze, Linux 5.2; v1 freezer.state) and wait until all have stopped. Killing works meanwhile.
   *
   * @throws IsoError `ISO_CGROUP_TIMEOUT`: a process hangs in the kernel; the group runs again. `ISO_CGROUP_CONTROLLER`: there is no freezer.
   */
  async freeze(options: WaitOptions = {}): Promise<void> {
    this.#refuseRoot('freeze')
    await setFrozen(this.#places, true, options.timeoutMs ?? DEADLINE_MS)
  }

  /** Let every process go on, and wait until all do. @throws IsoError `ISO_CGROUP_TIMEOUT`: a group above is frozen. */
  async thaw(options: WaitOptions = {}): Promise<void> {
    await setFrozen(this.#places, false, options.timeoutMs ?? DEADLINE_MS)
  }

  /**
   * Send SIGKILL to every process, here and beneath, and wait until the group is empty. Forks cannot outrun it: cgroup.kill (Linux 5.14)
   * is one step for the kernel, and without it the group is frozen while the signals go out.
   *
   * @throws IsoError `ISO_CGROUP_TIMEOUT`: a process hangs in the kernel.
   */
  async kill(options: WaitOptions = {}): Promise<void> {
    this.#refuseRoot('kill')
    await kill(this.#places, options.timeoutMs ?? DEADLINE_MS)
  }

  /**
   * Events of the group; watching begins when this is first read, and does not keep Node running. See {@link CgroupEvents}.
   *
   * @throws IsoError `ISO_CGROUP_WATCH`: no more inotify watches or descriptors.
   */
  get events(): EventEmitter<CgroupEvents> {
    if (this.#events === undefined) {
      this.#events = new EventEmitter<CgroupEvents>()
      this.#watches.add(watchGroup(this.#places, this.#events))
    }
    return this.#events
  }

  /**
   * Have `events` report pressure, at most once a window. Ends with `close()` of what is returned, or of the group.
   *
   * @throws IsoError `ISO_CGROUP_WATCH`: EINVAL, without CAP_SYS_RESOURCE the window must be a multiple of 2 s. `ISO_CGROUP_CONTROLLER`: no PSI.
   */
  watchPressure(options: PressureOptions): Closable {
    const { events } = this
    const watching = watchPressure(this.#places, options, (event) => events.emit('pressure', event))
    this.#watches.add(watching)
    return watching
  }

  /**
   * Remove the group and the groups beneath it (rmdir(2)), and stop watching. A group that is gone already is no failure.
   *
   * @throws IsoError `ISO_CGROUP_BUSY`: processes are left when the time has passed.
   */
  async remove(options: WaitOptions = {}): Promise<void> {
    this.#refuseRoot('remove', this.#places)
    this.close()
    await remove(this.#places, options.timeoutMs ?? DEADLINE_MS)
  }

  /** Stop watching. The group stays. Safe to call twice. */
  close(): void {
    for (const one of this.#watches) one.close()
    this.#watches.clear()
    this.#events?.removeAllListeners()
    this.#events = undefined
  }

  /** `using`: the same as close(). */
  [Symbol.dispose](): void {
    this.close()
  }

  /** `of()` may give roots of hierarchies, the whole machine; nobody means that. */
  #refuseRoot(action: string, places: readonly Place[] = [mainPlace(this.#places)]): void {
    const root = places.find((place) => place.directory === place.mountPoint)
    if (root !== undefined)
      throw new IsoError(
        'ISO_CGROUP_ROOT',
        `Cannot ${action} cgroup "${root.directory}": it is the root of its hierarchy`,
        { path: root.directory }
      )
  }
}

/** The place with the controllers that are really there. */
function existing(hierarchy: Hierarchy & { version: 1 | 2 }, place: Place): Place {
  if (hierarchy.version === 1)
    return { ...place, id: hierarchy.controllers[0] ?? '', version: 1, controllers: [...hierarchy.controllers] }
  return { ...place, id: 'unified', version: 2, controllers: readControllers(place.directory) }
}
