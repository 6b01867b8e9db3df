// One block of 512 bytes: ustar (POSIX 1988), GNU and what came before them.

import { malformed } from '../internal/malformed.js'

/** Length of a block: headers, and the unit to which content is padded. */
export const BLOCK_BYTES = 512

/** A header block, decoded; extended headers are not yet merged in. */
export interface RawHeader {
  name: Buffer
  mode: number
  uid: number
  gid: number
  size: number
  mtime: number
  /** Type flag as a character; `'0'` for the NUL of old archives. */
  flag: string
  linkName: Buffer
  uname: Buffer
  gname: Buffer
  major: number
  minor: number
  format: 'v7' | 'ustar' | 'gnu'
  /** The block itself: GNU's sparse map stands in it. Valid until the next chunk. */
  block: Buffer
}

const SLASH = Buffer.from('/')

/** Whether all bytes of a block are zero: two such blocks end an archive. */
export function isZeroBlock(block: Buffer): boolean {
  return block.compare(ZEROES) === 0
}
const ZEROES = Buffer.alloc(BLOCK_BYTES)

/**
 * Decode a header block.
 *
 * @throws IsoError `ISO_TAR_MALFORMED`: the checksum is wrong, or a number is none.
 */
export function decodeHeader(block: Buffer): RawHeader {
  checkSum(block)
  const magic = block.toString('latin1', 257, 265)
  const format = magic === 'ustar  \0' ? 'gnu' : magic.startsWith('ustar\0') ? 'ustar' : 'v7'
  const name = text(block, 0, 100)
  const prefix = format === 'ustar' ? text(block, 345, 155) : EMPTY
  const flag = block[156] === 0 ? '0' : String.fromCharCode(block[156] ?? 0)
  const device = format !== 'v7' && (flag === '3' || flag === '4')
  return {
    name: prefix.length > 0 ? Buffer.concat([prefix, SLASH, name]) : Buffer.from(name),
    mode: number(block, 100, 8, 'mode') & 0o7777,
    uid: number(block, 108, 8, 'uid'),
    gid: number(block, 116, 8, 'gid'),
    size: number(block, 124, 12, 'size'),
    mtime: number(block, 136, 12, 'mtime'),
    flag,
    linkName: Buffer.from(text(block, 157, 100)),
    uname: format === 'v7' ? EMPTY : Buffer.from(text(block, 265, 32)),
    gname: format === 'v7' ? EMPTY : Buffer.from(text(block, 297, 32)),
    major: device ? number(block, 329, 8, 'major number') : 0,
    minor: device ? number(block, 337, 8, 'minor number') : 0,
    format,
    block,
  }
}
const EMPTY = Buffer.alloc(0)

/** A number field: octal digits, or GNU's base 256 where the first bit is set. */
export function number(block: Buffer, offset: number, length: number, what: string): number {
  const first = block[offset] ?? 0
  if ((first & 0x80) !== 0) return base256(block, offset, length, what)
  let value = 0
  let digits = 0
  let at = offset
  const end = offset + length
  while (at < end && block[at] === 0x20) at++
  for (; at < end; at++) {
    const byte = block[at] as number
    if (byte < 0x30 || byte > 0x37) break
    value = value * 8 + (byte - 0x30)
    digits++
  }
  for (; at < end; at++) {
    const byte = block[at]
    if (byte !== 0 && byte !== 0x20)
      throw malformed(`${what} is ${JSON.stringify(block.toString('latin1', offset, end))}, which is no octal number`)
    if (byte === 0 && digits > 0) break
  }
  if (!Number.isSafeInteger(value)) throw malformed(`${what} is too large`)
  return value
}

function base256(block: Buffer, offset: number, length: number, what: string): number {
  const negative = block[offset] === 0xff
  let value = negative ? -1n : BigInt((block[offset] ?? 0) & 0x7f)
  for (let at = offset + 1; at < offset + length; at++) value = value * 256n + BigInt(block[at] ?? 0)
  const result = Number(value)
  if (!Number.isSafeInteger(result)) throw malformed(`${what} is too large`)
  return result
}

/** A text field up to its first NUL, which need not be there. The memory is the block's. */
function text(block: Buffer, offset: number, length: number): Buffer {
  const end = block.indexOf(0, offset)
  return block.subarray(offset, end === -1 || end > offset + length ? offset + length : end)
}

// The field itself counts as spaces.
function checkSum(block: Buffer): void {
  const expected = number(block, 148, 8, 'checksum')
  let field = 0
  for (let at = 148; at < 156; at++) field += block[at] as number
  const sum = sumOf(block) - field + 8 * 0x20
  if (sum === expected) return
  // Old archives summed signed bytes.
  let signed = 8 * 0x20
  for (let at = 0; at < BLOCK_BYTES; at++) if (at < 148 || at >= 156) signed += block.readInt8(at)
  if (signed !== expected)
    throw malformed(`the checksum of a header is ${expected} and should be ${sum}`, 'it is damaged, or no tar archive')
}

// Four bytes at a time, in two lanes of 16 bits: 256 bytes of at most 255 fit into each.
function sumOf(block: Buffer): number {
  if (block.byteOffset % 4 !== 0) return block.reduce((sum, byte) => sum + byte, 0)
  const words = new Uint32Array(block.buffer, block.byteOffset, BLOCK_BYTES / 4)
  let lanes = 0
  for (let at = 0; at < BLOCK_BYTES / 4; at++) {
    const word = words[at] as number
    lanes += (word & 0x00ff00ff) + ((word >>> 8) & 0x00ff00ff)
  }
  return (lanes & 0xffff) + Math.floor(lanes / 65536)
}
