// Mounts, by path and by descriptor. They act on the mount namespace of this process, which Node cannot leave: to mount
// for a container make steps instead.

import { binding } from '../binding.js'
import { checkFd, checkPath, toBits, whole } from '../internal/check.js'
import type { PathLike } from '../path-like.js'

/** Flags of {@link mount} by name. */
export const MOUNT = {
  ro: 0x1,
  nosuid: 0x2,
  nodev: 0x4,
  noexec: 0x8,
  sync: 0x10,
  remount: 0x20,
  dirsync: 0x80,
  nosymfollow: 0x100,
  noatime: 0x400,
  nodiratime: 0x800,
  bind: 0x1000,
  move: 0x2000,
  rec: 0x4000,
  silent: 0x8000,
  unbindable: 0x20000,
  private: 0x40000,
  slave: 0x80000,
  shared: 0x100000,
  relatime: 0x200000,
  strictatime: 0x1000000,
  lazytime: 0x2000000,
} as const

/** Flags of {@link umount2} by name. */
export const UMOUNT = { force: 1, detach: 2, expire: 4, nofollow: 8 } as const

/** Attributes of {@link fsmount} and {@link mountSetattr} by name. */
export const MOUNT_ATTR = {
  ro: 0x1,
  nosuid: 0x2,
  nodev: 0x4,
  noexec: 0x8,
  atime: 0x70,
  noatime: 0x10,
  strictatime: 0x20,
  nodiratime: 0x80,
  idmap: 0x100000,
  nosymfollow: 0x200000,
} as const

/** Flags of {@link openTree} by name. */
export const OPEN_TREE = {
  clone: 1,
  recursive: 0x8000,
  emptyPath: 0x1000,
  noAutomount: 0x800,
  symlinkNofollow: 0x100,
} as const

/** Flags of {@link moveMount} by name. */
export const MOVE_MOUNT = {
  fromSymlinks: 0x1,
  fromEmptyPath: 0x4,
  toSymlinks: 0x10,
  toEmptyPath: 0x40,
  setGroup: 0x100,
  beneath: 0x200,
} as const

const AT_FDCWD = -100
const AT_EMPTY_PATH = 0x1000
const AT_RECURSIVE = 0x8000

/** What is mounted, where and how. */
export interface MountOptions {
  /** Device, directory of a bind, or any word for file systems without a source. */
  source?: PathLike
  target: PathLike
  /** File system type; absent for bind, move, remount and propagation. */
  fstype?: string
  /** Names of {@link MOUNT}, or their bits. */
  flags?: number | readonly (keyof typeof MOUNT)[]
  /** Options of the file system, up to 4095 bytes. */
  data?: PathLike
}

/**
 * Mount, bind, move, remount or change propagation with mount(2).
 *
 * @throws IsoError `ISO_SYSCALL` with the target as path: EPERM, CAP_SYS_ADMIN is missing; ENOENT; ENODEV, the kernel lacks
 * the file system; EINVAL, the file system refuses the options (the kernel log says which); EBUSY.
 * @remarks Blocks for as long as the file system needs: memory file systems and binds do not wait.
 * @see https://man7.org/linux/man-pages/man2/mount.2.html
 */
export function mount({ source, target, fstype, flags, data }: MountOptions): void {
  binding().mount(
    source === undefined ? null : checkPath(source, 'mount source'),
    checkPath(target, 'mount target'),
    fstype === undefined ? null : text(fstype, 'file system type'),
    toBits(flags ?? 0, MOUNT, 'mount flags'),
    data === undefined ? null : checkPath(data, 'mount data')
  )
}

/**
 * Unmount with umount2(2).
 *
 * @param flags names of {@link UMOUNT}; `detach` lets go at once and finishes when nobody uses the mount any more.
 * @throws IsoError `ISO_SYSCALL`: EINVAL, nothing is mounted there, or it is locked; EBUSY; EPERM.
 * @see https://man7.org/linux/man-pages/man2/umount.2.html
 */
export function umount2(target: PathLike, flags: number | readonly (keyof typeof UMOUNT)[] = 0): void {
  binding().umount2(checkPath(target, 'mount target'), toBits(flags, UMOUNT, 'unmount flags'))
}

/**
 * Begin to make a file system with fsopen(2).
 *
 * @returns a close-on-exec descriptor for {@link fsconfig} and {@link fsmount}.
 * @throws IsoError `ISO_SYSCALL`: ENODEV, the kernel lacks the file system; EPERM.
 * @remarks CAP_SYS_ADMIN. Linux 5.2.
 * @example
 * ```ts
 * import { closeFd, fsconfig, fsmount, fsopen } from '@iso/native'
 * const fs = fsopen('tmpfs')
 * fsconfig(fs, { set: 'size', to: '1m' })
 * fsconfig(fs, { create: true })
 * const detached = fsmount(fs, ['nodev', 'nosuid'])
 * closeFd(fs)
 * closeFd(detached) // and the file system is gone
 * ```
 * @see https://man7.org/linux/man-pages/man2/fsopen.2.html
 */
export function fsopen(fstype: string): number {
  return binding().fsopen(text(fstype, 'file system type'))
}

/** One setting of {@link fsconfig}: a string, a flag, a descriptor, or the order to create or reconfigure. */
export type FsSetting =
  | { set: string; to: PathLike }
  | { flag: string }
  | { set: string; fd: number }
  | { create: true | 'exclusive' }
  | { reconfigure: true }

/**
 * Set a parameter of a file system being made, or create it, with fsconfig(2).
 *
 * @throws IsoError `ISO_SYSCALL` with the parameter as path: EINVAL, unknown or refused; EBUSY, created already; EPERM.
 * @remarks Values up to 255 bytes. Linux 5.2; `exclusive` 6.6.
 * @see https://man7.org/linux/man-pages/man2/fsconfig.2.html
 */
export function fsconfig(fsfd: number, setting: FsSetting): void {
  const { fsconfig: call } = binding()
  checkFd(fsfd, 'file system descriptor')
  if ('flag' in setting) call(fsfd, 0, text(setting.flag, 'parameter'), null, 0)
  else if ('to' in setting) call(fsfd, 1, text(setting.set, 'parameter'), checkPath(setting.to, 'value'), 0)
  else if ('fd' in setting) call(fsfd, 5, text(setting.set, 'parameter'), null, checkFd(setting.fd))
  else if ('create' in setting) call(fsfd, setting.create === 'exclusive' ? 8 : 6, null, null, 0)
  else call(fsfd, 7, null, null, 0)
}

/**
 * Make a detached mount of a created file system with fsmount(2).
 *
 * @param attributes names of {@link MOUNT_ATTR}.
 * @returns a close-on-exec descriptor; closing it before `moveMount()` dissolves the mount.
 * @remarks CAP_SYS_ADMIN. Linux 5.2.
 * @see https://man7.org/linux/man-pages/man2/fsmount.2.html
 */
export function fsmount(fsfd: number, attributes: number | readonly (keyof typeof MOUNT_ATTR)[] = 0): number {
  return binding().fsmount(checkFd(fsfd, 'file system descriptor'), toBits(attributes, MOUNT_ATTR, 'mount attributes'))
}

/**
 * Open a mount, or with `clone` a detached copy of it, with open_tree(2).
 *
 * @param dirfd directory of a relative path, or with `emptyPath` and `''` the object itself; null: the working directory.
 * @param flags names of {@link OPEN_TREE}.
 * @returns a close-on-exec descriptor.
 * @throws IsoError `ISO_SYSCALL`: EPERM, CAP_SYS_ADMIN is missing (clone); EINVAL, mounts below are locked; ENOENT.
 * @remarks Linux 5.2.
 * @see https://man7.org/linux/man-pages/man2/open_tree.2.html
 */
export function openTree(
  dirfd: number | null,
  path: PathLike,
  flags: number | readonly (keyof typeof OPEN_TREE)[] = 0
): number {
  return binding().openTree(
    dirfd === null ? AT_FDCWD : checkFd(dirfd),
    checkPath(path),
    toBits(flags, OPEN_TREE, 'open_tree flags')
  )
}

/** One end of {@link moveMount}: a path, or a descriptor, or a path beneath one. */
export interface MountPlace {
  fd?: number
  path?: PathLike
}

/**
 * Attach a detached mount, or move an attached one, with move_mount(2).
 *
 * @param from `{ fd }` for a detached mount. @param to directory, or file for a file mount.
 * @param flags names of {@link MOVE_MOUNT}; the empty-path ones are added where an end has no path.
 * @throws IsoError `ISO_SYSCALL` with the target as path: EINVAL, shared parent or a loop; EPERM; ENOENT.
 * @remarks CAP_SYS_ADMIN. Linux 5.2; `beneath` 6.5.
 * @see https://man7.org/linux/man-pages/man2/move_mount.2.html
 */
export function moveMount(
  from: MountPlace,
  to: MountPlace,
  flags: number | readonly (keyof typeof MOVE_MOUNT)[] = 0
): void {
  let bits = toBits(flags, MOVE_MOUNT, 'move_mount flags')
  if (from.path === undefined) bits |= MOVE_MOUNT.fromEmptyPath
  if (to.path === undefined) bits |= MOVE_MOUNT.toEmptyPath
  binding().moveMount(place(from), checkPath(from.path ?? ''), place(to), checkPath(to.path ?? ''), bits)
}

/** What {@link mountSetattr} changes. */
export interface MountChange {
  set?: number | readonly (keyof typeof MOUNT_ATTR)[]
  clear?: number | readonly (keyof typeof MOUNT_ATTR)[]
  propagation?: 'private' | 'slave' | 'shared' | 'unbindable'
  /** Also every mount below. Default: false. */
  recursive?: boolean
  /** Descriptor of the user namespace whose maps an idmapped mount uses; needs `set: ['idmap']`. */
  usernsFd?: number
}

/**
 * Change attributes of a mount, or of a whole tree at once, with mount_setattr(2).
 *
 * @throws IsoError `ISO_SYSCALL`: EPERM, the attribute is locked or CAP_SYS_ADMIN is missing; EINVAL, no mount, or the file
 * system takes no idmap; EBUSY, files are open for writing.
 * @remarks Linux 5.12.
 * @see https://man7.org/linux/man-pages/man2/mount_setattr.2.html
 */
export function mountSetattr(at: MountPlace, change: MountChange): void {
  const flags = (at.path === undefined ? AT_EMPTY_PATH : 0) | (change.recursive === true ? AT_RECURSIVE : 0)
  binding().mountSetattr(
    place(at),
    checkPath(at.path ?? ''),
    flags,
    toBits(change.set ?? 0, MOUNT_ATTR, 'mount attributes'),
    toBits(change.clear ?? 0, MOUNT_ATTR, 'mount attributes'),
    change.propagation === undefined ? 0 : toBits([change.propagation], MOUNT, 'propagation'),
    change.usernsFd === undefined ? 0 : checkFd(change.usernsFd, 'user namespace')
  )
}

function place({ fd, path }: MountPlace): number {
  if (fd === undefined && path === undefined) throw new TypeError('Cannot use a mount: neither fd nor path is given')
  return fd === undefined ? AT_FDCWD : whole(fd, 'mount descriptor', 0, 0x7fffffff)
}

function text(value: string, what: string): string {
  if (typeof value !== 'string' || value === '')
    throw new TypeError(`Cannot use ${what}: ${JSON.stringify(value)} is not a word`)
  checkPath(value, what)
  return value
}
