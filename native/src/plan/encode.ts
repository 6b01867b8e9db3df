// Packs a plan and the program it runs into the bytes that init/decode.c reads. One growing buffer: records first, then what
// they point to.

import { constants } from 'node:os'
import { operations, TABLE_DIGEST, type Step } from '../operations.gen.js'
import type { FieldSpec } from '../step.js'
import type { Plan } from './link.js'
import { ABSENT, ABSENT_AS, HEAD_WORDS, inspect, misfit, sizeOf, words } from './record.js'

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
const EXPAND = 0x80000000
const HEADER_WORDS = 26

/**
 * Encode a linked plan for the interpreter.
 *
 * @returns bytes for a memfd; see init/decode.h for the layout.
 * @throws TypeError for a value that does not fit its field, with the value.
 */
export function encode(plan: Plan, program: Program): Uint8Array {
  return new Encoder(plan).encode(program)
}

// A launch encodes a hundred steps while the caller waits: words and short strings go straight into the buffer, and nothing is made
// on the way that would have to be collected.
class Encoder {
  // Zeroed, so that the same plan gives the same bytes. A plan of a full container takes some 10 kB.
  private buffer = Buffer.from(new ArrayBuffer(16384))
  private words = new Uint32Array(this.buffer.buffer)
  private at = HEADER_WORDS * 4
  private index = 0
  private readonly slots: ReadonlyMap<string, number>

  constructor(private readonly plan: Plan) {
    this.slots = new Map(plan.slots.map((name, number) => [name, number]))
  }

  encode(program: Program): Uint8Array {
    const { plan } = this
    const before = this.section(plan.before)
    const stage = this.section(plan.stage)
    const clone = plan.clone === undefined ? 0 : this.section([plan.clone])[0]
    const [beside, child, receipt, undo] = [plan.beside, plan.child, plan.receipt, plan.undo].map((s) =>
      this.section(s)
    ) as [Section, Section, Section, Section]
    const argv = this.list(program.argv, 'argv')
    const env = this.list(program.env, 'env')
    const flags =
      (program.detached ? 1 : 0) | (program.terminal ? 2 : 0) | (program.trace ? 4 : 0) | (program.leave ? 8 : 0)
    const limit = program.outputLimitBytes ?? 0
    this.words.set([
      MAGIC,
      TABLE_DIGEST,
      this.at,
      this.slots.size,
      ...before,
      ...stage,
      ...beside,
      ...child,
      ...receipt,
      clone,
      flags,
      ...argv,
      ...env,
      program.timeoutMs ?? 0,
      limit >>> 0,
      Math.floor(limit / 2 ** 32),
      0,
      ...undo,
    ])
    return this.buffer.subarray(0, this.at)
  }

  // Records stand one behind the other, and their data behind them: the section is reserved first.
  private section(steps: readonly Step[]): Section {
    let size = 0
    let count = 0
    for (const step of steps) {
      size += sizeOf(step)
      for (const alternative of step.onError?.else ?? []) size += sizeOf(alternative)
      count += 1 + (step.onError?.else?.length ?? 0)
    }
    const start = this.reserve(size * 4)
    let at = start >>> 2
    for (const step of steps) {
      const index = this.index++
      const alternatives = step.onError?.else ?? []
      at = this.record(step, index, alternatives.length, at)
      for (const alternative of alternatives) at = this.record(alternative, index, 0, at)
    }
    return [start, count]
  }

  // Writes a record from word `at` on; the next one's word is returned. What it points to may move the buffer: `this.words` is
  // looked up for each word.
  private record(step: Step, index: number, alternatives: number, at: number): number {
    const spec = operations[step.op]
    const ignore = step.onError?.ignore === undefined ? NOTHING : this.u32s(step.onError.ignore.map(errnoOf))
    const { words: head } = this
    head[at] = spec.code
    head[at + 1] = sizeOf(step)
    head[at + 2] = ignore[0]
    head[at + 3] = ignore[1]
    head[at + 4] = alternatives
    head[at + 5] = index
    let word = at + HEAD_WORDS
    for (const field of spec.fields) {
      const value: unknown = (step as unknown as Record<string, unknown>)[field.name]
      if (value === undefined) {
        if (field.optional !== true) throw new TypeError(`Cannot encode ${step.op}: ${field.name} is missing`)
        this.words[word++] = ABSENT_AS[field.kind]
        if (words(field) === 2) this.words[word++] = 0
        continue
      }
      const encoded = this.field(field, value, step.op)
      if (typeof encoded === 'number') {
        this.words[word++] = encoded
      } else {
        this.words[word++] = encoded[0]
        this.words[word++] = encoded[1]
      }
    }
    return word
  }

  // One word, or two.
  private field(field: FieldSpec, value: unknown, op: string): number | Pair {
    switch (field.kind) {
      case 'u32':
      case 'id':
        if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > 0xffffffff)
          throw misfit(op, field, value, 'a whole number from 0 to 4294967295')
        return value as number
      case 'bool':
        if (typeof value !== 'boolean') throw misfit(op, field, value, 'true or false')
        return value ? 1 : 0
      case 'i64':
      case 'u64': {
        if (typeof value !== 'bigint' && !Number.isSafeInteger(value)) throw misfit(op, field, value, 'a whole number')
        const bits = BigInt.asUintN(64, BigInt(value as number | bigint))
        return [Number(bits & 0xffffffffn), Number(bits >> 32n)]
      }
      case 'enum': {
        const number = Object.hasOwn(field.names ?? {}, String(value)) ? field.names?.[String(value)] : undefined
        if (number === undefined) throw misfit(op, field, value, Object.keys(field.names ?? {}).join(', '))
        return number
      }
      case 'flags': {
        if (!Array.isArray(value)) throw misfit(op, field, value, 'an array of names')
        // No table has a name beyond bit 31: the upper word stays 0.
        let bits = 0
        for (const name of value as unknown[]) {
          const bit = Object.hasOwn(field.names ?? {}, String(name)) ? field.names?.[String(name)] : undefined
          if (bit === undefined)
            throw misfit(op, field, value, `names out of ${Object.keys(field.names ?? {}).join(', ')}`)
          bits |= bit
        }
        return [bits >>> 0, 0]
      }
      case 'slot': {
        const slot = this.slots.get(String(value))
        if (slot === undefined) throw misfit(op, field, value, 'the name of a slot')
        return slot
      }
      case 'str':
        if (typeof value !== 'string') throw misfit(op, field, value, 'a string')
        return this.text(value, field.name)
      case 'template':
        if (typeof value !== 'string') throw misfit(op, field, value, 'a string')
        return this.template(value, field.name)
      case 'bytes':
        if (typeof value !== 'string' && !(value instanceof Uint8Array))
          throw misfit(op, field, value, 'a string or bytes')
        return typeof value === 'string' ? this.string(value, 0) : this.bytes(value)
      case 'strs':
      case 'templates':
        if (!Array.isArray(value)) throw misfit(op, field, value, 'an array of strings')
        return this.list(value as readonly string[], field.name, field.kind === 'templates')
      case 'u32s':
        if (!Array.isArray(value)) throw misfit(op, field, value, 'an array of numbers')
        return this.u32s(value as readonly number[])
    }
  }

  private list(items: readonly string[], name: string, templates = false): Pair {
    const pairs = items.map((item) => (templates ? this.template(item, name) : this.text(item, name)))
    const offset = this.reserve(pairs.length * 8)
    pairs.forEach((pair, i) => this.words.set(pair, (offset >>> 2) + i * 2))
    return [offset, pairs.length]
  }

  private u32s(numbers: readonly number[]): Pair {
    if (numbers.length === 0) return NOTHING
    for (const n of numbers) {
      if (!Number.isInteger(n) || n < 0 || n > 0xffffffff)
        throw new TypeError(`Cannot encode a list: ${inspect(n)} is no whole number from 0 to 4294967295`)
    }
    const offset = this.reserve(numbers.length * 4)
    this.words.set(numbers, offset >>> 2)
    return [offset, numbers.length]
  }

  private text(value: string, name: string): Pair {
    if (typeof value !== 'string') throw new TypeError(`Cannot encode ${name}: ${inspect(value)} is no string`)
    if (value.includes('\0')) throw new TypeError(`Cannot encode ${name}: ${JSON.stringify(value)} holds a NUL byte`)
    return this.string(value, 1)
  }

  // UTF-8, followed by `zeros` NUL bytes. Short ASCII strings, which most are, are not worth a call into C++.
  private string(value: string, zeros: number): Pair {
    if (value.length <= SHORT) {
      const offset = this.reserve(value.length + zeros)
      let i = 0
      for (; i < value.length; i++) {
        const code = value.charCodeAt(i)
        if (code > 0x7f) break
        this.buffer[offset + i] = code
      }
      if (i === value.length) return [offset, i]
      this.buffer.fill(0, offset, this.at)
      this.at = offset
    }
    const length = Buffer.byteLength(value)
    const offset = this.reserve(length + zeros)
    this.buffer.write(value, offset, 'utf8')
    return [offset, length]
  }

  // `{slot:NAME}` and a leading `/proc/{pid}/` become marker bytes that the interpreter expands; a literal 0x01 or 0x02 cannot
  // stand beside them.
  private template(value: string, name: string): Pair {
    if (typeof value === 'string' && !value.includes('{')) return this.text(value, name)
    let found = false
    const packed = String(value).replace(
      /\{slot:([^{}]*)\}|^\/proc\/\{pid\}(?=\/)/g,
      (whole, slot: string | undefined) => {
        const number = slot === undefined ? undefined : this.slots.get(slot)
        if (slot !== undefined && number === undefined) return whole
        found = true
        return number === undefined ? '/proc/\x02' : `\x01${String(number).padStart(4, '0')}`
      }
    )
    // eslint-disable-next-line no-control-regex -- the markers are control characters
    if (found && /[\x01\x02]/.test(value))
      throw new TypeError(`Cannot encode ${name}: ${JSON.stringify(value)} holds a control character beside a slot`)
    const [offset, length] = this.text(packed, name)
    return [offset, found ? (length | EXPAND) >>> 0 : length]
  }

  private bytes(value: Uint8Array): Pair {
    const offset = this.reserve(value.length)
    this.buffer.set(value, offset)
    return [offset, value.length]
  }

  // Everything starts on a word, so that records and lists can be read as words.
  private reserve(size: number): number {
    const offset = this.at
    this.at += (size + 3) & ~3
    if (this.at > this.buffer.length) {
      const grown = Buffer.from(new ArrayBuffer(Math.max((this.at + 3) & ~3, this.buffer.length * 2)))
      this.buffer.copy(grown, 0, 0, offset)
      this.buffer = grown
      this.words = new Uint32Array(grown.buffer)
    }
    return offset
  }
}

type Pair = readonly [number, number]
type Section = readonly [offset: number, count: number]

const NOTHING: Pair = [ABSENT, 0]
const SHORT = 64

function errnoOf(name: string): number {
  const number = (constants.errno as Record<string, number>)[name]
  if (number === undefined) throw new TypeError(`Cannot encode onError: '${name}' is no error name`)
  return number
}
