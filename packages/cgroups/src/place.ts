// Which directories a cgroup consists of: one in each v1 hierarchy that is needed, and one in the v2 tree.

import { join } from 'node:path'

import { IsoError } from '@iso/native'

import { baseGroup, reachable } from './base-group.js'
import { missingController, type CheckedLimits } from './limits.js'
import type { Hierarchy, Layout } from './layout.js'
import { checkName } from './name.js'
import { V1_CONTROLLERS } from './v1/writes.js'
import { V2_CONTROLLERS } from './v2/writes.js'

/** Which cgroup is meant, and beneath what. */
export interface PlaceOptions {
  /** Name, or several with `/` between them; see {@link checkName}. */
  name: string
  /**
   * Parent in each hierarchy. Relative: beneath the caller's own cgroup (default: `iso`), where its limits apply, too; on v2, where a group
   * with processes hands no controller down, beneath the group above it, unless {@link nestCaller} made room. Absolute, such as `/docker`:
   * beneath the root of the hierarchy. `''`: the group itself that relative parents lie in. Made where it is missing, and left.
   */
  parent?: string
}

/** The caller's own v2 group is about to be emptied, or not. */
export interface Nesting {
  nest?: boolean
}

/** One directory of a cgroup. */
export interface Place {
  /** `unified` for v2, else the first controller of the v1 hierarchy. */
  id: string
  version: 1 | 2
  /** Controllers in use here. */
  controllers: string[]
  /** Those that a limit needs; the others are wished for, and left out where they cannot be enabled. */
  required: string[]
  mountPoint: string
  /** Where delegation and missing parents begin: see {@link baseGroup}; the root of the hierarchy for an absolute parent. */
  base: string
  /** Directories between `base` and `directory`, from the outermost. */
  parents: string[]
  directory: string
}

/** A controller by its v1 name; `blkio` and `io` mean the same. */
export type ControllerName =
  | 'cpu'
  | 'cpuacct'
  | 'cpuset'
  | 'memory'
  | 'pids'
  | 'blkio'
  | 'io'
  | 'devices'
  | 'freezer'
  | 'hugetlb'
  | 'rdma'
  | 'net_cls'
  | 'net_prio'
  | 'perf_event'

/**
 * Work out the directories of a cgroup.
 *
 * Each v1 hierarchy costs a mkdir and a rmdir (20 to 30 us each, memory 130), so only those are joined that a limit needs or `extra` asks
 * for. The v2 tree is always joined where it is mounted: it costs as much as any other and gives cgroup.kill, cgroup.freeze, cgroup.events,
 * CPU time and birth inside the group, so that cpuacct and freezer are needed on pure v1 machines only.
 */
export function locate(
  options: PlaceOptions & Nesting,
  limits: CheckedLimits,
  layout: Layout,
  extra: readonly ControllerName[]
): Place[] {
  const at = parsePlace(options)
  const v1 = new Map<Hierarchy, string[]>()
  const v2: string[] = []
  const required = new Set<string>()
  const need = (controller: string, option: keyof CheckedLimits | undefined) => {
    const name = controller === 'io' ? 'blkio' : controller
    const hierarchy = layout.v1[name] && findHierarchy(layout, name)
    if (hierarchy !== undefined) return void v1.set(hierarchy, [...new Set([...(v1.get(hierarchy) ?? []), name])])
    const unified = name === 'blkio' ? 'io' : name
    if (option !== undefined) required.add(unified)
    if (hasController(layout.v2, unified, option !== undefined)) return void (v2.includes(unified) || v2.push(unified))
    if (option !== undefined) throw missingController(unified, missingHint(unified, layout))
  }
  for (const [controller, option] of Object.entries(V1_CONTROLLERS)) {
    if (limits[option] === undefined) continue
    const free =
      layout.v2 !== undefined &&
      layout.v1[controller] === undefined &&
      (controller === 'devices' || controller === 'perf_event')
    if (!free) need(controller, option)
  }
  if (limits.misc !== undefined) need('misc', 'misc')
  if (limits.unified !== undefined) needUnified(limits.unified, layout, v2, required)
  for (const controller of extra) {
    if (layout.v2 === undefined || (controller !== 'cpuacct' && controller !== 'freezer')) need(controller, undefined)
  }
  if (layout.v2 === undefined) {
    // What v2 would give: freezing, and an end to forks while a group is being killed.
    need('freezer', undefined)
    need('pids', undefined)
  }
  const places = [...v1].map(([hierarchy, controllers]) => place(controllers[0]!, 1, controllers, hierarchy, at))
  if (layout.v2 !== undefined) places.push({ ...place('unified', 2, v2, layout.v2, at), required: [...required] })
  if (places.length === 0)
    throw new IsoError('ISO_CGROUP_LAYOUT', 'Cannot place cgroup: no cgroup hierarchy is mounted', {
      hint: 'mount cgroup2 on /sys/fs/cgroup',
    })
  return places
}

/** Every hierarchy with controllers, and v2, once. */
export function findHierarchies(layout: Layout): (Hierarchy & { version: 1 | 2 })[] {
  const v1 = Object.entries(layout.v1).filter(
    ([name, { mountPoint }]) =>
      !name.startsWith('name=') &&
      Object.entries(layout.v1).find(([, other]) => other.mountPoint === mountPoint)?.[0] === name
  )
  return [
    ...v1.map(([, one]) => ({ ...one, version: 1 as const })),
    ...(layout.v2 ? [{ ...layout.v2, version: 2 as const }] : []),
  ]
}

/** Check name and parent. @throws RangeError */
export function parsePlace(options: PlaceOptions & Nesting): ParsedPlace {
  const parent = options.parent ?? 'iso'
  const absolute = parent.startsWith('/')
  const path = absolute ? parent.slice(1) : parent
  return {
    absolute,
    parents: path === '' ? [] : checkName(path),
    names: checkName(options.name),
    nest: options.nest ?? false,
  }
}

interface ParsedPlace {
  absolute: boolean
  parents: string[]
  names: string[]
  nest: boolean
}

/** Where a named group would be in one hierarchy. */
export function placeIn(hierarchy: Hierarchy & { version: 1 | 2 }, options: PlaceOptions): Place {
  return place('', hierarchy.version, [...hierarchy.controllers], hierarchy, parsePlace(options))
}

function place(id: string, version: 1 | 2, controllers: string[], hierarchy: Hierarchy, at: ParsedPlace): Place {
  const base = at.absolute ? hierarchy.mountPoint : baseGroup(hierarchy, version, at.nest)
  const path = [...at.parents, ...at.names]
  const parents = path.slice(0, -1).map((_, index) => join(base, ...path.slice(0, index + 1)))
  return {
    id,
    version,
    controllers,
    required: controllers,
    mountPoint: hierarchy.mountPoint,
    base,
    parents,
    directory: join(base, ...path),
  }
}

// What a limit needs may be enabled from the top down to here; what is only wished for must be there.
function hasController(v2: Hierarchy | undefined, controller: string, required: boolean): boolean {
  if (v2 === undefined) return false
  return v2.controllers.includes(controller) || (required && reachable(v2).includes(controller))
}

/** Co-mounted controllers (cpu,cpuacct) are one hierarchy; the layout lists it under each name. */
function findHierarchy(layout: Layout, controller: string): Hierarchy | undefined {
  const one = layout.v1[controller]
  return one && Object.values(layout.v1).find((other) => other.mountPoint === one.mountPoint)
}

function needUnified(
  files: Readonly<Record<string, string>>,
  layout: Layout,
  v2: string[],
  required: Set<string>
): void {
  if (layout.v2 === undefined) throw missingController('unified files', 'cgroup v2 is not mounted')
  for (const file of Object.keys(files)) {
    const controller = file.slice(0, file.indexOf('.'))
    if (controller === 'cgroup' || v2.includes(controller) || !(controller in V2_CONTROLLERS)) continue
    if (!hasController(layout.v2, controller, true))
      throw missingController(controller, missingHint(controller, layout))
    v2.push(controller)
    required.add(controller)
  }
}

function missingHint(controller: string, layout: Layout): string {
  if (layout.mode === 'none') return 'no cgroup hierarchy is mounted'
  if (layout.mode === 'v2' && controller.startsWith('net_'))
    return 'it exists on v1 only; on v2 filter by cgroup path in nft(8), "socket cgroupv2"'
  if (layout.mode === 'v2')
    return `it is not delegated: enable it in cgroup.subtree_control above "${layout.v2?.directory}" (systemd: Delegate=yes)`
  return 'it is in no mounted hierarchy, or the kernel was built without it: see /proc/cgroups'
}
