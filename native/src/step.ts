// What every step has in common, and the shape of the operation table. The steps themselves are generated: operations.gen.ts.

import type { Step } from './operations.gen.js'

/** Names a descriptor that one step makes, or the caller hands in, and another step uses. */
export type SlotName = string

/** Who runs a step: see docs/architecture.md, "Who runs a plan". */
export type Side = 'parent' | 'stage' | 'child' | 'after'

/** Fields that any step may carry besides those of its operation. */
export interface StepBase {
  /** The package that asked for the step, such as `@iso/ns`; shown by `explain()` and in errors. */
  origin?: string
  /** Why the step is there, in a few words; shown by `explain()`. */
  why?: string
  /** The phase the linker sorts the step into, where that of the operation table does not fit. */
  phase?: string
  /**
   * What happens when the kernel refuses. Absent: the plan fails.
   * `ignore`: errno names (`'ENOENT'`) after which the plan goes on. `else`: steps to run instead, after any other errno.
   */
  onError?: { ignore?: readonly string[]; else?: readonly Step[] }
}

/** How a field crosses to C. */
export type FieldKind =
  | 'u32'
  | 'id'
  | 'i64'
  | 'u64'
  | 'bool'
  | 'str'
  | 'template'
  | 'bytes'
  | 'strs'
  | 'templates'
  | 'u32s'
  | 'slot'
  | 'enum'
  | 'flags'

/** One field of an operation. */
export interface FieldSpec {
  name: string
  kind: FieldKind
  optional?: boolean
  makes?: boolean
  names?: Readonly<Record<string, number>>
}

/** One row of the operation table. */
export interface OperationSpec {
  code: number
  doc: string
  syscall: string
  man: string
  sides: readonly Side[]
  phases: Readonly<Partial<Record<Side, string>>>
  inverse?: string
  fields: readonly FieldSpec[]
}
