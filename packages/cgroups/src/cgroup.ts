// A cgroup as steps for launch().

import { randomBytes } from 'node:crypto'

import type { Step } from '@iso/native'

import { cgroupNamespace } from './cgroup-namespace.js'
import { nestCaller } from './delegation.js'
import { prepare, type Action } from './internal/prepare.js'
import { currentLayout } from './internal/current-layout.js'
import type { Layout } from './layout.js'
import { validate, type Limits } from './limits.js'
import { checkOwner, type CgroupOwner } from './owner.js'
import { locate, type ControllerName, type Place } from './place.js'
import { receiptFiles } from './receipt-files.js'
import { sweepOnce } from './sweep.js'
import type { Write } from './write.js'

const ORIGIN = '@iso/cgroups'

/** Which cgroup, with which limits. */
export interface CgroupOptions extends Limits {
  /** Name beneath `parent`. Default: twelve random hexadecimal digits. */
  name?: string
  /** Default: `iso`, beneath the caller's own cgroup. Absolute paths begin at the root of each hierarchy. Made where missing, and left. */
  parent?: string
  /** Controllers to be under without a limit: for their figures, or for limits later. Those that are not available are left out. Default: memory and CPU time. */
  controllers?: readonly ControllerName[]
  /** The machine's cgroups. Default: {@link detectLayout}. */
  layout?: Layout
  /** Also give the process its own view of the cgroups, with this one as the root. Default: false. */
  namespace?: boolean
  /**
   * v2: who may make groups beneath this one and share its limits out among them, as systemd or another engine in a container does. The limits of
   * this one stay the caller's. Default: nobody else.
   */
  owner?: CgroupOwner
  /** v2: first move the processes of the caller's own cgroup into a leaf of it where that is needed; done at the call. See {@link nestCaller}. Default: false. */
  nest?: boolean
}

/** Controllers joined without being asked for: what a receipt is made of. */
export const DEFAULT_CONTROLLERS: readonly ControllerName[] = ['memory', 'cpuacct']

/**
 * Make the steps that put the launched process into a new cgroup with limits, and read its figures when it has ended.
 *
 * Before the clone the groups are made and the limits written; the process is born in the v2 group (CLONE_INTO_CGROUP) and enters the v1
 * groups itself, by `0` to `tasks`, before it runs anything else; once it has ended the files of {@link parseReceipt} are read and the
 * groups removed, with whatever still runs in them. The supervisor of the launch does that, also when Node has ended; where both were
 * killed at once, {@link sweep} does.
 *
 * @returns Steps; pure data, but for the present state of the cgroups above, which is read here.
 * @throws TypeError or RangeError for a bad name or limit; IsoError `ISO_CGROUP_CONTROLLER`, a limit's controller is not available;
 * `ISO_CGROUP_UNSUPPORTED`, this cgroup version has no such limit; `ISO_CGROUP_INTERNAL_PROCESS`, see `nest`; `ISO_CGROUP_DEVICE`.
 * Privileges: to make directories in the parent (root, or a delegated group). CLONE_INTO_CGROUP needs Linux 5.7.
 * @example
 * ```ts
 * import { cgroup } from '@iso/cgroups'
 * const steps = cgroup({ name: 'job-1', memory: '256m', cpus: 1.5, pids: 64 })
 * for (const step of steps) console.log(step.op, 'path' in step ? step.path : '')
 * ```
 * @see man cgroups(7)
 */
export function cgroup(options: CgroupOptions): Step[] {
  const {
    name = randomBytes(6).toString('hex'),
    parent,
    controllers = DEFAULT_CONTROLLERS,
    layout = currentLayout(),
    namespace,
    nest,
    owner,
    ...rest
  } = options
  const limits = validate(rest)
  if (options.layout === undefined) sweepOnce()
  const found = locate(
    { name, ...(parent !== undefined && { parent }), ...(nest && { nest }) },
    limits,
    layout,
    controllers
  )
  if (nest) nestCaller(layout)
  const { places, actions } = prepare(found, limits, owner && checkOwner(owner, found))
  return [
    ...actions.map(step),
    ...places
      .filter((place) => place.version === 2)
      .map((place): Step => ({
        op: 'clone',
        namespaces: [],
        cgroup: slot(place),
        origin: ORIGIN,
        why: 'born inside the limits',
      })),
    ...places.filter((place) => place.version === 1).map(join),
    ...(namespace ? cgroupNamespace({ layout }) : []),
    ...places.flatMap(reads),
    ...(places.some((place) => place.version === 2) ? [] : places.flatMap(noMoreForks)),
  ]
}

/** Slot of the directory of a place: `cgroup:memory`, `cgroup:unified`. */
export function slot(place: Place): string {
  return `cgroup:${place.id}`
}

function step(action: Action): Step {
  const { place, directory } = action
  const own = directory === place.directory
  const at = place.parents.indexOf(directory)
  const made = own ? slot(place) : `${slot(place)}:above${at}`
  switch (action.kind) {
    case 'create':
      return {
        op: 'cgroupCreate',
        path: directory,
        slot: made,
        ...(action.exist && { exist: true }),
        ...action.owner,
        origin: ORIGIN,
        why: own ? `${place.id} group` : 'parent',
      }
    case 'program':
      return { op: 'deviceProgram', slot: made, program: action.program, origin: ORIGIN, why: 'device rules' }
    case 'write':
      // The group the caller lives in has no slot: nothing here makes it.
      return own || at >= 0
        ? writeStep(action.write, place, action.why, made)
        : writeStep({ ...action.write, file: `${directory}/${action.write.file}` }, place, action.why)
  }
}

type WriteStep = Extract<Step, { op: 'writeFile' }>

function writeStep(write: Write, place: Place, why: string, made?: string): WriteStep {
  const otherwise = write.otherwise && writeStep(write.otherwise, place, why, made)
  return {
    op: 'writeFile',
    ...(made !== undefined && { in: made }),
    path: write.file,
    data: write.value,
    fs: place.version === 1 ? 'cgroup' : 'cgroup2',
    origin: ORIGIN,
    why,
    ...(write.readback !== undefined && { readback: write.readback }),
    ...(write.ifPresent && { onError: { ignore: ['ENOENT'] } }),
    ...(otherwise !== undefined && { onError: { else: [otherwise] } }),
  }
}

/**
 * A single-threaded process enters by writing 0 to `tasks`: that moves a thread, and needs no grace period of the kernel's thread-group lock,
 * where a pid written to `cgroup.procs` waits for one (7.6 ms against 0.08 ms after idleness).
 */
function join(place: Place): Step {
  return {
    op: 'writeFile',
    side: 'child',
    in: slot(place),
    path: 'tasks',
    data: '0',
    fs: 'cgroup',
    origin: ORIGIN,
    why: `enter the ${place.controllers.join(', ')} group`,
  }
}

function reads(place: Place): Step[] {
  return receiptFiles(place).map(({ file, label }): Step => ({
    op: 'readFile',
    side: 'after',
    in: slot(place),
    path: file,
    label,
    onError: { ignore: ['ENOENT', 'ENODEV', 'EOPNOTSUPP'] },
    origin: ORIGIN,
    why: 'receipt',
  }))
}

/**
 * Removal kills what is left, process by process where there is no cgroup.kill: with no fork allowed any more that comes to an end.
 */
function noMoreForks(place: Place): Step[] {
  if (!place.controllers.includes('pids')) return []
  const write = { path: 'pids.max', data: '0', fs: 'cgroup', onError: { ignore: ['ENOENT', 'ENODEV'] } } as const
  return [
    {
      op: 'writeFile',
      side: 'after',
      in: slot(place),
      ...write,
      origin: ORIGIN,
      why: 'forks must not outrun the removal',
    },
  ]
}
