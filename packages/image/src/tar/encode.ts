// Headers as bytes: ustar where it suffices, an extended header before it where it does not. The same entry gives the same bytes.

import type { SparseRegion, TarEntry, TarType } from './entry.js'
import { BLOCK_BYTES } from './header.js'
import { encodePax, encodeTime, type PaxRecord } from './pax.js'

const FLAGS: Readonly<Record<TarType, string>> = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  char: '3',
  block: '4',
  directory: '5',
  fifo: '6',
}

/** The two blocks of zeroes that end an archive. */
export const END_OF_ARCHIVE = Buffer.alloc(2 * BLOCK_BYTES)

const OCTAL_7 = 0o7777777
const OCTAL_11 = 0o77777777777

/**
 * Encode the header of an entry, with an extended header before it where names, numbers, times or attributes need one.
 *
 * The content follows: `entry.size` bytes and zeroes up to a full block; of a sparse file the map returned here as part of the header, then its
 * stretches.
 *
 * @throws RangeError a number that no archive can hold; TypeError a name with a NUL
 */
export function encodeHeader(entry: TarEntry): Buffer {
  check(entry)
  const directory = entry.type === 'directory'
  const name = directory && entry.path.at(-1) !== 0x2f ? Buffer.concat([entry.path, SLASH]) : entry.path
  const map = entry.sparse === undefined ? undefined : sparseMap(entry.sparse, entry.size)
  const stored = storedBytes(entry) + (map?.length ?? 0)
  const records = paxRecords(entry, name, stored)
  const split = splitName(name)
  const header = block({
    name: split?.name ?? name.subarray(0, 100),
    prefix: split?.prefix ?? EMPTY,
    flag: FLAGS[entry.type],
    size: stored,
    entry,
  })
  if (records.length === 0) return map === undefined ? header : Buffer.concat([header, map])
  records.sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0))
  const body = encodePax(records)
  const extended = block({
    name: extendedName(name),
    prefix: EMPTY,
    flag: 'x',
    size: body.length,
    entry: EXTENDED,
  })
  return Buffer.concat([extended, body, padding(body.length), header, ...(map === undefined ? [] : [map])])
}

/** Zeroes that fill the last block of `bytes` bytes. */
export function padding(bytes: number): Buffer {
  return END_OF_ARCHIVE.subarray(0, (BLOCK_BYTES - (bytes % BLOCK_BYTES)) % BLOCK_BYTES)
}

/** Bytes of content an archive stores for an entry, without the map of a sparse file. */
export function storedBytes(entry: TarEntry): number {
  if (entry.type !== 'file') return 0
  return entry.sparse === undefined ? entry.size : entry.sparse.reduce((sum, { length }) => sum + length, 0)
}

const EMPTY = Buffer.alloc(0)
const SLASH = Buffer.from('/')
const EXTENDED = { mode: 0o644, uid: 0, gid: 0, mtime: { sec: 0, nsec: 0 }, major: 0, minor: 0 }

interface Fields {
  name: Buffer
  prefix: Buffer
  flag: string
  size: number
  entry: Pick<TarEntry, 'mode' | 'uid' | 'gid' | 'mtime' | 'major' | 'minor' | 'linkPath' | 'uname' | 'gname'>
}

function block({ name, prefix, flag, size, entry }: Fields): Buffer {
  const bytes = Buffer.alloc(BLOCK_BYTES)
  name.copy(bytes, 0, 0, 100)
  octal(bytes, 100, 8, entry.mode & 0o7777)
  octal(bytes, 108, 8, fits(entry.uid, OCTAL_7))
  octal(bytes, 116, 8, fits(entry.gid, OCTAL_7))
  octal(bytes, 124, 12, fits(size, OCTAL_11))
  octal(bytes, 136, 12, fits(entry.mtime.sec, OCTAL_11))
  bytes.write('        ', 148, 'latin1')
  bytes.write(flag, 156, 'latin1')
  entry.linkPath?.copy(bytes, 157, 0, Math.min(100, entry.linkPath.length))
  bytes.write('ustar\u000000', 257, 'latin1')
  bytes.write(inHeader(entry.uname), 265, 'latin1')
  bytes.write(inHeader(entry.gname), 297, 'latin1')
  octal(bytes, 329, 8, entry.major)
  octal(bytes, 337, 8, entry.minor)
  prefix.copy(bytes, 345, 0, 155)
  let sum = 0
  for (const byte of bytes) sum += byte
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return bytes
}

function octal(bytes: Buffer, offset: number, length: number, value: number): void {
  bytes.write(`${value.toString(8).padStart(length - 1, '0')}\0`, offset, 'latin1')
}

// What does not fit stands in the extended header, and a zero in its place.
function fits(value: number, highest: number): number {
  return value >= 0 && value <= highest ? value : 0
}

function inHeader(text: string | undefined): string {
  return text !== undefined && isAscii(Buffer.from(text)) && text.length < 32 ? text : ''
}

function paxRecords(entry: TarEntry, name: Buffer, stored: number): PaxRecord[] {
  const records: PaxRecord[] = []
  const add = (key: string, value: Buffer | string | number): void => {
    records.push({ key, value: Buffer.isBuffer(value) ? value : Buffer.from(String(value)) })
  }
  if (entry.sparse !== undefined) {
    add('GNU.sparse.major', 1)
    add('GNU.sparse.minor', 0)
    add('GNU.sparse.name', name)
    add('GNU.sparse.realsize', entry.size)
  }
  if (!isAscii(name) || splitName(name) === undefined) add('path', name)
  const link = entry.linkPath
  if (link !== undefined && (link.length > 100 || !isAscii(link))) add('linkpath', link)
  if ([name, link ?? EMPTY].some((bytes) => !isUtf8(bytes))) add('hdrcharset', 'BINARY')
  if (stored > OCTAL_11) add('size', stored)
  if (entry.uid > OCTAL_7) add('uid', entry.uid)
  if (entry.gid > OCTAL_7) add('gid', entry.gid)
  for (const key of ['uname', 'gname'] as const)
    if (inHeader(entry[key]) !== (entry[key] ?? '')) add(key, entry[key] as string)
  const { mtime } = entry
  if (mtime.nsec !== 0 || mtime.sec < 0 || mtime.sec > OCTAL_11) add('mtime', encodeTime(mtime))
  for (const [xattr, value] of entry.xattrs)
    add(`SCHILY.xattr.${xattr.replace(/%/g, '%25').replace(/=/g, '%3D')}`, value)
  return records
}

// A long name may be split at a slash: up to 155 bytes before it, up to 100 behind.
function splitName(name: Buffer): { name: Buffer; prefix: Buffer } | undefined {
  if (name.length <= 100) return { name, prefix: EMPTY }
  if (name.length > 256) return undefined
  let at = name.lastIndexOf(0x2f, Math.min(155, name.length - 2))
  // The part behind must not be empty, nor longer than its field.
  if (at <= 0) return undefined
  if (name.length - at - 1 > 100) at = -1
  return at === -1 ? undefined : { prefix: name.subarray(0, at), name: name.subarray(at + 1) }
}

// Readers that know no extended headers leave a file of this name.
function extendedName(name: Buffer): Buffer {
  const text = name.toString('latin1').replace(/\/+$/, '')
  const slash = text.lastIndexOf('/')
  const full = `${text.slice(0, slash + 1)}PaxHeaders.0/${text.slice(slash + 1)}`
  return Buffer.from(full.replace(/[^\x20-\x7e]/g, '_').slice(0, 100), 'latin1')
}

function sparseMap(given: readonly SparseRegion[], size: number): Buffer {
  const last = given.at(-1)
  const end = last === undefined ? 0 : last.offset + last.length
  // A hole at the end is told by an empty stretch: some readers make the file only as long as the map.
  const regions = end < size ? [...given, { offset: size, length: 0 }] : given
  const lines = [regions.length, ...regions.flatMap(({ offset, length }) => [offset, length])].join('\n')
  const text = Buffer.from(`${lines}\n`)
  return Buffer.concat([text, padding(text.length)])
}

function isAscii(bytes: Buffer): boolean {
  return bytes.every((byte) => byte < 0x80)
}

function isUtf8(bytes: Buffer): boolean {
  return bytes.equals(Buffer.from(bytes.toString('utf8')))
}

function check(entry: TarEntry): void {
  const name = JSON.stringify(entry.path.toString('utf8'))
  if (entry.path.length === 0 || entry.path.includes(0))
    throw new TypeError(`Cannot write archive: the name ${name} is empty or holds a NUL`)
  if (entry.linkPath?.includes(0)) throw new TypeError(`Cannot write archive: the target of ${name} holds a NUL`)
  if ((entry.type === 'symlink' || entry.type === 'hardlink') && !entry.linkPath?.length)
    throw new TypeError(`Cannot write archive: link ${name} has no target`)
  if (!Object.hasOwn(FLAGS, entry.type))
    throw new TypeError(`Cannot write archive: type '${entry.type}' of ${name} is unknown`)
  for (const key of ['size', 'uid', 'gid'] as const)
    if (!Number.isSafeInteger(entry[key]) || entry[key] < 0)
      throw new RangeError(`Cannot write archive: ${key} ${entry[key]} of ${name} is not a whole number from 0`)
  for (const key of ['major', 'minor'] as const)
    if (!Number.isInteger(entry[key]) || entry[key] < 0 || entry[key] > OCTAL_7)
      throw new RangeError(`Cannot write archive: ${key} ${entry[key]} of ${name} is not from 0 to ${OCTAL_7}`)
}
