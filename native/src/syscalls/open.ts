// Opening beneath a directory, and closing.

import { binding } from '../binding.js'
import { checkFd, checkPath, toBits, whole } from '../internal/check.js'
import type { PathLike } from '../path-like.js'

/** Open flags by name; O_CLOEXEC is always added. */
export const OPEN = {
  readOnly: 0,
  writeOnly: 0x1,
  readWrite: 0x2,
  create: 0x40,
  exclusive: 0x80,
  noctty: 0x100,
  truncate: 0x200,
  append: 0x400,
  nonblock: 0x800,
  directory: 0x10000,
  nofollow: 0x20000,
  path: 0x200000,
  tmpfile: 0x410000,
} as const

/** Resolve flags by name: how a path may be walked. */
export const RESOLVE = {
  noXdev: 0x1,
  noMagicLinks: 0x2,
  noSymlinks: 0x4,
  beneath: 0x8,
  inRoot: 0x10,
  cached: 0x20,
} as const

/** Options of {@link openat2}. */
export interface OpenHow {
  /** Names of {@link OPEN}, or their bits. Default: read only. */
  flags?: number | readonly (keyof typeof OPEN)[]
  /** Permission bits of a created file, 0 to 0o7777. Default: 0o600 when one may be created, and 0. */
  mode?: number
  /** Names of {@link RESOLVE}, or their bits. Default: none. */
  resolve?: number | readonly (keyof typeof RESOLVE)[]
}

const AT_FDCWD = -100
const MAY_CREATE = OPEN.create | 0x400000

/**
 * Open a file with openat2(2), the path resolved by the kernel in the way asked for. `inRoot` treats the directory as `/`
 * for absolute paths, links and `..`; a scoped lookup that meets a concurrent rename (EAGAIN) is tried again, 64 times.
 *
 * @param dirfd directory of a relative path; null: the working directory.
 * @param path text or bytes.
 * @returns a close-on-exec descriptor; close it with `closeFd()`.
 * @throws IsoError `ISO_SYSCALL`: EXDEV, the path leaves the directory; ELOOP, a link where none is allowed; ENOENT and the like.
 * @remarks Linux 5.6.
 * @example
 * ```ts
 * import { closeFd, openat2 } from '@iso/native'
 * const root = openat2(null, '/usr', { flags: ['path', 'directory'] })
 * const fd = openat2(root, '/../lib', { flags: ['path'], resolve: ['inRoot'] }) // /usr/lib
 * closeFd(fd)
 * closeFd(root)
 * ```
 * @see https://man7.org/linux/man-pages/man2/openat2.2.html
 */
export function openat2(dirfd: number | null, path: PathLike, how: OpenHow = {}): number {
  const flags = toBits(how.flags ?? 0, OPEN, 'open flags')
  const mode = how.mode ?? ((flags & MAY_CREATE) !== 0 ? 0o600 : 0)
  const directory = dirfd === null ? AT_FDCWD : checkFd(dirfd, 'directory descriptor')
  return binding().openat2(
    directory,
    checkPath(path),
    flags,
    whole(mode, 'mode', 0, 0o7777),
    toBits(how.resolve ?? 0, RESOLVE, 'resolve flags')
  )
}

/**
 * Close a descriptor with close(2).
 *
 * @throws IsoError `ISO_SYSCALL`: EBADF, it is not open. Closing a number twice may close somebody else's file.
 * @see https://man7.org/linux/man-pages/man2/close.2.html
 */
export function closeFd(fd: number): void {
  binding().close(checkFd(fd))
}

/**
 * Set close-on-exec on a range of descriptors with close_range(2); numbers that are not open are skipped.
 *
 * @param first from 0. @param last from `first`. Default: all above.
 * @remarks Linux 5.11 (CLOSE_RANGE_CLOEXEC).
 * @see https://man7.org/linux/man-pages/man2/close_range.2.html
 */
export function closeOnExecRange(first: number, last = 0xffffffff): void {
  binding().closeRange(checkFd(first), whole(last, 'last descriptor', first, 0xffffffff))
}

/**
 * Duplicate a descriptor with fcntl(2) F_DUPFD_CLOEXEC.
 *
 * @returns a close-on-exec descriptor of the same open file.
 * @see https://man7.org/linux/man-pages/man2/fcntl.2.html
 */
export function dupFd(fd: number): number {
  return binding().dup(checkFd(fd))
}

/** The two ends of a pipe. */
export interface Pipe {
  readFd: number
  writeFd: number
}

/**
 * Make a pipe with pipe2(2), both ends close-on-exec.
 *
 * @param options.nonblock set O_NONBLOCK on both ends. Default: false.
 * @param options.sizeBytes capacity, rounded up to a power of two; where fs.pipe-max-size or fs.pipe-user-pages-soft forbids it the
 * capacity stays as it is. Default: 0, the kernel's own (65536).
 * @throws IsoError `ISO_SYSCALL`: EMFILE, too many open files.
 * @see https://man7.org/linux/man-pages/man2/pipe.2.html
 */
export function pipe2(options: { nonblock?: boolean; sizeBytes?: number } = {}): Pipe {
  const { nonblock, sizeBytes = 0 } = options
  if (!Number.isInteger(sizeBytes) || sizeBytes < 0 || sizeBytes > 0x7fffffff)
    throw new RangeError(`Cannot make a pipe: sizeBytes is ${sizeBytes}; wanted a whole number from 0 to 2147483647`)
  const [readFd, writeFd] = binding().pipe2(nonblock === true ? OPEN.nonblock : 0, sizeBytes)
  return { readFd, writeFd }
}
