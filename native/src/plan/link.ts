// From steps in the order packages gave them to a plan in the order the kernel needs. Pure: no system call is made.

import { operations, type CloneStep, type OperationName, type Step } from '../operations.gen.js'
import type { Side, SlotName } from '../step.js'
import { visitSlots } from './fields.gen.js'
import { PHASES, rank } from './side.js'

/** A linked plan: every step has its place. Plain data; `explain()` prints it, `encode()` packs it. */
export interface Plan {
  /** Supervisor, before the clone. */
  readonly before: readonly Step[]
  /** Throw-away process that joins namespaces, before the clone. */
  readonly stage: readonly Step[]
  readonly clone: CloneStep | undefined
  /** Supervisor, with the child running beside it. */
  readonly beside: readonly Step[]
  /** The container process. */
  readonly child: readonly Step[]
  /** Supervisor after the exit: figures for the receipt. */
  readonly receipt: readonly Step[]
  /** Supervisor at the very end: what the plan made is removed again. */
  readonly undo: readonly Step[]
  /** Slots the caller fills, then those that steps fill, in the order of their numbers. */
  readonly slots: readonly SlotName[]
}

/** What {@link link} needs to know besides the steps. */
export interface LinkOptions {
  /** Slots whose descriptors the caller hands in. */
  callerSlots?: readonly SlotName[]
  /** File mode creation mask of the program. Default: 0o022. */
  umask?: number
  /** Soft limit on open files of the program; Node raises its own. Default: 1024; 0 leaves it. */
  nofileSoft?: number
  /** A new session keyring for the program. Default: true. */
  keyring?: boolean
  /** The container ends when its supervisor does. Default: true; false for the role create, whose supervisor leaves. */
  deathSignal?: boolean
}

/**
 * Sort steps into a plan: by side and phase, keeping the given order within a phase; merge all clones into one; put barriers
 * where one side must wait for the other; add what every plan needs (reset, session, death signal, close_range).
 *
 * @throws TypeError for an unknown operation, side, phase or slot, and for a host name without a uts namespace.
 * @example
 * ```ts
 * import { explain, link } from '@iso/native'
 * console.log(explain(link([{ op: 'clone', namespaces: ['uts'] }, { op: 'hostname', name: 'box' }])))
 * ```
 */
export function link(steps: readonly Step[], options: LinkOptions = {}): Plan {
  const clones: CloneStep[] = []
  const sorted = new Sorted()
  for (const step of base(options)) sorted.add(step)
  for (const step of steps) {
    if (step.op === 'clone') clones.push(step)
    else sorted.add(step)
  }
  for (const step of inverses(steps)) sorted.add(step)
  for (const step of barriers(sorted.of('parent', 'beside'))) sorted.add(step)
  const plan = {
    before: sorted.of('parent', 'before'),
    stage: sorted.of('stage'),
    clone: mergeClones(clones),
    beside: mapsFirst(sorted.of('parent', 'beside')),
    child: withoutNoNewPrivs(sorted.of('child')),
    receipt: sorted.of('after', 'receipt'),
    undo: sorted.of('after', 'undo').reverse(),
  }
  keepMachineName(plan)
  return { ...plan, slots: numberSlots(plan, options.callerSlots ?? []) }
}

// Without a uts namespace of its own the program would rename the machine, and root may.
function keepMachineName({ clone, stage, child }: Omit<Plan, 'slots'>): void {
  const renaming = child.find(({ op }) => op === 'hostname' || op === 'domainname')
  if (renaming === undefined || clone?.namespaces.includes('uts')) return
  const enters = (step: Step) =>
    (step.op === 'setns' && (step.namespaces.length === 0 || step.namespaces.includes('uts'))) ||
    (step.op === 'unshare' && step.namespaces.includes('uts'))
  if (![...stage, ...child].some(enters)) {
    throw new TypeError(
      `Cannot link ${renaming.op}: no step makes or joins a uts namespace; it would rename the machine`
    )
  }
}

// Steps in their places, in the order they came within each. A place is a side, a phase, and the rank within the phase.
class Sorted {
  private readonly places = new Array<Step[] | undefined>(PLACES)

  add(step: Step): void {
    const place =
      (step.side === undefined && step.phase === undefined ? USUAL.get(step.op) : undefined) ?? placeOf(step)
    ;(this.places[place] ??= []).push(step)
  }

  of(side: Side, phase?: string): Step[] {
    const start = firstPlace(side, phase ?? PHASES[side][0] ?? '')
    const end = start + (phase === undefined ? PHASES[side].length : 1) * RANKS
    const found: Step[] = []
    for (let place = start; place < end; place++) {
      const steps = this.places[place]
      if (steps !== undefined) for (const step of steps) found.push(step)
    }
    return found
  }
}

const RANKS = 8 // more than any phase has
const ORDER = Object.entries(PHASES).flatMap(([side, phases]) => phases.map((phase) => `${side} ${phase}`))
const PLACES = ORDER.length * RANKS
const firstPlace = (side: Side, phase: string) => ORDER.indexOf(`${side} ${phase}`) * RANKS

function placeOf(step: Step): number {
  const side = sideOf(step)
  const phase = phaseIn(step, side)
  return firstPlace(side, phase) + rank(phase, step.op)
}

// Of steps that name neither side nor phase: worked out once, because a launch waits for it.
const USUAL = new Map<string, number>(
  (Object.keys(operations) as OperationName[]).filter((op) => op !== 'clone').map((op) => [op, placeOf({ op } as Step)])
)

/** The side a step runs on. */
export function sideOf(step: Step): Side {
  const spec = specOf(step.op)
  const side = step.side ?? spec.sides[0]
  if (side === undefined || !spec.sides.includes(side)) {
    throw new TypeError(
      `Cannot link ${step.op}: side '${String(side)}' cannot run it; wanted ${spec.sides.join(' or ')}`
    )
  }
  return side
}

/** The phase a step runs in. */
export function phaseOf(step: Step): string {
  return phaseIn(step, sideOf(step))
}

function phaseIn(step: Step, side: Side): string {
  const phase = step.phase ?? specOf(step.op).phases[side]
  if (phase === undefined || !PHASES[side].includes(phase)) {
    throw new TypeError(
      `Cannot link ${step.op}: side '${side}' has no phase '${String(phase)}'; wanted ${PHASES[side].join(', ')}`
    )
  }
  return phase
}

function specOf(op: OperationName) {
  if (!Object.hasOwn(operations, op)) throw new TypeError(`Cannot link a step: operation '${String(op)}' is unknown`)
  return operations[op]
}

const own = { origin: '@iso/native' } as const

const DEATH_SIGNAL: Step = {
  ...own,
  op: 'deathSignal',
  signal: 9,
  why: 'the container must not outlive its supervisor',
}
const KEYRING: Step = {
  ...own,
  op: 'keyring',
  why: 'keys of the caller stay with the caller',
  onError: { ignore: ['EDQUOT', 'EPERM', 'EACCES'] },
}
const SETSID: Step = { ...own, op: 'setsid', why: 'the terminal of the caller must not control it' }
const CLOSE_FDS: Step = { ...own, op: 'closeFds', why: 'no descriptor of ours reaches the program' }

function base({ umask = 0o022, nofileSoft = 1024, keyring = true, deathSignal = true }: LinkOptions): Step[] {
  const steps: Step[] = deathSignal ? [DEATH_SIGNAL] : []
  steps.push({
    ...own,
    op: 'reset',
    umask,
    nofileSoft,
    why: 'signal handlers, mask and limits of Node are not for the program',
  })
  if (keyring) steps.push(KEYRING)
  steps.push(SETSID, CLOSE_FDS)
  return steps
}

// Newest first: what was made last is removed first (`undo` is reversed as a whole).
function inverses(steps: readonly Step[]): Step[] {
  const found: Step[] = []
  for (const step of steps) {
    if (step.op === 'listen')
      found.push({ ...originOf(step), op: 'unlink', path: step.path, made: step.slot, why: 'inverse of listen' })
    else if (step.op === 'cgroupCreate' && step.exist !== true)
      found.push({
        ...originOf(step),
        op: 'cgroupRemove',
        path: step.path,
        made: step.slot,
        why: 'inverse of cgroupCreate',
      })
  }
  return found
}

const originOf = ({ origin }: Step) => (origin === undefined ? {} : { origin })

// The child waits for its id maps before anything else, because until then it is nobody; for the rest of the parent's work only
// before it takes its final identity, so that both sides overlap.
function barriers(steps: readonly Step[]): Step[] {
  const found: Step[] = []
  const working = steps.filter(({ op }) => op !== 'signal' && op !== 'wait')
  const maps = working.filter(({ op }) => op === 'idMap' || op === 'idMapHelper').length
  if (maps > 0) found.push(...barrier('maps-written', 'wait', 'without its maps the process is nobody'))
  if (working.length > maps)
    found.push(...barrier('parent-done', 'beside', 'the supervisor works on the process meanwhile'))
  return found
}

const barrier = (name: string, phase: string, why: string): Step[] => [
  { ...own, op: 'wait', barrier: name, phase, why },
  { ...own, op: 'signal', side: 'parent', barrier: name },
]

// The child waits for its maps before it does anything: the supervisor must not wait for the child before it has said that they stand.
function mapsFirst(beside: Step[]): Step[] {
  const told = beside.filter((step) => step.op === 'signal' && step.barrier === 'maps-written')
  if (told.length === 0) return beside
  const isMap = ({ op }: Step) => op === 'idMap' || op === 'idMapHelper'
  const rest = beside.filter((step) => !isMap(step) && !told.includes(step))
  return [...beside.filter(isMap), ...told, ...rest]
}

function mergeClones(clones: readonly CloneStep[]): CloneStep {
  const cgroups = [...new Set(clones.flatMap((c) => c.cgroup ?? []))]
  if (cgroups.length > 1)
    throw new TypeError(`Cannot link clone: two cgroups to be born in, '${cgroups.join("' and '")}'`)
  const origins = [...new Set(clones.flatMap((c) => c.origin ?? []))].join(' ')
  return {
    op: 'clone',
    namespaces: [...new Set(clones.flatMap((c) => c.namespaces))],
    ...(cgroups[0] === undefined ? {} : { cgroup: cgroups[0] }),
    origin: origins === '' ? own.origin : origins,
  }
}

const SYS_ADMIN = 1n << 21n

// Loading a filter needs no_new_privs or CAP_SYS_ADMIN. Without the former the capability stays in force until the filter is
// loaded, and execve takes it away: what the program gets follows from the bounding and ambient sets, which lack it.
function withoutNoNewPrivs(child: readonly Step[]): Step[] {
  const filtered = child.some((s) => s.op === 'seccomp')
  if (!filtered || child.some((s) => s.op === 'noNewPrivs')) return [...child]
  return child.map((s) =>
    s.op === 'capSet'
      ? {
          ...s,
          effective: BigInt(s.effective) | SYS_ADMIN,
          permitted: BigInt(s.permitted) | SYS_ADMIN,
          why: 'CAP_SYS_ADMIN until the filter is loaded; execve drops it',
        }
      : s
  )
}

function numberSlots(plan: Omit<Plan, 'slots'>, callerSlots: readonly SlotName[]): SlotName[] {
  const filled = new Set(callerSlots)
  const needed = new Map<SlotName, OperationName>()
  const made = (slot: SlotName) => void filled.add(slot)
  const used = (slot: SlotName, op: OperationName) => void needed.set(slot, op)
  const visit = (steps: readonly Step[]) => {
    for (const step of steps) {
      visitSlots(step, made, used)
      if (step.onError?.else !== undefined) visit(step.onError.else)
    }
  }
  visit(plan.before)
  visit(plan.stage)
  if (plan.clone !== undefined) visit([plan.clone])
  for (const part of [plan.beside, plan.child, plan.receipt, plan.undo]) visit(part)
  for (const [slot, op] of needed) {
    if (!filled.has(slot)) throw new TypeError(`Cannot link ${op}: no step makes the slot '${slot}'`)
  }
  return [...filled]
}
