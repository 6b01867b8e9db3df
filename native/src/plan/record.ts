// The shape of an encoded record: six words of head, then one or two words a field.

import { operations, type Step } from '../operations.gen.js'
import type { FieldKind, FieldSpec } from '../step.js'

/** The first word of what is not there, such as ISO_NO_SLOT. @internal */
export const ABSENT = 0xffffffff

/** Operation, words, errors to ignore (two), alternatives, index. @internal */
export const HEAD_WORDS = 6

const TWO_WORDS = new Set<FieldKind>(['i64', 'u64', 'str', 'template', 'bytes', 'strs', 'templates', 'u32s', 'flags'])

/** Words of a field. @internal */
export const words = (field: FieldSpec): 1 | 2 => (TWO_WORDS.has(field.kind) ? 2 : 1)

const SIZES = new Map(
  Object.entries(operations).map(([op, { fields }]) => [op, HEAD_WORDS + fields.reduce((n, f) => n + words(f), 0)])
)

/** Words of a step's record. @throws TypeError @internal */
export function sizeOf({ op }: Step): number {
  const size = SIZES.get(op)
  if (size === undefined) throw new TypeError(`Cannot encode a step: operation '${String(op)}' is unknown`)
  return size
}

/** The first word of a field that is absent; the second, where there is one, is 0. @internal */
export const ABSENT_AS: Readonly<Record<FieldKind, number>> = {
  u32: 0,
  bool: 0,
  enum: 0,
  i64: 0,
  u64: 0,
  flags: 0,
  id: ABSENT,
  slot: ABSENT,
  str: ABSENT,
  template: ABSENT,
  bytes: ABSENT,
  strs: ABSENT,
  templates: ABSENT,
  u32s: ABSENT,
}

/** @internal */
export function misfit(op: string, field: FieldSpec, value: unknown, wanted: string): TypeError {
  return new TypeError(`Cannot encode ${op}: ${field.name} is ${inspect(value)}; wanted ${wanted}`)
}

/** A value for a message. @internal */
export function inspect(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : typeof value === 'bigint' ? `${value}n` : String(value)
}
