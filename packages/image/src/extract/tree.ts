// The directory that an archive goes into, held as a descriptor. Directories beneath it are found by the kernel, which takes the root for `/`: no
// link, `..` or concurrent rename leads out. Everything else is done to one name in a directory that is held open.

import { closeFd, IsoError, mkdirat, OPEN, openat2, readNames, RESOLVE, unlinkat } from '@iso/native'

import { bytesOf, type Place } from './names.js'

/** Directories held open at a time. Archives are in the order of the tree, so few are needed. */
const HELD = 64
const DIRECTORY = OPEN.path | OPEN.directory
const NOT_A_LINK = OPEN.path | OPEN.directory | OPEN.nofollow
const LISTING = OPEN.directory | OPEN.nofollow

/** Whether an error is one of the kernel's, by name. */
export function isErrno(error: unknown, ...names: string[]): error is IsoError {
  return error instanceof IsoError && names.includes(error.errnoName ?? '')
}

/** A root and the directories beneath it. */
export class Tree {
  readonly rootFd: number
  readonly #held = new Map<string, number>()
  #lastPath = ''
  #lastFd: number

  /** @param path the root, which must be there */
  constructor(path: string | Buffer) {
    this.rootFd = openat2(null, path, { flags: DIRECTORY })
    this.#lastFd = this.rootFd
  }

  /**
   * A directory beneath the root, as an O_PATH descriptor that stays the tree's.
   *
   * @param make make what is missing, for root and with mode 0o755
   */
  directory(path: string, make = true): number {
    if (path === this.#lastPath) return this.#lastFd
    if (path === '') return this.rootFd
    let fd = this.#held.get(path)
    if (fd === undefined) {
      fd = this.#open(path, make)
      if (this.#held.size >= HELD) this.#dropOldest()
      this.#held.set(path, fd)
    } else {
      this.#held.delete(path)
      this.#held.set(path, fd)
    }
    this.#lastPath = path
    this.#lastFd = fd
    return fd
  }

  /** Whether there is a directory that is no link, at a place. */
  isDirectory({ directory, base }: Place): boolean {
    try {
      closeFd(openat2(this.directory(directory, false), bytesOf(base), { flags: NOT_A_LINK }))
      return true
    } catch (error) {
      if (isErrno(error, 'ENOTDIR', 'ELOOP', 'ENOENT')) return false
      throw error
    }
  }

  /** Names in a directory. */
  names(place: Place): Buffer[] {
    const at = place.base === '' ? this.rootFd : this.directory(place.directory, false)
    const fd = openat2(at, place.base === '' ? '.' : bytesOf(place.base), { flags: LISTING })
    try {
      return readNames(fd)
    } finally {
      closeFd(fd)
    }
  }

  /** Remove whatever is at a place, a directory with all that is in it; links are not followed. @returns whether anything was there */
  remove({ directory, base }: Place): boolean {
    try {
      removeAt(this.directory(directory, false), bytesOf(base))
    } catch (error) {
      if (isErrno(error, 'ENOENT', 'ENOTDIR')) return false
      throw error
    }
    // Directories held open may be the removed ones, or lie behind a link that was.
    this.forget()
    return true
  }

  /** Let go of the directories; they are found anew. */
  forget(): void {
    for (const fd of this.#held.values()) closeFd(fd)
    this.#held.clear()
    this.#lastPath = ''
    this.#lastFd = this.rootFd
  }

  close(): void {
    this.forget()
    closeFd(this.rootFd)
  }

  #open(path: string, make: boolean): number {
    const how = { flags: DIRECTORY, resolve: RESOLVE.inRoot }
    try {
      return openat2(this.rootFd, bytesOf(path), how)
    } catch (error) {
      if (!make || !isErrno(error, 'ENOENT')) throw error
    }
    const slash = path.lastIndexOf('/')
    const parent = this.directory(path.slice(0, Math.max(slash, 0)))
    try {
      mkdirat(parent, bytesOf(path.slice(slash + 1)), 0o755)
    } catch (error) {
      // A link that leads nowhere is there already: opening says so.
      if (!isErrno(error, 'EEXIST')) throw error
    }
    return openat2(this.rootFd, bytesOf(path), how)
  }

  #dropOldest(): void {
    for (const [path, fd] of this.#held) {
      if (fd === this.#lastFd) continue
      closeFd(fd)
      this.#held.delete(path)
      return
    }
  }
}

function removeAt(parent: number, name: Buffer): void {
  try {
    unlinkat(parent, name)
    return
  } catch (error) {
    if (!isErrno(error, 'EISDIR')) throw error
  }
  const fd = openat2(parent, name, { flags: LISTING })
  try {
    for (const inner of readNames(fd)) removeAt(fd, inner)
  } finally {
    closeFd(fd)
  }
  unlinkat(parent, name, { directory: true })
}
