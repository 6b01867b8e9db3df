import { type Arch, ARCHES, type ArchInfo } from '../arch.js'
import type { Comparison, Condition, Profile, Rule } from '../profile.js'
import { errnoOf, isPermissive, returnValue } from './actions.js'
import { u64 } from './check.js'
import { mergeRuns } from './merge.js'
import { companionOf } from './multiplex.js'
import { type Context, selectArches, selectRules } from './select.js'

/** A condition with its numbers read. */
export interface Test {
  index: number
  op: Comparison
  value: bigint
  valueTwo: bigint
}

/** What happens when all tests hold; no tests: always. */
export interface Outcome {
  /** SECCOMP_RET_… with its data. */
  action: number
  tests: readonly Test[]
}

/** What a profile says about one architecture. */
export interface ArchRules {
  arch: Arch
  info: ArchInfo
  /** By number: outcomes in order; the first whose tests hold counts. */
  calls: Map<number, readonly Outcome[]>
  /** The highest number named, per kind of number: ordinary, private. */
  highest: number
  highestPrivate: number
}

/** A profile with names, architectures and conditions of this machine resolved. */
export interface Resolved {
  defaultAction: number
  arches: ArchRules[]
}

/** Resolve a profile against a machine. Names an architecture does not have are passed over, as libseccomp does. */
export function resolve(profile: Profile, context: Context): Resolved {
  const defaultAction = returnValue(profile.defaultAction, errnoOf(profile.defaultErrno) ?? profile.defaultErrnoRet)
  const rules = selectRules(profile, context).map(readRule)
  const arches = selectArches(profile, context.arch).map((arch) => resolveArch(arch, rules, defaultAction))
  return { defaultAction, arches }
}

interface ReadRule {
  names: readonly string[]
  action: number
  outcomes: readonly Outcome[]
}

function readRule(rule: Rule): ReadRule {
  const action = returnValue(rule.action, errnoOf(rule.errno) ?? rule.errnoRet)
  const names = rule.names?.length ? rule.names : [rule.name as string]
  return { names, action, outcomes: alternatives(rule).map((tests) => ({ action, tests })) }
}

function resolveArch(arch: Arch, rules: readonly ReadRule[], defaultAction: number): ArchRules {
  const info = ARCHES[arch]
  const into: ArchRules = { arch, info, calls: new Map(), highest: -1, highestPrivate: -1 }
  const companions: [number, Outcome][] = []
  const closed = new Set<number>()
  for (const { names, action, outcomes } of rules) {
    // A rule that says what happens anyway is passed over, as runc and crun do: it must not hide a narrower one.
    const idle = action === defaultAction
    for (const name of names) {
      const nr = info.syscalls[name]
      if (nr !== undefined) note(into, nr)
      if (idle && nr !== undefined && outcomes[0]?.tests.length === 0) closed.add(nr)
      if (idle) continue
      if (nr !== undefined) add(into.calls, nr, outcomes)
      if (arch === 'i386') companions.push(...companionOf(name, outcomes, isPermissive(action)))
    }
  }
  for (const [nr, outcome] of companions) {
    // A profile that refuses the multiplexer by name means it: no rule on an inner call opens it.
    if (!closed.has(nr) || !isPermissive(outcome.action)) add(into.calls, nr, [outcome])
  }
  for (const [nr, outcomes] of into.calls) if (outcomes.length > 1) into.calls.set(nr, settle(outcomes))
  return into
}

function note(into: ArchRules, nr: number): void {
  if (into.info.privateBase !== undefined && nr >= into.info.privateBase)
    into.highestPrivate = Math.max(into.highestPrivate, nr)
  else into.highest = Math.max(into.highest, nr)
}

function add(calls: Map<number, readonly Outcome[]>, nr: number, more: readonly Outcome[]): void {
  const outcomes = calls.get(nr)
  calls.set(nr, outcomes === undefined ? more : [...outcomes, ...more])
}

// A rule without conditions beats those with, wherever it stands; of several without, the first counts.
function settle(outcomes: readonly Outcome[]): readonly Outcome[] {
  const always = outcomes.find(({ tests }) => tests.length === 0)
  return always ? [always] : mergeRuns(outcomes)
}

// All conditions of a rule must hold, unless two of them look at the same argument: then runc (and so Docker) makes each
// condition a rule of its own, and profiles rely on it.
function alternatives(rule: Rule): readonly (readonly Test[])[] {
  const tests = (rule.args ?? []).map(test)
  const indexes = new Set(tests.map(({ index }) => index))
  return indexes.size === tests.length ? [tests] : tests.map((one) => [one])
}

function test({ index, op, value, valueTwo }: Condition): Test {
  return { index, op, value: u64(value, 'value'), valueTwo: u64(valueTwo ?? 0, 'valueTwo') }
}
