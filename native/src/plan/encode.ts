// Packs a plan and the program it runs into the bytes that init/decode.c reads: records first, then what they point to.

import { constants } from 'node:os'
import { TABLE_DIGEST, type Step } from '../operations.gen.js'
import { RECORDS, writeFields } from './fields.gen.js'
import type { Plan } from './link.js'
import { RecordWriter } from './record-writer.js'

/** The program a plan ends in; kept apart from the steps, so that a plan can be logged. */
export interface Program {
  argv: readonly string[]
  /** Lines of `NAME=value`. */
  env: readonly string[]
  /** Killed after this time, in milliseconds, from the start of the program; 0: never. */
  timeoutMs?: number
  /** Killed when standard output and error together exceed this many bytes; 0: never. */
  outputLimitBytes?: number
  detached?: boolean
  terminal?: boolean
  trace?: boolean
  /** The supervisor leaves once the child is parked. */
  leave?: boolean
}

const MAGIC = 0x314f5349
const HEADER_WORDS = 26

/**
 * Encode a linked plan for the interpreter.
 *
 * @returns bytes for a memfd; see init/decode.h for the layout.
 * @throws TypeError for a value that does not fit its field, with the value.
 */
export function encode(plan: Plan, program: Program): Uint8Array {
  const to = new RecordWriter(HEADER_WORDS, new Map(plan.slots.map((name, number) => [name, number])))
  let index = 0
  const section = (steps: readonly Step[]): [offset: number, count: number] => {
    const { words, count } = measure(steps)
    const offset = to.begin(words)
    for (const step of steps) {
      const alternatives = step.onError?.else ?? NONE
      write(to, step, index, alternatives.length)
      for (const alternative of alternatives) write(to, alternative, index, 0)
      index++
    }
    return [offset, count]
  }
  const before = section(plan.before)
  const stage = section(plan.stage)
  const clone = plan.clone === undefined ? 0 : section([plan.clone])[0]
  const beside = section(plan.beside)
  const child = section(plan.child)
  const receipt = section(plan.receipt)
  const undo = section(plan.undo)
  const argv = [to.texts(program.argv, 'argv'), program.argv.length]
  const env = [to.texts(program.env, 'env'), program.env.length]
  const flags =
    (program.detached ? 1 : 0) | (program.terminal ? 2 : 0) | (program.trace ? 4 : 0) | (program.leave ? 8 : 0)
  const limit = program.outputLimitBytes ?? 0
  return to.bytes([
    ...[MAGIC, TABLE_DIGEST, to.size, plan.slots.length],
    ...[...before, ...stage, ...beside, ...child, ...receipt],
    ...[clone, flags, ...argv, ...env],
    ...[program.timeoutMs ?? 0, limit >>> 0, Math.floor(limit / 2 ** 32), 0],
    ...undo,
  ])
}

// Records stand one behind the other, and their data behind them: the room of a section is taken first.
function measure(steps: readonly Step[]): { words: number; count: number } {
  let words = 0
  let count = 0
  for (const step of steps) {
    words += recordOf(step).words
    count++
    for (const alternative of step.onError?.else ?? NONE) {
      words += recordOf(alternative).words
      count++
    }
  }
  return { words, count }
}

function write(to: RecordWriter, step: Step, index: number, alternatives: number): void {
  const { code, words } = recordOf(step)
  to.put(code)
  to.put(words)
  to.u32s(step.onError?.ignore?.map(errnoOf) ?? NONE, step.op, 'onError', false)
  to.put(alternatives)
  to.put(index)
  writeFields(to, step)
}

function recordOf({ op }: Step): { code: number; words: number } {
  const record = RECORDS.get(op)
  if (record === undefined) throw new TypeError(`Cannot encode a step: operation '${String(op)}' is unknown`)
  return record
}

const NONE: readonly never[] = []

const ERRNO: ReadonlyMap<string, number> = new Map(Object.entries(constants.errno))

function errnoOf(name: string): number {
  const number = ERRNO.get(name)
  if (number === undefined) throw new TypeError(`Cannot encode onError: '${name}' is no error name`)
  return number
}
