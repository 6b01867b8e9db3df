// linux.cgroupsPath and linux.resources: the groups of a container.

import { join } from 'node:path'
import { cgroup, detectLayout, type ControllerName, type Layout } from '@iso/cgroups'
import { IsoError, type Step } from '@iso/native'
import { showValue } from '../config/big-numbers.js'
import { ConfigError } from '../config/config-error.js'
import type { Context } from './context.js'
import { makes } from './context.js'
import { limitsOf } from './resources.js'

/** One directory of a container's groups. */
export interface CgroupDirectory {
  /** Controllers, or `name=systemd`. */
  names: readonly string[]
  version: 1 | 2
  directory: string
}

/** The groups of a container. */
export interface CgroupPlan {
  steps: Step[]
  directories: readonly CgroupDirectory[]
  /** As `Cgroup.open()` of @iso/cgroups takes it; absent where there is none. */
  place?: { parent: string; name: string }
}

// All of them: engines read figures by hierarchy, and a hierarchy that was not joined would show the figures of the host.
const ALL: readonly ControllerName[] = [
  'cpu',
  'cpuacct',
  'cpuset',
  'memory',
  'pids',
  'blkio',
  'devices',
  'freezer',
  'hugetlb',
  'rdma',
  'net_cls',
  'net_prio',
  'perf_event',
]

/** @throws ConfigError for a path that leaves its parent; IsoError `ISO_CGROUP_…` for what this machine has not. */
export function cgroupPlan(context: Context, layout: Layout = detectLayout()): CgroupPlan {
  const place = placeOf(context)
  const limits = limitsOf(context)
  if (context.rootless && !Object.values(limits).some((limit) => limit !== undefined))
    return { steps: [], directories: [] }
  const steps = cgroup({
    ...limits,
    ...place,
    controllers: ALL,
    namespace: makes(context, 'cgroup'),
    layout,
  }).filter(({ op }) => op !== 'readFile')
  const more = furtherHierarchies(layout, place, steps)
  const directories = steps.flatMap((step): CgroupDirectory[] => {
    const id = step.op === 'cgroupCreate' ? /^cgroup:([^:]+)$/.exec(step.slot)?.[1] : undefined
    if (id === undefined || step.op !== 'cgroupCreate') return []
    return id === 'unified'
      ? [{ names: [], version: 2, directory: step.path }]
      : [{ names: layout.v1[id]?.controllers ?? [id], version: 1, directory: step.path }]
  })
  return {
    // Behind the cgroup namespace a join would come too late.
    steps: enterFirst(context, [...more.steps, ...steps.filter((step) => step.side !== 'after')]),
    directories: [...more.directories, ...directories],
    place,
  }
}

// With a user namespace the process enters v1 groups while it still is who the caller is.
function enterFirst({ userns }: Context, steps: Step[]): Step[] {
  if (!userns) return steps
  return steps.map((step) =>
    step.op === 'writeFile' && step.side === 'child' && step.path === 'tasks' ? { ...step, phase: 'reset' } : step
  )
}

// What @iso/cgroups has no use for beside v2 (cpuacct, freezer, the named hierarchy of systemd), but engines read, and programs look for.
function furtherHierarchies(
  { v1 }: Layout,
  { parent, name }: { parent: string; name: string },
  joined: readonly Step[]
): Pick<CgroupPlan, 'steps' | 'directories'> {
  const known = new Set(joined.flatMap((step) => (step.op === 'cgroupCreate' ? [step.path] : [])))
  const found = new Map(Object.entries(v1).map(([id, hierarchy]) => [hierarchy.mountPoint, { id, hierarchy }]))
  const steps: Step[] = []
  const directories: CgroupDirectory[] = []
  for (const { id, hierarchy } of found.values()) {
    const base = parent === '/' ? hierarchy.mountPoint : hierarchy.directory
    const path = join(base, name)
    if (known.has(path)) continue
    const parts = name.split('/')
    const slot = `cgroup:more:${id}`
    for (let i = 1; i < parts.length; i++)
      steps.push({ op: 'cgroupCreate', path: join(base, ...parts.slice(0, i)), exist: true, slot: `${slot}:above${i}` })
    steps.push(
      { op: 'cgroupCreate', path, slot, why: `${id} group` },
      { op: 'writeFile', side: 'child', in: slot, path: 'tasks', data: '0', fs: 'cgroup', why: `enter the ${id} group` }
    )
    directories.push({
      names: hierarchy.controllers.length > 0 ? hierarchy.controllers : [id],
      version: 1,
      directory: path,
    })
  }
  return { steps, directories }
}

// Absolute: from the root of each hierarchy; relative: from the caller's own group; absent: the id beneath that.
function placeOf({ id, config, systemdCgroup }: Context): { parent: string; name: string } {
  const path = config.linux?.cgroupsPath ?? ''
  if (systemdCgroup) {
    throw new IsoError('ISO_CGROUP_SYSTEMD', `Cannot make cgroup ${showValue(path)}: systemd does not run here`, {
      hint: 'leave out --systemd-cgroup, or set the cgroup driver of the engine to cgroupfs',
    })
  }
  if (path === '') return { parent: '', name: id }
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  if (parts.includes('..') || parts.length === 0)
    throw new ConfigError('$.linux.cgroupsPath', `${showValue(path)} is no path of a cgroup`)
  return { parent: path.startsWith('/') ? '/' : '', name: parts.join('/') }
}
