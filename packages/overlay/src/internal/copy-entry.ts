// One entry of a tree, copied with everything that belongs to it.

import { constants, type Stats } from 'node:fs'
import { chmod, copyFile, lchown, link, lutimes, mkdir, open, readlink, symlink } from 'node:fs/promises'

import { IsoError, llistxattr, lgetxattr, lsetxattr, mknod } from '@iso/native'

/** What is remembered during one copy. */
export interface CopyState {
  /** Owners are kept; otherwise everything belongs to the caller. */
  keepOwner: boolean
  /** Extended attributes that are left out. */
  skipXattr: (name: string) => boolean
  /** First copy of each file with several names, by device and inode. */
  links: Map<string, Promise<Buffer>>
  /** False once the file systems have refused to share blocks. */
  reflink: boolean
  report: CopyReport
}

/** What a copy did. */
export interface CopyReport {
  /** Entries made, directories and further names of a file included. */
  entries: number
  /** Bytes of file content, whether shared or copied; holes count. */
  bytes: number
  /** Files whose blocks are shared with the source (FICLONE). */
  reflinked: number
}

/** Copy an entry that is no directory. */
export async function copyEntry(state: CopyState, from: Buffer, stats: Stats, to: Buffer): Promise<void> {
  state.report.entries++
  if (stats.nlink > 1 && stats.isFile()) {
    const id = `${stats.dev}:${stats.ino}`
    const first = state.links.get(id)
    if (first !== undefined) return link(await first, to)
    const copy = copyContent(state, from, stats, to).then(() => to)
    state.links.set(id, copy)
    await copy
    return
  }
  await copyContent(state, from, stats, to)
}

/** Make the copy of a directory, still without its attributes: an existing one is used. */
export async function makeDirectory(state: CopyState, to: Buffer): Promise<void> {
  state.report.entries++
  try {
    await mkdir(to, 0o700)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

/** Owner, mode, extended attributes and times. The owner goes first: a change of it clears set-user-ID and file capabilities. */
export async function copyAttributes(state: CopyState, from: Buffer, stats: Stats, to: Buffer): Promise<void> {
  if (state.keepOwner) await lchown(to, stats.uid, stats.gid)
  if (!stats.isSymbolicLink()) await chmod(to, stats.mode & 0o7777)
  for (const name of xattrNames(from)) {
    if (!state.skipXattr(name)) copyXattr(from, name, to)
  }
  await lutimes(to, stats.atimeMs / 1000, stats.mtimeMs / 1000)
}

async function copyContent(state: CopyState, from: Buffer, stats: Stats, to: Buffer): Promise<void> {
  if (stats.isFile()) await copyData(state, from, stats, to)
  else if (stats.isSymbolicLink()) await symlink(await readlink(from, { encoding: 'buffer' }), to)
  else mknod(to, { type: nodeType(stats), major: major(stats.rdev), minor: minor(stats.rdev) })
  await copyAttributes(state, from, stats, to)
}

async function copyData(state: CopyState, from: Buffer, stats: Stats, to: Buffer): Promise<void> {
  state.report.bytes += stats.size
  if (state.reflink && stats.size > 0) {
    try {
      await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE)
      state.report.reflinked++
      return
    } catch (error) {
      if (!REFLINK_REFUSED.has((error as NodeJS.ErrnoException).code ?? '')) throw error
      state.reflink = false
    }
  }
  if (stats.blocks * 512 < stats.size) await copySparse(from, to)
  else await copyFile(from, to, constants.COPYFILE_EXCL)
}

const REFLINK_REFUSED = new Set(['ENOTSUP', 'EOPNOTSUPP', 'EXDEV', 'EINVAL', 'ENOTTY', 'ENOSYS', 'ETXTBSY', 'EPERM'])
const CHUNK_BYTES = 1 << 20
const HOLE_BYTES = 4096

// Node has no SEEK_HOLE: what reads as zeroes is left out, block by block.
async function copySparse(from: Buffer, to: Buffer): Promise<void> {
  const zeroes = Buffer.alloc(HOLE_BYTES)
  await using source = await open(from, constants.O_RDONLY | constants.O_NOFOLLOW)
  await using target = await open(to, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600)
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  let position = 0
  for (;;) {
    const { bytesRead } = await source.read(chunk, 0, CHUNK_BYTES, position)
    if (bytesRead === 0) break
    for (let at = 0; at < bytesRead; at += HOLE_BYTES) {
      const end = Math.min(at + HOLE_BYTES, bytesRead)
      if (chunk.compare(zeroes, 0, end - at, at, end) !== 0) await target.write(chunk, at, end - at, position + at)
    }
    position += bytesRead
  }
  await target.truncate(position)
}

function xattrNames(path: Buffer): string[] {
  try {
    return llistxattr(path)
  } catch (error) {
    if (isRefusal(error)) return []
    throw error
  }
}

// A label of an LSM that the target does not take is no reason to give up a copy.
function copyXattr(from: Buffer, name: string, to: Buffer): void {
  try {
    lsetxattr(to, name, lgetxattr(from, name))
  } catch (error) {
    if (!(name.startsWith('security.') && name !== 'security.capability' && isRefusal(error))) throw error
  }
}

function isRefusal(error: unknown): boolean {
  return (
    error instanceof IsoError &&
    (error.errnoName === 'ENOTSUP' || error.errnoName === 'EOPNOTSUPP' || error.errnoName === 'EPERM')
  )
}

function nodeType(stats: Stats): 'char' | 'block' | 'fifo' | 'socket' {
  if (stats.isCharacterDevice()) return 'char'
  if (stats.isBlockDevice()) return 'block'
  return stats.isFIFO() ? 'fifo' : 'socket'
}

// Device numbers as the C library packs them into one: the kernel has 12 bits of major and 20 of minor.
function major(device: number): number {
  return Math.floor(device / 256) % 4096
}

function minor(device: number): number {
  return (device % 256) + Math.floor(device / 1048576) * 256
}
