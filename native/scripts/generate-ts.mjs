// The TypeScript half of the operation table: one interface a step, and the table for whoever asks about one.
const HEAD = '// Generated from plan/operations.mjs by scripts/generate.mjs. Do not edit.\n'

const pascal = (name) => name[0].toUpperCase() + name.slice(1)
const union = (names) =>
  Object.keys(names)
    .map((n) => `'${n}'`)
    .join(' | ')

function type(field) {
  switch (field.kind) {
    case 'u32':
    case 'id':
      return 'number'
    case 'i64':
    case 'u64':
      return 'number | bigint'
    case 'bool':
      return 'boolean'
    case 'str':
    case 'template':
      return 'string'
    case 'bytes':
      return 'string | Uint8Array'
    case 'strs':
    case 'templates':
      return 'readonly string[]'
    case 'u32s':
      return 'readonly number[]'
    case 'slot':
      return 'SlotName'
    case 'enum':
      return union(field.names)
    case 'flags':
      return `readonly (${union(field.names)})[]`
  }
  throw new Error(`Unknown field kind ${field.kind}`)
}

function stepInterface(name, op) {
  const fields = Object.entries(op.fields).map(
    ([key, f]) => `  /** ${f.doc} */\n  ${key}${f.optional ? '?' : ''}: ${type(f)}\n`
  )
  return `/** ${op.doc} See ${op.man}. */
export interface ${pascal(name)}Step extends StepBase {
  op: '${name}'
  /** Who runs it. Default: ${op.sides[0]}. */
  side?: ${op.sides.map((s) => `'${s}'`).join(' | ')}
${fields.join('')}}
`
}

function tableEntry(name, op, code) {
  const fields = Object.entries(op.fields).map(([key, f]) => {
    const parts = [`name: '${key}'`, `kind: '${f.kind}'`]
    if (f.optional) parts.push('optional: true')
    if (f.makes) parts.push('makes: true')
    if (f.names) parts.push(`names: ${JSON.stringify(f.names)}`)
    return `      { ${parts.join(', ')} },\n`
  })
  return `  ${name}: {
    code: ${code},
    doc: ${JSON.stringify(op.doc)},
    syscall: '${op.syscall}',
    man: ${JSON.stringify(op.man)},
    sides: ${JSON.stringify(op.sides)},
    phases: ${JSON.stringify(op.phase)},
${op.inverse ? `    inverse: '${op.inverse}',\n` : ''}    fields: [
${fields.join('')}    ],
  },
`
}

export function typescript(operations, digest) {
  const names = Object.keys(operations)
  return `${HEAD}
import type { OperationSpec, SlotName, StepBase } from './step.js'

${names.map((n) => stepInterface(n, operations[n])).join('\n')}
/** One kernel action: plain, serialisable data. */
export type Step =
${names.map((n) => `  | ${pascal(n)}Step\n`).join('')}
/** The name of an operation. */
export type OperationName = Step['op']

/** Changes with the table: iso-init refuses a plan that was encoded from another one. */
export const TABLE_DIGEST = ${digest}

/** The operation table, as the linker and \`explain()\` use it. */
export const operations: Readonly<Record<OperationName, OperationSpec>> = {
${names.map((n, i) => tableEntry(n, operations[n], i + 1)).join('')}}
`
}
