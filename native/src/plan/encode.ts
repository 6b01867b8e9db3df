// Packs a plan and the program it runs into the bytes that init/decode.c reads. One growing buffer: records first, then what
// they point to.

import { constants } from 'node:os'
import { operations, TABLE_DIGEST, type Step } from '../operations.gen.js'
import type { FieldSpec } from '../step.js'
import type { Plan } from './link.js'

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
const ABSENT = 0xffffffff
const EXPAND = 0x80000000
const HEADER_WORDS = 26
const HEAD_WORDS = 6

/**
 * Encode a linked plan for the interpreter.
 *
 * @returns bytes for a memfd; see init/decode.h for the layout.
 * @throws TypeError for a value that does not fit its field, with the value.
 */
export function encode(plan: Plan, program: Program): Uint8Array {
  return new Encoder(plan).encode(program)
}

class Encoder {
  private buffer = Buffer.alloc(8192) // zeroed: what stands between the fields must not be old memory of this process
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
    const [beside, child, receipt, undo] = [plan.beside, plan.child, plan.receipt, plan.undo].map((s) => this.section(s)) as [Section, Section, Section, Section]
    const argv = this.list(program.argv, 'argv')
    const env = this.list(program.env, 'env')
    const flags = (program.detached ? 1 : 0) | (program.terminal ? 2 : 0) | (program.trace ? 4 : 0) | (program.leave ? 8 : 0)
    const limit = program.outputLimitBytes ?? 0
    const header = [
      MAGIC, TABLE_DIGEST, this.at, this.slots.size, ...before, ...stage, ...beside, ...child, ...receipt, clone, flags, ...argv, ...env,
      program.timeoutMs ?? 0, limit >>> 0, Math.floor(limit / 2 ** 32), 0, ...undo,
    ]
    header.forEach((word, i) => this.buffer.writeUInt32LE(word >>> 0, i * 4))
    return this.buffer.subarray(0, this.at)
  }

  // Records stand one behind the other, and their data behind them: the section is reserved first.
  private section(steps: readonly Step[]): Section {
    const flat = steps.flatMap((step) => [{ step, index: this.index++, alternatives: step.onError?.else?.length ?? 0 }, ...(step.onError?.else ?? []).map((alternative) => ({ step: alternative, index: this.index - 1, alternatives: 0 }))])
    const sizes = flat.map(({ step }) => HEAD_WORDS + operations[step.op].fields.reduce((n, f) => n + words(f), 0))
    const start = this.reserve(sizes.reduce((a, b) => a + b, 0) * 4)
    let offset = start
    flat.forEach(({ step, index, alternatives }, i) => {
      this.record(step, index, alternatives, offset, sizes[i] as number)
      offset += (sizes[i] as number) * 4
    })
    return [start, flat.length]
  }

  private record(step: Step, index: number, alternatives: number, offset: number, size: number): void {
    const spec = operations[step.op]
    const ignore = this.u32s((step.onError?.ignore ?? []).map(errnoOf))
    const out = [spec.code, size, ...ignore, alternatives, index]
    for (const field of spec.fields) {
      const value: unknown = (step as unknown as Record<string, unknown>)[field.name]
      if (value === undefined && field.optional !== true) throw new TypeError(`Cannot encode ${step.op}: ${field.name} is missing`)
      out.push(...this.field(field, value, step.op))
    }
    out.forEach((word, i) => this.buffer.writeUInt32LE(word >>> 0, offset + i * 4))
  }

  private field(field: FieldSpec, value: unknown, op: string): number[] {
    const bad = (wanted: string) => new TypeError(`Cannot encode ${op}: ${field.name} is ${inspect(value)}; wanted ${wanted}`)
    switch (field.kind) {
      case 'u32':
      case 'id':
        if (value === undefined) return [field.kind === 'id' ? ABSENT : 0]
        if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > 0xffffffff) throw bad('a whole number from 0 to 4294967295')
        return [value as number]
      case 'bool':
        if (value !== undefined && typeof value !== 'boolean') throw bad('true or false')
        return [value === true ? 1 : 0]
      case 'i64':
      case 'u64': {
        if (value === undefined) return [0, 0]
        if (typeof value !== 'bigint' && !Number.isSafeInteger(value)) throw bad('a whole number')
        const bits = BigInt.asUintN(64, BigInt(value as number | bigint))
        return [Number(bits & 0xffffffffn), Number(bits >> 32n)]
      }
      case 'enum': {
        if (value === undefined) return [0]
        const number = Object.hasOwn(field.names ?? {}, String(value)) ? field.names?.[String(value)] : undefined
        if (number === undefined) throw bad(Object.keys(field.names ?? {}).join(', '))
        return [number]
      }
      case 'flags': {
        if (value !== undefined && !Array.isArray(value)) throw bad('an array of names')
        let bits = 0n
        for (const name of (value ?? []) as unknown[]) {
          const bit = Object.hasOwn(field.names ?? {}, String(name)) ? field.names?.[String(name)] : undefined
          if (bit === undefined) throw bad(`names out of ${Object.keys(field.names ?? {}).join(', ')}`)
          bits |= BigInt(bit)
        }
        return [Number(bits & 0xffffffffn), Number(bits >> 32n)]
      }
      case 'slot': {
        if (value === undefined) return [ABSENT]
        const slot = this.slots.get(String(value))
        if (slot === undefined) throw bad('the name of a slot')
        return [slot]
      }
      case 'str':
        if (value === undefined) return [ABSENT, 0]
        if (typeof value !== 'string') throw bad('a string')
        return this.text(value, field.name)
      case 'template':
        if (value === undefined) return [ABSENT, 0]
        if (typeof value !== 'string') throw bad('a string')
        return this.template(value, field.name)
      case 'bytes':
        if (value === undefined) return [ABSENT, 0]
        if (typeof value !== 'string' && !(value instanceof Uint8Array)) throw bad('a string or bytes')
        return this.bytes(typeof value === 'string' ? Buffer.from(value) : value)
      case 'strs':
      case 'templates':
        if (value === undefined) return [ABSENT, 0]
        if (!Array.isArray(value)) throw bad('an array of strings')
        return this.list(value as readonly string[], field.name, field.kind === 'templates')
      case 'u32s':
        if (value === undefined) return [ABSENT, 0]
        if (!Array.isArray(value)) throw bad('an array of numbers')
        return this.u32s(value as readonly number[])
    }
  }

  private list(items: readonly string[], name: string, templates = false): [number, number] {
    const pairs = items.map((item) => (templates ? this.template(item, name) : this.text(item, name)))
    const offset = this.reserve(pairs.length * 8)
    pairs.forEach(([at, length], i) => {
      this.buffer.writeUInt32LE(at, offset + i * 8)
      this.buffer.writeUInt32LE(length >>> 0, offset + i * 8 + 4)
    })
    return [offset, pairs.length]
  }

  private u32s(numbers: readonly number[]): [number, number] {
    if (numbers.length === 0) return [ABSENT, 0]
    const offset = this.reserve(numbers.length * 4)
    numbers.forEach((n, i) => {
      if (!Number.isInteger(n) || n < 0 || n > 0xffffffff) throw new TypeError(`Cannot encode a list: ${inspect(n)} is no whole number from 0 to 4294967295`)
      this.buffer.writeUInt32LE(n, offset + i * 4)
    })
    return [offset, numbers.length]
  }

  private text(value: string, name: string): [number, number] {
    if (typeof value !== 'string') throw new TypeError(`Cannot encode ${name}: ${inspect(value)} is no string`)
    if (value.includes('\0')) throw new TypeError(`Cannot encode ${name}: ${JSON.stringify(value)} holds a NUL byte`)
    const length = Buffer.byteLength(value)
    const offset = this.reserve(length + 1)
    this.buffer.write(value, offset, 'utf8')
    this.buffer[offset + length] = 0
    return [offset, length]
  }

  // `{slot:NAME}` and a leading `/proc/{pid}/` become marker bytes that the interpreter expands; a literal 0x01 or 0x02 cannot
  // stand beside them.
  private template(value: string, name: string): [number, number] {
    let found = false
    const packed = String(value).replace(/\{slot:([^{}]*)\}|^\/proc\/\{pid\}(?=\/)/g, (whole, slot: string | undefined) => {
      const number = slot === undefined ? undefined : this.slots.get(slot)
      if (slot !== undefined && number === undefined) return whole
      found = true
      return number === undefined ? '/proc/\x02' : `\x01${String(number).padStart(4, '0')}`
    })
    // eslint-disable-next-line no-control-regex -- the markers are control characters
    if (found && /[\x01\x02]/.test(value)) throw new TypeError(`Cannot encode ${name}: ${JSON.stringify(value)} holds a control character beside a slot`)
    const [offset, length] = this.text(packed, name)
    return [offset, found ? (length | EXPAND) >>> 0 : length]
  }

  private bytes(value: Uint8Array): [number, number] {
    const offset = this.reserve(value.length)
    this.buffer.set(value, offset)
    return [offset, value.length]
  }

  // Everything starts on a word, so that records and lists can be read as words.
  private reserve(size: number): number {
    const offset = this.at
    this.at += (size + 3) & ~3
    if (this.at > this.buffer.length) {
      const grown = Buffer.alloc(Math.max(this.at, this.buffer.length * 2))
      this.buffer.copy(grown, 0, 0, offset)
      this.buffer = grown
    }
    return offset
  }
}

type Section = [offset: number, count: number]

const TWO_WORDS = new Set(['i64', 'u64', 'str', 'template', 'bytes', 'strs', 'templates', 'u32s', 'flags'])
const words = (field: FieldSpec) => (TWO_WORDS.has(field.kind) ? 2 : 1)

function errnoOf(name: string): number {
  const number = (constants.errno as Record<string, number>)[name]
  if (number === undefined) throw new TypeError(`Cannot encode onError: '${name}' is no error name`)
  return number
}

function inspect(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : typeof value === 'bigint' ? `${value}n` : String(value)
}
