// The archive as it comes in, chunk by chunk, taken apart without copying content: every file is a few calls on a handler.

import { malformed, show } from '../internal/malformed.js'
import type { SparseRegion, TarEntry } from './entry.js'
import { BLOCK_BYTES, decodeHeader, isZeroBlock, number, type RawHeader } from './header.js'
import { merge } from './merge.js'
import { decodePax, type PaxRecord } from './pax.js'
import { checkMap, parseInlineMap, paxSparse, readGnuMap } from './sparse.js'

/** What a {@link TarParser} calls, in the order of the archive. */
export interface TarHandler {
  /** A new entry. */
  entry(entry: TarEntry): void
  /** Bytes of it, and where in the file they belong. The memory is the chunk's. */
  data(bytes: Buffer, offset: number): void
  /** All of it was there. */
  end(entry: TarEntry): void
}

/** Longest extended header or long name: extended attributes have at most 64 KiB each. */
const META_BYTES_MAX = 1 << 20
const MAP_BYTES_MAX = 48 << 20

type State = 'header' | 'meta' | 'gnu-map' | 'inline-map' | 'content' | 'padding' | 'ended'

/**
 * A tar archive, taken apart as it comes in: POSIX (ustar, pax) and GNU, with long names, sparse files and extended attributes.
 *
 * Two blocks of zeroes end it; what follows is ignored, as every reader does.
 */
export class TarParser {
  /** Entries so far. */
  entries = 0
  readonly #handler: TarHandler
  #state: State = 'header'
  // The part of a block, or of an extended header, that came with earlier chunks.
  #held: Buffer[] = []
  #heldBytes = 0
  #wanted = BLOCK_BYTES
  #zeroBlocks = 0
  #meta: { flag: string; size: number } | undefined
  #metaBytes = 0
  #global = new Map<string, Buffer>()
  #records: PaxRecord[] = []
  #longName: Buffer | undefined
  #longLink: Buffer | undefined
  #entry: TarEntry | undefined
  #regions: SparseRegion[] = []
  #region = 0
  #inRegion = 0
  #remaining = 0
  #padding = 0

  constructor(handler: TarHandler) {
    this.#handler = handler
  }

  /** @throws IsoError `ISO_TAR_MALFORMED`, and whatever the handler throws. */
  write(chunk: Buffer): void {
    let at = 0
    while (at < chunk.length) {
      if (this.#state === 'ended') return
      if (this.#state === 'content') at = this.#content(chunk, at)
      else if (this.#state === 'padding') {
        const skip = Math.min(this.#padding, chunk.length - at)
        this.#padding -= skip
        at += skip
        if (this.#padding === 0) this.#expect('header', BLOCK_BYTES)
      } else {
        const take = Math.min(this.#wanted - this.#heldBytes, chunk.length - at)
        const part = chunk.subarray(at, at + take)
        at += take
        if (take < this.#wanted - this.#heldBytes) {
          this.#held.push(Buffer.from(part))
          this.#heldBytes += take
          return
        }
        const whole = this.#heldBytes === 0 ? part : Buffer.concat([...this.#held, part])
        this.#held = []
        this.#heldBytes = 0
        this.#block(whole)
      }
    }
  }

  /**
   * Nothing more comes.
   *
   * @throws IsoError `ISO_TAR_MALFORMED`: the archive ends in the middle of something. Missing blocks of zeroes are forgiven.
   */
  finish(): void {
    const between = this.#state === 'header' && this.#heldBytes === 0 && this.#records.length === 0
    if (this.#state === 'ended' || (between && this.#longName === undefined && this.#longLink === undefined)) return
    const where = this.#entry === undefined ? `after ${this.entries} entries` : `in ${show(this.#entry.path)}`
    throw malformed(`it ends in the middle, ${where}`, 'it was cut off')
  }

  #expect(state: State, bytes: number): void {
    this.#state = state
    this.#wanted = bytes
  }

  #block(block: Buffer): void {
    switch (this.#state) {
      case 'meta':
        this.#metaDone(block)
        break
      case 'gnu-map':
        if (!readGnuMap(block, true, this.#regions)) this.#begin()
        break
      case 'inline-map':
        this.#inlineMap(block)
        break
      default:
        this.#headerBlock(block)
    }
  }

  #headerBlock(block: Buffer): void {
    if (block[0] === 0 && isZeroBlock(block)) {
      if (++this.#zeroBlocks === 2) this.#state = 'ended'
      return
    }
    if (this.#zeroBlocks > 0) throw malformed('a single block of zeroes stands between entries')
    const header = decodeHeader(block)
    if ('xgLKXV'.includes(header.flag)) {
      const size = header.size
      if (size < 0 || size > META_BYTES_MAX)
        throw malformed(`an extended header has ${size} bytes; the most taken is ${META_BYTES_MAX}`)
      this.#metaBytes += BLOCK_BYTES + size
      if (this.#metaBytes > 4 * META_BYTES_MAX) throw malformed('extended headers without end stand before an entry')
      this.#meta = { flag: header.flag, size }
      if (size > 0) this.#expect('meta', Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES)
      return
    }
    this.#start(header)
  }

  #metaDone(padded: Buffer): void {
    const { flag, size } = this.#meta as { flag: string; size: number }
    const body = padded.subarray(0, size)
    this.#expect('header', BLOCK_BYTES)
    if (flag === 'g') {
      for (const { key, value } of decodePax(body))
        if (value.length === 0) this.#global.delete(key)
        else this.#global.set(key, value)
    } else if (flag === 'L') this.#longName = upToNul(body)
    else if (flag === 'K') this.#longLink = upToNul(body)
    else if (flag !== 'V') this.#records.push(...decodePax(body))
  }

  #start(header: RawHeader): void {
    const sparse = paxSparse(this.#records)
    const { entry, storedBytes } = merge(header, {
      global: this.#global,
      records: this.#records,
      ...(this.#longName && { longName: this.#longName }),
      ...(this.#longLink && { longLink: this.#longLink }),
    })
    this.#records = []
    this.#metaBytes = 0
    this.#longName = undefined
    this.#longLink = undefined
    this.#entry = entry
    this.#remaining = storedBytes
    this.#padding = (BLOCK_BYTES - (storedBytes % BLOCK_BYTES)) % BLOCK_BYTES
    this.#regions = []
    if (entry.type !== 'file') return this.#begin()
    if (sparse !== undefined) {
      if (sparse.name !== undefined) entry.path = sparse.name
      if (entry.path.length === 0 || entry.path.includes(0)) throw malformed('a sparse file has no proper name')
      entry.size = sparse.realSize
      entry.sparse = sparse.regions ?? []
      if (sparse.regions !== undefined) this.#regions = sparse.regions
      else return this.#expect('inline-map', BLOCK_BYTES)
    } else if (header.flag === 'S') {
      entry.size = realSize(header.block)
      entry.sparse = this.#regions
      if (readGnuMap(header.block, false, this.#regions)) return this.#expect('gnu-map', BLOCK_BYTES)
    }
    this.#begin()
  }

  #inlineMap(text: Buffer): void {
    this.#remaining -= BLOCK_BYTES
    if (this.#remaining < 0 || this.#mapText.length > MAP_BYTES_MAX) throw malformed('a sparse map does not end')
    this.#mapText = this.#mapText.length === 0 ? Buffer.from(text) : Buffer.concat([this.#mapText, text])
    const found = parseInlineMap(this.#mapText)
    if (found === undefined) return
    this.#mapText = Buffer.alloc(0)
    this.#regions = found.regions
    if (this.#entry !== undefined) this.#entry.sparse = found.regions
    this.#begin()
  }
  #mapText = Buffer.alloc(0)

  #begin(): void {
    const entry = this.#entry as TarEntry
    if (entry.sparse !== undefined) checkMap(this.#regions, entry.size, this.#remaining)
    this.#region = 0
    this.#inRegion = 0
    this.entries++
    this.#handler.entry(entry)
    this.#state = 'content'
    if (this.#remaining === 0) this.#finishEntry(entry)
  }

  #content(chunk: Buffer, at: number): number {
    const entry = this.#entry as TarEntry
    const take = Math.min(this.#remaining, chunk.length - at)
    if (entry.sparse === undefined) {
      this.#handler.data(chunk.subarray(at, at + take), entry.size - this.#remaining)
    } else {
      for (let from = at; from < at + take;) {
        const region = this.#regions[this.#region] as SparseRegion
        const part = Math.min(region.length - this.#inRegion, at + take - from)
        if (part > 0) this.#handler.data(chunk.subarray(from, from + part), region.offset + this.#inRegion)
        from += part
        this.#inRegion += part
        if (this.#inRegion === region.length) {
          this.#region++
          this.#inRegion = 0
        }
      }
    }
    this.#remaining -= take
    if (this.#remaining === 0) this.#finishEntry(entry)
    return at + take
  }

  #finishEntry(entry: TarEntry): void {
    this.#entry = undefined
    if (this.#padding > 0) this.#state = 'padding'
    else this.#expect('header', BLOCK_BYTES)
    this.#handler.end(entry)
  }
}

function upToNul(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0)
  return Buffer.from(end === -1 ? bytes : bytes.subarray(0, end))
}

function realSize(block: Buffer): number {
  return number(block, 483, 12, 'real size of a sparse file')
}
