// A plan for people: each step with its system call, who asked for it and why. No kernel is touched.

import { operations, type Step } from '../operations.gen.js'
import type { Side } from '../step.js'
import { link, type Plan } from './link.js'

/** One line of an explained plan, as data. */
export interface ExplainedStep {
  /** Position in the plan; what `IsoError.step.index` counts. */
  index: number
  side: Side
  op: string
  /** System call and its manual page. */
  syscall: string
  man: string
  /** The fields, shortened. */
  detail: string
  origin?: string
  why?: string
}

/** Every step of a plan in the order of their numbers. */
export function planSteps(plan: Plan): { step: Step; side: Side }[] {
  const on = (side: Side) => (step: Step) => ({ step, side })
  return [
    ...plan.before.map(on('parent')),
    ...plan.stage.map(on('stage')),
    ...(plan.clone === undefined ? [] : [on('parent')(plan.clone)]),
    ...plan.beside.map(on('parent')),
    ...plan.child.map(on('child')),
    ...plan.receipt.map(on('after')),
    ...plan.undo.map(on('after')),
  ]
}

/** The steps of a plan as rows for `--format json`. */
export function explainSteps(plan: Plan | readonly Step[]): ExplainedStep[] {
  return planSteps('child' in plan ? plan : link(plan)).map(({ step, side }, index) => {
    const { syscall, man } = operations[step.op]
    return {
      index,
      side,
      op: step.op,
      syscall,
      man,
      detail: detail(step),
      ...(step.origin === undefined ? {} : { origin: step.origin }),
      ...(step.why === undefined ? {} : { why: step.why }),
    }
  })
}

/**
 * Print a plan: one line a step, with side, system call, operands, who asked for it and why.
 *
 * @param plan a linked plan, or steps to link first.
 * @example
 * ```ts
 * import { explain } from '@iso/native'
 * console.log(explain([{ op: 'clone', namespaces: ['uts'] }, { op: 'hostname', name: 'box', why: 'asked for' }]))
 * ```
 */
export function explain(plan: Plan | readonly Step[]): string {
  const rows = explainSteps(plan)
  const width = (key: 'syscall' | 'side', most: number) =>
    Math.min(most, Math.max(...rows.map((row) => row[key].length)))
  const [calls, sides] = [width('syscall', 16), width('side', 8)]
  return rows
    .map((row) => {
      const because = [row.origin, row.why].filter(Boolean).join(': ')
      return `${String(row.index).padStart(3)}  ${row.side.padEnd(sides)}  ${row.syscall.padEnd(calls)}  ${row.op} ${row.detail}${because === '' ? '' : `   # ${because}`}`.trimEnd()
    })
    .join('\n')
}

const LONG = 96

/** Fields that are permission bits. */
const OCTAL: ReadonlySet<string> = new Set(['mode', 'umask', 'mask'])
const octal = (bits: number) => `0${bits.toString(8).padStart(3, '0')}`

function detail(step: Step): string {
  const shown = operations[step.op].fields.flatMap((field) => {
    const value: unknown = (step as unknown as Record<string, unknown>)[field.name]
    if (value === undefined || (Array.isArray(value) && value.length === 0 && field.kind !== 'flags')) return []
    return [`${field.name}=${typeof value === 'number' && OCTAL.has(field.name) ? octal(value) : show(value)}`]
  })
  const tail =
    step.onError === undefined
      ? []
      : [
          step.onError.ignore?.length ? `(${step.onError.ignore.join(', ')} ignored)` : '',
          step.onError.else?.length ? `(else ${step.onError.else.map((s) => s.op).join(', ')})` : '',
        ]
  return [...shown, ...tail].filter((part) => part !== '').join(' ')
}

function show(value: unknown): string {
  if (value instanceof Uint8Array) return `<${value.length} bytes>`
  if (typeof value === 'bigint') return `0x${value.toString(16)}`
  if (Array.isArray(value)) return short(`[${value.map(String).join(',')}]`)
  return short(typeof value === 'string' ? JSON.stringify(value) : String(value))
}

const short = (text: string) => (text.length > LONG ? `${text.slice(0, LONG - 1)}…` : text)
