// One archive on its way into a directory: a handler of the parser, entry by entry.

import { closeSync, ftruncateSync, statSync, writeSync } from 'node:fs'

import { IsoError, linkat, mkdirat, mknodat, OPEN, openat2, symlinkat, fchmodat, utimensat } from '@iso/native'

import { malformed, show } from '../internal/malformed.js'
import type { TarEntry } from '../tar/entry.js'
import type { TarHandler } from '../tar/parser.js'
import { describeName, describeOpen, modeOf, timeOf } from './attributes.js'
import { bytesOf, joined, placeOf, type Place } from './names.js'
import type { ExtractReport, Settled } from './options.js'
import { isErrno, Tree } from './tree.js'
import { Whiteouts } from './whiteouts.js'

const NEW_FILE = OPEN.writeOnly | OPEN.create | OPEN.exclusive | OPEN.nofollow
/** Below this nothing is called a bomb. */
const RATIO_FROM_BYTES = 1024 ** 3

interface Late {
  place: Place
  mtime: TarEntry['mtime']
  /** Set at the end, where the owner could not work in the directory otherwise. */
  mode: number | undefined
}

/** Makes what the parser tells. */
export class Extractor implements TarHandler {
  readonly report: ExtractReport = { entries: 0, bytes: 0, whiteouts: 0, skippedDevices: 0, skippedXattrs: 0 }
  readonly #tree: Tree
  readonly #settled: Settled
  readonly #whiteouts: Whiteouts
  /** Directories get their times last: every name made in them changes those. */
  readonly #late = new Map<string, Late>()
  #fd = -1
  readonly #umask = process.umask()
  readonly #uid = process.geteuid?.()
  readonly #gid = process.getegid?.()
  /** Whether what is made belongs to the caller: in a directory with the set-group-ID bit it has that directory's group. */
  #inherits: boolean

  constructor(root: string | Buffer, settled: Settled) {
    this.#tree = new Tree(root)
    this.#settled = settled
    this.#whiteouts = new Whiteouts(this.#tree, settled)
    const setgid = (statSync(root).mode & 0o2000) !== 0
    this.#inherits = !setgid && this.#tree.names({ directory: '', base: '' }).length === 0
  }

  entry(entry: TarEntry): void {
    this.#count(entry)
    const place = placeOf(entry.path, 'entry')
    try {
      if (this.#whiteouts.handle(place)) return
      this.#make(entry, place)
      this.#whiteouts.note(place)
    } catch (error) {
      throw explained(error, entry)
    }
  }

  data(bytes: Buffer, offset: number): void {
    if (this.#fd === -1) return
    for (let at = 0; at < bytes.length;) at += writeSync(this.#fd, bytes, at, bytes.length - at, offset + at)
    this.#checkRatio(bytes.length)
  }

  end(entry: TarEntry): void {
    if (this.#fd === -1) return
    if (entry.sparse !== undefined) ftruncateSync(this.#fd, entry.size)
    try {
      describeOpen(this.#fd, entry, this.#settled, this.report, {
        owner: this.#inherits && entry.uid === this.#uid && entry.gid === this.#gid,
        mode: this.#createMode(entry) !== 0o600,
      })
    } catch (error) {
      throw explained(error, entry)
    }
    this.#closeFile()
  }

  /** All entries came: times and modes of directories. */
  finish(): void {
    this.report.whiteouts = this.#whiteouts.count
    // Innermost first: a directory may be closed to its owner.
    for (const { place, mtime, mode } of [...this.#late.values()].reverse()) {
      const { directory, base } = place
      try {
        if (base === '') {
          if (mode !== undefined) fchmodat(this.#tree.rootFd, '.', mode)
          utimensat(this.#tree.rootFd, '.', mtime, mtime)
          continue
        }
        const dirfd = this.#tree.directory(directory, false)
        if (mode !== undefined && this.#tree.isDirectory(place)) fchmodat(dirfd, bytesOf(base), mode)
        utimensat(dirfd, bytesOf(base), mtime, mtime)
      } catch (error) {
        // A later entry took its place.
        if (!isErrno(error, 'ENOENT', 'ENOTDIR')) throw error
      }
    }
  }

  close(): void {
    this.#closeFile()
    this.#tree.close()
  }

  // The mode to create a file with: its own where neither the umask nor a change of owner takes bits away.
  #createMode(entry: TarEntry): number {
    return entry.mode > 0o777 || (entry.mode & this.#umask) !== 0 || entry.xattrs.size > 0 ? 0o600 : entry.mode
  }

  #closeFile(): void {
    if (this.#fd !== -1) closeSync(this.#fd)
    this.#fd = -1
  }

  #count(entry: TarEntry): void {
    const { limits } = this.#settled
    this.report.entries++
    this.report.bytes += entry.size
    if (this.report.entries > limits.entries) throw overLimit(`it has more than ${limits.entries} entries`)
    if (this.report.bytes > limits.bytes) throw overLimit(`its files have more than ${limits.bytes} bytes`)
  }

  #written = 0
  #checkRatio(bytes: number): void {
    this.#written += bytes
    if (this.#written <= RATIO_FROM_BYTES || this.#settled.compressedBytes === undefined) return
    const { ratio } = this.#settled.limits
    if (this.#written > ratio * this.#settled.compressedBytes())
      throw overLimit(`it unpacks to more than ${ratio} times its size`)
  }

  #make(entry: TarEntry, place: Place): void {
    if (place.base === '') {
      if (entry.type !== 'directory')
        throw malformed(`entry ${show(entry.path)} stands for the root and is no directory`)
      this.#describeDirectory(this.#tree.rootFd, '.', entry, place)
      return
    }
    const name = bytesOf(place.base)
    switch (entry.type) {
      case 'file':
        this.#fd = this.#fresh(place, () =>
          openat2(this.#tree.directory(place.directory), name, { flags: NEW_FILE, mode: this.#createMode(entry) })
        )
        return
      case 'directory':
        this.#directory(place, entry)
        return
      case 'hardlink':
        this.#hardlink(entry, place)
        return
      case 'symlink':
        this.#fresh(place, () => symlinkat(entry.linkPath as Buffer, this.#tree.directory(place.directory), name))
        break
      default:
        if (!this.#node(entry, place)) return
    }
    describeName(this.#tree.directory(place.directory), name, entry, this.#settled, this.report)
  }

  // Make something new; what has its name is removed first, as later entries replace earlier ones.
  #fresh<Made>(place: Place, make: () => Made): Made {
    try {
      return make()
    } catch (error) {
      if (!isErrno(error, 'EEXIST')) throw error
    }
    this.#tree.remove(place)
    this.#late.delete(joined(place))
    return make()
  }

  #directory(place: Place, entry: TarEntry): void {
    const name = bytesOf(place.base)
    const opaque = this.#whiteouts.replaces(place)
    // For the owner alone until it is described.
    const make = (): void => mkdirat(this.#tree.directory(place.directory), name, 0o700)
    try {
      make()
    } catch (error) {
      if (!isErrno(error, 'EEXIST')) throw error
      if (!this.#tree.isDirectory(place)) this.#fresh(place, make)
    }
    if (opaque) this.#whiteouts.makeOpaque(joined(place))
    this.#describeDirectory(this.#tree.directory(place.directory), name, entry, place)
  }

  #describeDirectory(dirfd: number, name: Buffer | string, entry: TarEntry, place: Place): void {
    const mode = modeOf(entry, this.#settled)
    if ((mode & 0o2000) !== 0) this.#inherits = false
    const later = (mode & 0o700) !== 0o700 && !this.#settled.keepOwner
    const now = later ? mode | 0o700 : mode
    describeName(dirfd, Buffer.from(name), entry, this.#settled, this.report, now)
    this.#late.set(joined(place), { place, mtime: timeOf(entry), mode: later ? mode : undefined })
  }

  #hardlink(entry: TarEntry, place: Place): void {
    const target = placeOf(entry.linkPath as Buffer, 'target of a hard link')
    if (target.base === '' || joined(target) === joined(place))
      throw malformed(`hard link ${show(entry.path)} leads to itself, or to the root`)
    this.#fresh(place, () => {
      const to = this.#tree.directory(place.directory)
      // Opening another directory lets go of the oldest one, never of the one asked for last; and this one makes none on its way.
      linkat(this.#tree.directory(target.directory, false), bytesOf(target.base), to, bytesOf(place.base))
    })
  }

  #node(entry: TarEntry, place: Place): boolean {
    const device = entry.type !== 'fifo'
    if (device && this.#settled.devices === 'refuse')
      throw new IsoError('ISO_LAYER_DEVICE', `Cannot extract ${show(entry.path)}: device nodes are refused`)
    if (device && this.#settled.devices === 'skip') {
      this.report.skippedDevices++
      return false
    }
    const { type, major, minor } = entry as TarEntry & { type: 'char' | 'block' | 'fifo' }
    this.#fresh(place, () =>
      mknodat(this.#tree.directory(place.directory), bytesOf(place.base), { type, mode: 0o600, major, minor })
    )
    return true
  }
}

function overLimit(why: string): IsoError {
  return new IsoError('ISO_LAYER_LIMIT', `Cannot extract archive: ${why}`, {
    hint: 'raise the limit if you trust where it comes from',
  })
}

// The kernel speaks of a single name; what matters is the entry.
function explained(error: unknown, entry: TarEntry): unknown {
  if (error instanceof IsoError && error.code !== 'ISO_SYSCALL') return error
  const { errno, syscall } = error as { errno?: number; syscall?: string }
  if (errno === undefined) return error
  const escape = error instanceof IsoError && error.errnoName === 'EXDEV'
  const target = entry.linkPath === undefined ? '' : ` (link to ${show(entry.linkPath)})`
  return new IsoError(
    escape ? 'ISO_LAYER_ESCAPE' : 'ISO_EXTRACT',
    `Cannot extract ${entry.type} ${show(entry.path)}${target}`,
    { errno: Math.abs(errno), path: entry.path.toString(), cause: error, ...(syscall === undefined ? {} : { syscall }) }
  )
}
