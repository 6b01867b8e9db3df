// The encoder's half of the operation table: one straight line of calls an operation. A loop over the fields of a table, which this
// replaces, reads each value by a name that changes with every turn; that is what made it slow.
const HEAD = '// Generated from plan/operations.mjs by scripts/generate.mjs. Do not edit.\n'

const HEAD_WORDS = 6
const TWO_WORDS = new Set(['i64', 'u64', 'str', 'template', 'bytes', 'strs', 'templates', 'u32s', 'flags'])
const NAMED = new Set(['enum', 'flags'])

const wordsOf = (fields) => Object.values(fields).reduce((n, f) => n + (TWO_WORDS.has(f.kind) ? 2 : 1), HEAD_WORDS)

function tables(operations) {
  return Object.entries(operations).flatMap(([op, { fields }]) =>
    Object.entries(fields)
      .filter(([, f]) => NAMED.has(f.kind))
      .map(
        ([key, f]) =>
          `const ${op}_${key}: ReadonlyMap<unknown, number> = new Map(Object.entries(${JSON.stringify(f.names)}))`
      )
  )
}

function write(op, [key, f]) {
  const rest = NAMED.has(f.kind) ? `, ${op}_${key}` : ''
  return `      to.${f.kind === 'bytes' ? 'bytesOf' : f.kind}(step.${key}, '${op}', '${key}', ${f.optional === true}${rest})`
}

function slotLines([key, f]) {
  if (f.kind !== 'slot') return []
  const call = f.makes ? 'made' : 'used'
  return [`      ${f.optional ? `if (step.${key} !== undefined) ` : ''}${call}(step.${key}, step.op)`]
}

const cases = (operations, lines) =>
  Object.entries(operations)
    .map(([op, spec]) => [op, Object.entries(spec.fields).flatMap((field) => lines(op, field))])
    .filter(([, body]) => body.length > 0)
    .map(([op, body]) => `    case '${op}':\n${body.join('\n')}\n      return`)
    .join('\n')

export function fields(operations) {
  const names = Object.keys(operations)
  return `${HEAD}
import type { OperationName, Step } from '../operations.gen.js'
import type { RecordWriter } from './record-writer.js'

${tables(operations).join('\n')}

/** Code of each operation and the words its record takes. @internal */
export const RECORDS: ReadonlyMap<string, { code: number; words: number }> = new Map([
${names.map((op, i) => `  ['${op}', { code: ${i + 1}, words: ${wordsOf(operations[op].fields)} }],`).join('\n')}
])

/** Write the fields of a step. @internal */
export function writeFields(to: RecordWriter, step: Step): void {
  switch (step.op) {
${cases(operations, (op, field) => [write(op, field)])}
  }
}

/** Tell the slots of a step: those it fills, those it uses. @internal */
export function visitSlots(
  step: Step,
  made: (slot: string, op: OperationName) => void,
  used: (slot: string, op: OperationName) => void
): void {
  switch (step.op) {
${cases(operations, (_op, field) => slotLines(field))}
  }
}
`
}
