// From steps in the order packages gave them to a plan in the order the kernel needs. Pure: no system call is made.

import { operations, type CloneStep, type OperationName, type Step } from '../operations.gen.js'
import type { Side, SlotName } from '../step.js'
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
  const clones = steps.filter((step): step is CloneStep => step.op === 'clone')
  const placed = [...base(options), ...steps.filter((step) => step.op !== 'clone'), ...inverses(steps)].map(place)
  const sides: Record<Side, Placed[]> = { parent: [], stage: [], child: [], after: [] }
  for (const one of placed) sides[one.side].push(one)
  for (const step of barriers(sides.parent)) {
    const one = place(step)
    sides[one.side].push(one)
  }
  for (const side of Object.values(sides)) side.sort((a, b) => a.order - b.order) // sort() is stable
  const of = (side: Side, phase?: string) =>
    sides[side].filter((one) => phase === undefined || one.phase === phase).map(({ step }) => step)
  const plan = {
    before: of('parent', 'before'),
    stage: of('stage'),
    clone: mergeClones(clones),
    beside: of('parent', 'beside'),
    child: withoutNoNewPrivs(of('child')),
    receipt: of('after', 'receipt'),
    undo: of('after', 'undo').reverse(),
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

// Where a step stands: worked out once, because a launch waits for it.
interface Placed {
  step: Step
  side: Side
  phase: string
  order: number
}

function place(step: Step): Placed {
  const known = step.side === undefined && step.phase === undefined ? USUAL.get(step.op) : undefined
  if (known !== undefined) return { step, ...known }
  const side = sideOf(step)
  return { step, ...placeAt(step.op, side, phaseIn(step, side)) }
}

const placeAt = (op: OperationName, side: Side, phase: string) => ({
  side,
  phase,
  order: PHASES[side].indexOf(phase) * 100 + rank(phase, op),
})

// Where steps stand that name neither side nor phase.
const USUAL = new Map<string, Omit<Placed, 'step'>>(
  Object.entries(operations).flatMap(([op, { sides, phases }]) => {
    const phase = sides[0] && phases[sides[0]]
    return sides[0] === undefined || phase === undefined ? [] : [[op, placeAt(op as OperationName, sides[0], phase)]]
  })
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

function base({ umask = 0o022, nofileSoft = 1024, keyring = true, deathSignal = true }: LinkOptions): Step[] {
  return [
    ...(deathSignal
      ? [{ ...own, op: 'deathSignal', signal: 9, why: 'the container must not outlive its supervisor' } as const]
      : []),
    { ...own, op: 'reset', umask, nofileSoft, why: 'signal handlers, mask and limits of Node are not for the program' },
    ...(keyring
      ? [
          {
            ...own,
            op: 'keyring',
            why: 'keys of the caller stay with the caller',
            onError: { ignore: ['EDQUOT', 'EPERM', 'EACCES'] },
          } as const,
        ]
      : []),
    { ...own, op: 'setsid', why: 'the terminal of the caller must not control it' },
    { ...own, op: 'closeFds', why: 'no descriptor of ours reaches the program' },
  ]
}

// Newest first: what was made last is removed first (`undo` is reversed as a whole).
function inverses(steps: readonly Step[]): Step[] {
  return steps
    .filter(({ op }) => op === 'listen' || op === 'cgroupCreate')
    .flatMap((step): Step[] => {
      const origin = step.origin === undefined ? {} : { origin: step.origin }
      if (step.op === 'listen')
        return [{ ...origin, op: 'unlink', path: step.path, made: step.slot, why: 'inverse of listen' }]
      if (step.op !== 'cgroupCreate' || step.exist === true) return []
      return [{ ...origin, op: 'cgroupRemove', path: step.path, made: step.slot, why: 'inverse of cgroupCreate' }]
    })
}

// The child waits for its id maps before anything else, because until then it is nobody; for the rest of the parent's work only
// before it takes its final identity, so that both sides overlap.
function barriers(parent: readonly Placed[]): Step[] {
  const beside = parent
    .filter(({ step, phase }) => phase === 'beside' && step.op !== 'signal' && step.op !== 'wait')
    .map(({ step }) => step)
  const maps = beside.some((s) => s.op === 'idMap' || s.op === 'idMapHelper')
  const rest = beside.some((s) => s.op !== 'idMap' && s.op !== 'idMapHelper')
  return [
    ...(maps
      ? [
          {
            ...own,
            op: 'wait',
            barrier: 'maps-written',
            phase: 'wait',
            why: 'without its maps the process is nobody',
          } as const,
        ]
      : []),
    ...(rest
      ? [
          {
            ...own,
            op: 'wait',
            barrier: 'parent-done',
            phase: 'beside',
            why: 'the supervisor works on the process meanwhile',
          } as const,
        ]
      : []),
    ...(maps ? [{ ...own, op: 'signal', side: 'parent', barrier: 'maps-written' } as const] : []),
    ...(rest ? [{ ...own, op: 'signal', side: 'parent', barrier: 'parent-done' } as const] : []),
  ]
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

const SLOT_FIELDS = new Map(
  Object.entries(operations).map(([op, { fields }]) => [op, fields.filter(({ kind }) => kind === 'slot')])
)

function numberSlots(plan: Omit<Plan, 'slots'>, callerSlots: readonly SlotName[]): SlotName[] {
  const made = new Set(callerSlots)
  const used = new Map<SlotName, string>()
  const visit = (step: Step) => {
    for (const field of SLOT_FIELDS.get(step.op) ?? []) {
      const value: unknown = (step as unknown as Record<string, unknown>)[field.name]
      if (typeof value !== 'string') continue
      if (field.makes === true) made.add(value)
      else used.set(value, step.op)
    }
    step.onError?.else?.forEach(visit)
  }
  for (const part of [
    plan.before,
    plan.stage,
    plan.clone ? [plan.clone] : [],
    plan.beside,
    plan.child,
    plan.receipt,
    plan.undo,
  ])
    part.forEach(visit)
  for (const [slot, op] of used) {
    if (!made.has(slot)) throw new TypeError(`Cannot link ${op}: no step makes the slot '${slot}'`)
  }
  return [...made]
}
