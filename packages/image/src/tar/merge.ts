// A header and what extended headers say about the same file, as one entry.

import { malformed, show } from '../internal/malformed.js'
import type { TarEntry, TarType } from './entry.js'
import type { RawHeader } from './header.js'
import { decodeNumber, decodeTime, type PaxRecord } from './pax.js'

const TYPES: Readonly<Record<string, TarType>> = {
  '0': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'char',
  '4': 'block',
  '5': 'directory',
  '6': 'fifo',
  '7': 'file',
  S: 'file',
}

/** What stood before a header: global and own records, GNU's long names. */
export interface Preamble {
  global: ReadonlyMap<string, Buffer>
  records: readonly PaxRecord[]
  longName?: Buffer
  longLink?: Buffer
}

/** An entry, and how many bytes of it follow in the archive. */
export interface Merged {
  entry: TarEntry
  storedBytes: number
}

/** Merge; own records go before global ones, GNU's long names before the header. */
export function merge(header: RawHeader, preamble: Preamble): Merged {
  const type = TYPES[header.flag]
  if (type === undefined)
    throw malformed(`entry ${show(header.name)} is of unknown type ${JSON.stringify(header.flag)}`)
  const entry: TarEntry = {
    path: preamble.longName ?? header.name,
    type,
    mode: header.mode,
    uid: header.uid,
    gid: header.gid,
    uname: header.uname.toString('utf8'),
    gname: header.gname.toString('utf8'),
    size: header.size,
    mtime: { sec: header.mtime, nsec: 0 },
    major: header.major,
    minor: header.minor,
    xattrs: new Map(),
  }
  if (type === 'symlink' || type === 'hardlink') entry.linkPath = preamble.longLink ?? header.linkName
  for (const [key, value] of preamble.global) apply(entry, key, value)
  for (const { key, value } of preamble.records) if (value.length > 0 || isXattr(key)) apply(entry, key, value)
  // Archives of before 1988 had no type for directories.
  if (entry.type === 'file' && entry.path.at(-1) === SLASH) entry.type = 'directory'
  let end = entry.path.length
  while (entry.type === 'directory' && end > 1 && entry.path[end - 1] === SLASH) end--
  entry.path = entry.path.subarray(0, end)
  check(entry)
  // Some archivers note the size of what a link leads to, without content; every reader goes by the type.
  if (entry.type !== 'file') entry.size = 0
  return { entry, storedBytes: entry.size }
}

const SLASH = 0x2f
/** The number above it means none. */
const ID_MAX = 0xfffffffe

function isXattr(key: string): boolean {
  return key.startsWith('SCHILY.xattr.') || key.startsWith('LIBARCHIVE.xattr.')
}

function apply(entry: TarEntry, key: string, value: Buffer): void {
  switch (key) {
    case 'path':
      entry.path = value
      break
    case 'linkpath':
      if (entry.linkPath !== undefined) entry.linkPath = value
      break
    case 'size':
      entry.size = decodeNumber(value, 'size')
      break
    case 'uid':
      entry.uid = decodeNumber(value, 'uid')
      break
    case 'gid':
      entry.gid = decodeNumber(value, 'gid')
      break
    case 'uname':
      entry.uname = value.toString('utf8')
      break
    case 'gname':
      entry.gname = value.toString('utf8')
      break
    case 'mtime':
      entry.mtime = decodeTime(value)
      break
    case 'SCHILY.devmajor':
      entry.major = decodeNumber(value, 'major number')
      break
    case 'SCHILY.devminor':
      entry.minor = decodeNumber(value, 'minor number')
      break
    default:
      if (key.startsWith('SCHILY.xattr.')) setXattr(entry, unescape(key.slice('SCHILY.xattr.'.length)), value)
      else if (key.startsWith('LIBARCHIVE.xattr.')) applyLibarchive(entry, key, value)
  }
}

// GNU tar writes the two bytes that would end or disguise a key as %3D and %25.
function unescape(name: string): string {
  return name.replace(/%3D/g, '=').replace(/%25/g, '%')
}

// The same attribute usually stands in both forms; the other one is not encoded, so it goes first.
function applyLibarchive(entry: TarEntry, key: string, value: Buffer): void {
  const encoded = key.slice('LIBARCHIVE.xattr.'.length)
  const name = encoded.replace(/%([0-9A-Fa-f]{2})/g, (_match, hex: string) => String.fromCharCode(parseInt(hex, 16)))
  if (!entry.xattrs.has(name)) setXattr(entry, name, Buffer.from(value.toString('latin1'), 'base64'))
}

function setXattr(entry: TarEntry, name: string, value: Buffer): void {
  if (name === '' || name.includes('\0') || Buffer.byteLength(name) > 255)
    throw malformed(`entry ${show(entry.path)} has an extended attribute named ${show(name)}`)
  entry.xattrs.set(name, value)
}

function check(entry: TarEntry): void {
  if (entry.path.length === 0) throw malformed('an entry has no name')
  if (entry.path.includes(0)) throw malformed(`the name ${show(entry.path)} holds a NUL`)
  if (entry.linkPath !== undefined) {
    if (entry.linkPath.length === 0) throw malformed(`link ${show(entry.path)} has no target`)
    if (entry.linkPath.includes(0)) throw malformed(`the target of ${show(entry.path)} holds a NUL`)
  }
  if (entry.size < 0) throw malformed(`the size of ${show(entry.path)} is ${entry.size}`)
  if (entry.uid < 0 || entry.uid > ID_MAX) throw malformed(`the uid of ${show(entry.path)} is ${entry.uid}`)
  if (entry.gid < 0 || entry.gid > ID_MAX) throw malformed(`the gid of ${show(entry.path)} is ${entry.gid}`)
}
