// Entries of a directory that is held as a descriptor: what is looked up is one name, in that very directory. For descriptors made with
// openat2() beneath a root that is a promise about where things end up, however the tree is changed meanwhile.

import { binding } from '../binding.js'
import { checkFd, checkPath, whole } from '../internal/check.js'
import type { PathLike } from '../path-like.js'
import type { NodeSpec } from './mknod.js'

const TYPES = { fifo: 0o010000, char: 0o020000, block: 0o060000, file: 0o100000, socket: 0o140000 } as const

/** A point in time, exact to a nanosecond. */
export interface TimeSpec {
  /** Whole seconds since 1970, rounded down; negative before. */
  sec: number
  /** Nanoseconds after `sec`, 0 to 999999999. */
  nsec: number
}

/**
 * Make a directory with mkdirat(2).
 *
 * @param dirfd the directory it is made in, an O_PATH descriptor will do. @param name text or bytes. @param mode permission bits; the umask
 * takes its share. Default: 0o777.
 * @throws IsoError `ISO_SYSCALL`: EEXIST; ENOTDIR; ENAMETOOLONG; EACCES.
 * @example
 * ```ts
 * import { closeFd, mkdirat, openat2, unlinkat } from '@iso/native'
 * const tmp = openat2(null, '/tmp', { flags: ['path', 'directory'] })
 * mkdirat(tmp, 'made-at')
 * unlinkat(tmp, 'made-at', { directory: true })
 * closeFd(tmp)
 * ```
 * @see https://man7.org/linux/man-pages/man2/mkdir.2.html
 */
export function mkdirat(dirfd: number, name: PathLike, mode = 0o777): void {
  binding().mkdirat(checkFd(dirfd), checkPath(name), whole(mode, 'mode', 0, 0o7777))
}

/**
 * Make a symbolic link with symlinkat(2).
 *
 * @param target what the link says: text or bytes, not looked at.
 * @throws IsoError `ISO_SYSCALL`: EEXIST; ENOENT, an empty target; ENAMETOOLONG.
 * @see https://man7.org/linux/man-pages/man2/symlink.2.html
 */
export function symlinkat(target: PathLike, dirfd: number, name: PathLike): void {
  binding().symlinkat(checkPath(target), checkFd(dirfd), checkPath(name))
}

/**
 * Give a file another name with linkat(2). A symbolic link is not followed: it gets the other name itself.
 *
 * @throws IsoError `ISO_SYSCALL`: EPERM, a directory; EXDEV, another mount; EEXIST; ENOENT; EMLINK.
 * @see https://man7.org/linux/man-pages/man2/link.2.html
 */
export function linkat(fromDirfd: number, fromName: PathLike, toDirfd: number, toName: PathLike): void {
  binding().linkat(checkFd(fromDirfd), checkPath(fromName), checkFd(toDirfd), checkPath(toName))
}

/**
 * Make a node with mknodat(2); see `mknod()`.
 *
 * @throws IsoError `ISO_SYSCALL`: EPERM, device nodes need CAP_MKNOD in the initial user namespace (a whiteout, char 0 0, needs none since
 * 5.8); EEXIST.
 * @see https://man7.org/linux/man-pages/man2/mknod.2.html
 */
export function mknodat(dirfd: number, name: PathLike, node: NodeSpec): void {
  if (!Object.hasOwn(TYPES, node.type))
    throw new TypeError(`Cannot make a node: type '${node.type}' is unknown; wanted ${Object.keys(TYPES).join(', ')}`)
  binding().mknodat(
    checkFd(dirfd),
    checkPath(name),
    TYPES[node.type] | whole(node.mode ?? 0o600, 'mode', 0, 0o7777),
    whole(node.major ?? 0, 'major number', 0, 0xfff),
    whole(node.minor ?? 0, 'minor number', 0, 0xfffff)
  )
}

/**
 * Remove a name with unlinkat(2).
 *
 * @param options.directory an empty directory instead of anything else. Default: false.
 * @throws IsoError `ISO_SYSCALL`: ENOENT; EISDIR or ENOTDIR, the other kind; ENOTEMPTY.
 * @see https://man7.org/linux/man-pages/man2/unlink.2.html
 */
export function unlinkat(dirfd: number, name: PathLike, options: { directory?: boolean } = {}): void {
  binding().unlinkat(checkFd(dirfd), checkPath(name), options.directory === true ? 1 : 0)
}

/**
 * Rename with renameat(2); what has the new name is replaced.
 *
 * @throws IsoError `ISO_SYSCALL`: ENOENT; EXDEV; ENOTEMPTY, a directory that is not empty has the new name.
 * @see https://man7.org/linux/man-pages/man2/rename.2.html
 */
export function renameat(fromDirfd: number, fromName: PathLike, toDirfd: number, toName: PathLike): void {
  binding().renameat(checkFd(fromDirfd), checkPath(fromName), checkFd(toDirfd), checkPath(toName))
}

const ID_MAX = 0xfffffffe

/**
 * Give an entry to another owner with fchownat(2); of a symbolic link the link itself. Set-user-ID bits and file capabilities are lost.
 *
 * @param uid @param gid 0 to 4294967294.
 * @throws IsoError `ISO_SYSCALL`: EPERM, needs CAP_CHOWN; EINVAL, an id that the user namespace does not map.
 * @see https://man7.org/linux/man-pages/man2/chown.2.html
 */
export function fchownat(dirfd: number, name: PathLike, uid: number, gid: number): void {
  binding().fchownat(checkFd(dirfd), checkPath(name), whole(uid, 'uid', 0, ID_MAX), whole(gid, 'gid', 0, ID_MAX))
}

/**
 * Set permission bits with fchmodat(2), whatever the umask. A symbolic link is followed, so use it on what is known to be none.
 *
 * @see https://man7.org/linux/man-pages/man2/chmod.2.html
 */
export function fchmodat(dirfd: number, name: PathLike, mode: number): void {
  binding().fchmodat(checkFd(dirfd), checkPath(name), whole(mode, 'mode', 0, 0o7777))
}

/**
 * Set access and modification time with utimensat(2), exact to a nanosecond; of a symbolic link the link itself.
 *
 * @param name null: the file that `dirfd` has open, futimens(3).
 * @throws IsoError `ISO_SYSCALL`: EPERM or EACCES, not the owner; EROFS; ENOENT.
 * @remarks The file system may keep less: ext4 with small inodes and tmpfs differ. A time it cannot hold is clamped.
 * @see https://man7.org/linux/man-pages/man2/utimensat.2.html
 */
export function utimensat(dirfd: number, name: PathLike | null, accessed: TimeSpec, modified: TimeSpec): void {
  binding().utimensat(
    checkFd(dirfd),
    name === null ? null : checkPath(name),
    second(accessed),
    whole(accessed.nsec, 'nanoseconds', 0, 999_999_999),
    second(modified),
    whole(modified.nsec, 'nanoseconds', 0, 999_999_999)
  )
}

/**
 * Read all names in a directory with getdents64(2), as bytes, without `.` and `..`, in the order of the file system.
 *
 * @param fd the directory, open for reading and not read before.
 * @throws IsoError `ISO_SYSCALL`: ENOTDIR; EBADF, an O_PATH descriptor.
 * @see https://man7.org/linux/man-pages/man2/getdents.2.html
 */
export function readNames(fd: number): Buffer[] {
  const names: Buffer[] = []
  for (;;) {
    const list = binding().readNames(checkFd(fd))
    if (list.length === 0) return names
    for (let start = 0, end = list.indexOf(0); end !== -1; start = end + 1, end = list.indexOf(0, start))
      names.push(list.subarray(start, end))
  }
}

/**
 * Write everything of the file system that holds an open file to its disk, syncfs(2).
 *
 * @remarks It waits for what others wrote there, too.
 * @see https://man7.org/linux/man-pages/man2/sync.2.html
 */
export function syncfs(fd: number): void {
  binding().syncfs(checkFd(fd))
}

function second(time: TimeSpec): number {
  return whole(time.sec, 'seconds', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
}
