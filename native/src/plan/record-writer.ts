// Words and what they point to, in one growing buffer. A launch encodes a hundred steps while the caller waits: everything goes
// straight into the buffer, and nothing is made on the way that would have to be collected.

import { ABSENT, EXPAND, inspect, misfit } from './record.js'

const SHORT = 64

/** Writes values of the table's kinds, one field behind the other. @internal */
export class RecordWriter {
  // Zeroed, so that the same plan gives the same bytes. A plan of a full container takes some 10 kB.
  private buffer = Buffer.from(new ArrayBuffer(16384))
  private words = new Uint32Array(this.buffer.buffer)
  /** Where the next field goes, in words. */
  private word = 0
  /** Where the next data go, in bytes. */
  private at: number

  constructor(
    headerWords: number,
    private readonly slots: ReadonlyMap<string, number>
  ) {
    this.at = headerWords * 4
  }

  /** Bytes so far. */
  get size(): number {
    return this.at
  }

  /** What was written. */
  bytes(header: readonly number[]): Uint8Array {
    this.words.set(header)
    return this.buffer.subarray(0, this.at)
  }

  /** Room for a section; the fields that follow go there. @returns its offset, in bytes. */
  begin(words: number): number {
    const offset = this.reserve(words * 4)
    this.word = offset >>> 2
    return offset
  }

  /** One word as it is. */
  put(value: number): void {
    this.words[this.word++] = value
  }

  /** Strings that no field points to. @returns the offset of their list, in bytes. */
  texts(items: readonly unknown[], name: string): number {
    return this.list(items, (item) => this.text(item, name))
  }

  u32(value: unknown, op: string, name: string, optional: boolean): void {
    if (value === undefined) return this.absent(op, name, optional, 0)
    if (!isU32(value)) throw misfit(op, name, value, 'a whole number from 0 to 4294967295')
    this.put(value)
  }

  id(value: unknown, op: string, name: string, optional: boolean): void {
    if (value === undefined) return this.absent(op, name, optional, ABSENT)
    this.u32(value, op, name, optional)
  }

  bool(value: unknown, op: string, name: string, optional: boolean): void {
    if (value === undefined) return this.absent(op, name, optional, 0)
    if (typeof value !== 'boolean') throw misfit(op, name, value, 'true or false')
    this.put(value ? 1 : 0)
  }

  i64(value: unknown, op: string, name: string, optional: boolean): void {
    if (value === undefined) return this.absentPair(op, name, optional, 0)
    if (isU32(value)) return this.pair(value, 0)
    if (typeof value !== 'bigint' && !Number.isSafeInteger(value)) throw misfit(op, name, value, 'a whole number')
    const bits = BigInt.asUintN(64, BigInt(value as number | bigint))
    this.pair(Number(bits & 0xffffffffn), Number(bits >> 32n))
  }

  u64(value: unknown, op: string, name: string, optional: boolean): void {
    this.i64(value, op, name, optional)
  }

  enum(value: unknown, op: string, name: string, optional: boolean, names: ReadonlyMap<unknown, number>): void {
    if (value === undefined) return this.absent(op, name, optional, 0)
    const number = names.get(value)
    if (number === undefined) throw misfit(op, name, value, [...names.keys()].join(', '))
    this.put(number)
  }

  flags(value: unknown, op: string, name: string, optional: boolean, names: ReadonlyMap<unknown, number>): void {
    if (value === undefined) return this.absentPair(op, name, optional, 0)
    if (!Array.isArray(value)) throw misfit(op, name, value, 'an array of names')
    // No table has a name beyond bit 31: the upper word stays 0.
    let bits = 0
    for (const one of value as unknown[]) {
      const bit = names.get(one)
      if (bit === undefined) throw misfit(op, name, value, `names out of ${[...names.keys()].join(', ')}`)
      bits |= bit
    }
    this.pair(bits >>> 0, 0)
  }

  slot(value: unknown, op: string, name: string, optional: boolean): void {
    if (value === undefined) return this.absent(op, name, optional, ABSENT)
    const slot = this.slots.get(value as string)
    if (slot === undefined) throw misfit(op, name, value, 'the name of a slot')
    this.put(slot)
  }

  str(value: unknown, op: string, name: string, optional: boolean): void {
    if (value === undefined) return this.absentPair(op, name, optional, ABSENT)
    if (typeof value !== 'string') throw misfit(op, name, value, 'a string')
    this.text(value, name)
  }

  template(value: unknown, op: string, name: string, optional: boolean): void {
    if (value === undefined) return this.absentPair(op, name, optional, ABSENT)
    if (typeof value !== 'string') throw misfit(op, name, value, 'a string')
    this.expand(value, name)
  }

  bytesOf(value: unknown, op: string, name: string, optional: boolean): void {
    if (value === undefined) return this.absentPair(op, name, optional, ABSENT)
    if (typeof value === 'string') return this.string(value, 0)
    if (!(value instanceof Uint8Array)) throw misfit(op, name, value, 'a string or bytes')
    const offset = this.reserve(value.length)
    this.buffer.set(value, offset)
    this.pair(offset, value.length)
  }

  strs(value: unknown, op: string, name: string, optional: boolean): void {
    if (value === undefined) return this.absentPair(op, name, optional, ABSENT)
    if (!Array.isArray(value)) throw misfit(op, name, value, 'an array of strings')
    const offset = this.texts(value as unknown[], name)
    this.pair(offset, value.length)
  }

  templates(value: unknown, op: string, name: string, optional: boolean): void {
    if (value === undefined) return this.absentPair(op, name, optional, ABSENT)
    if (!Array.isArray(value)) throw misfit(op, name, value, 'an array of strings')
    const offset = this.list(value as unknown[], (item) => this.expand(item, name))
    this.pair(offset, value.length)
  }

  u32s(value: unknown, op: string, name: string, optional: boolean): void {
    if (value === undefined) return this.absentPair(op, name, optional, ABSENT)
    if (!Array.isArray(value)) throw misfit(op, name, value, 'an array of numbers')
    if (value.length === 0) return this.pair(ABSENT, 0)
    const offset = this.reserve(value.length * 4)
    ;(value as unknown[]).forEach((number, i) => {
      if (!isU32(number))
        throw new TypeError(`Cannot encode a list: ${inspect(number)} is no whole number from 0 to 4294967295`)
      this.words[(offset >>> 2) + i] = number
    })
    this.pair(offset, value.length)
  }

  private absent(op: string, name: string, optional: boolean, word: number): void {
    if (!optional) throw new TypeError(`Cannot encode ${op}: ${name} is missing`)
    this.put(word)
  }

  private absentPair(op: string, name: string, optional: boolean, word: number): void {
    this.absent(op, name, optional, word)
    this.put(0)
  }

  private pair(first: number, second: number): void {
    this.words[this.word++] = first
    this.words[this.word++] = second
  }

  // The list is taken first, so that each item puts its pair where it belongs.
  private list(items: readonly unknown[], write: (item: unknown) => void): number {
    const after = this.word
    const offset = this.reserve(items.length * 8)
    this.word = offset >>> 2
    for (const item of items) write(item)
    this.word = after
    return offset
  }

  private text(value: unknown, name: string): void {
    if (typeof value !== 'string') throw new TypeError(`Cannot encode ${name}: ${inspect(value)} is no string`)
    if (value.includes('\0')) throw new TypeError(`Cannot encode ${name}: ${JSON.stringify(value)} holds a NUL byte`)
    this.string(value, 1)
  }

  // UTF-8, followed by `zeros` NUL bytes. Short ASCII strings, which most are, are not worth a call into C++.
  private string(value: string, zeros: number): void {
    const { length } = value
    if (length <= SHORT) {
      const offset = this.reserve(length + zeros)
      const { buffer } = this
      let i = 0
      for (; i < length; i++) {
        const code = value.charCodeAt(i)
        if (code > 0x7f) break
        buffer[offset + i] = code
      }
      if (i === length) return this.pair(offset, length)
      buffer.fill(0, offset, this.at)
      this.at = offset
    }
    const size = Buffer.byteLength(value)
    const offset = this.reserve(size + zeros)
    this.buffer.write(value, offset, 'utf8')
    this.pair(offset, size)
  }

  // `{slot:NAME}` and a leading `/proc/{pid}/` become marker bytes that the interpreter expands; a literal 0x01 or 0x02 cannot
  // stand beside them.
  private expand(value: unknown, name: string): void {
    if (typeof value !== 'string' || !value.includes('{')) return this.text(value, name)
    let found = false
    const packed = value.replace(/\{slot:([^{}]*)\}|^\/proc\/\{pid\}(?=\/)/g, (whole, slot: string | undefined) => {
      const number = slot === undefined ? undefined : this.slots.get(slot)
      if (slot !== undefined && number === undefined) return whole
      found = true
      return number === undefined ? '/proc/\x02' : `\x01${String(number).padStart(4, '0')}`
    })
    // eslint-disable-next-line no-control-regex -- the markers are control characters
    if (found && /[\x01\x02]/.test(value))
      throw new TypeError(`Cannot encode ${name}: ${JSON.stringify(value)} holds a control character beside a slot`)
    this.text(packed, name)
    if (found) this.words[this.word - 1] = ((this.words[this.word - 1] ?? 0) | EXPAND) >>> 0
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

const isU32 = (value: unknown): value is number => typeof value === 'number' && value >>> 0 === value
