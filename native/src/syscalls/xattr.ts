// Extended attributes, byte for byte. Plain functions follow symbolic links, `l` ones do not, `f` ones take a descriptor.
// An O_PATH descriptor has none (EBADF): use `/proc/self/fd/N` with the plain functions.

import { binding } from '../binding.js'
import { checkFd, checkPath } from '../internal/check.js'
import type { PathLike } from '../path-like.js'

/** When a value may be written: always, only if the attribute is new, only if it is there. */
export type XattrMode = 'any' | 'create' | 'replace'

const FLAGS: Readonly<Record<XattrMode, number>> = { any: 0, create: 1, replace: 2 }

/**
 * Read an extended attribute with getxattr(2), following a symbolic link.
 *
 * @param path text or bytes. @param name with its namespace, such as `'user.note'` or `'security.capability'`.
 * @returns the value, up to 64 KiB of any bytes.
 * @throws IsoError `ISO_SYSCALL`: ENODATA, there is none; EOPNOTSUPP, the file system has none; EPERM or EACCES.
 * @remarks `trusted.` needs CAP_SYS_ADMIN in the initial user namespace (else ENODATA).
 * @example
 * ```ts
 * import { getxattr, setxattr } from '@iso/native'
 * import { writeFileSync, rmSync } from 'node:fs'
 * writeFileSync('/tmp/noted', '')
 * setxattr('/tmp/noted', 'trusted.note', Buffer.from([0, 1, 255]))
 * console.log(getxattr('/tmp/noted', 'trusted.note')) // <Buffer 00 01 ff>
 * rmSync('/tmp/noted')
 * ```
 * @see https://man7.org/linux/man-pages/man2/getxattr.2.html
 */
export function getxattr(path: PathLike, name: string): Buffer {
  return binding().getxattr(checkPath(path), checkName(name))
}

/** {@link getxattr} of a symbolic link itself. */
export function lgetxattr(path: PathLike, name: string): Buffer {
  return binding().lgetxattr(checkPath(path), checkName(name))
}

/** {@link getxattr} of an open file. */
export function fgetxattr(fd: number, name: string): Buffer {
  return binding().fgetxattr(checkFd(fd), checkName(name))
}

/**
 * Write an extended attribute with setxattr(2), following a symbolic link.
 *
 * @param value up to 64 KiB; text is UTF-8. @param mode default `'any'`.
 * @throws IsoError `ISO_SYSCALL`: EEXIST or ENODATA, as `mode` asked; EOPNOTSUPP; ENOSPC; EPERM.
 * @see https://man7.org/linux/man-pages/man2/setxattr.2.html
 */
export function setxattr(path: PathLike, name: string, value: Uint8Array | string, mode: XattrMode = 'any'): void {
  binding().setxattr(checkPath(path), checkName(name), bytes(value), checkMode(mode))
}

/** {@link setxattr} on a symbolic link itself (`user.` is refused there: EPERM). */
export function lsetxattr(path: PathLike, name: string, value: Uint8Array | string, mode: XattrMode = 'any'): void {
  binding().lsetxattr(checkPath(path), checkName(name), bytes(value), checkMode(mode))
}

/** {@link setxattr} on an open file. */
export function fsetxattr(fd: number, name: string, value: Uint8Array | string, mode: XattrMode = 'any'): void {
  binding().fsetxattr(checkFd(fd), checkName(name), bytes(value), checkMode(mode))
}

/**
 * List the names of the extended attributes with listxattr(2), following a symbolic link.
 *
 * @returns names in the order of the file system; `trusted.` ones only with CAP_SYS_ADMIN.
 * @throws IsoError `ISO_SYSCALL`: EOPNOTSUPP, ENOENT, E2BIG (more than 64 KiB of names).
 * @see https://man7.org/linux/man-pages/man2/listxattr.2.html
 */
export function listxattr(path: PathLike): string[] {
  return names(binding().listxattr(checkPath(path)))
}

/** {@link listxattr} of a symbolic link itself. */
export function llistxattr(path: PathLike): string[] {
  return names(binding().llistxattr(checkPath(path)))
}

/** {@link listxattr} of an open file. */
export function flistxattr(fd: number): string[] {
  return names(binding().flistxattr(checkFd(fd)))
}

/**
 * Remove an extended attribute with removexattr(2), following a symbolic link.
 *
 * @throws IsoError `ISO_SYSCALL`: ENODATA, there is none; EPERM.
 * @see https://man7.org/linux/man-pages/man2/removexattr.2.html
 */
export function removexattr(path: PathLike, name: string): void {
  binding().removexattr(checkPath(path), checkName(name))
}

/** {@link removexattr} of a symbolic link itself. */
export function lremovexattr(path: PathLike, name: string): void {
  binding().lremovexattr(checkPath(path), checkName(name))
}

/** {@link removexattr} of an open file. */
export function fremovexattr(fd: number, name: string): void {
  binding().fremovexattr(checkFd(fd), checkName(name))
}

function checkName(name: string): string {
  if (typeof name !== 'string' || name === '' || name.includes('\0') || Buffer.byteLength(name) > 255)
    throw new TypeError(`Cannot use an extended attribute: name ${JSON.stringify(name)} is not 1 to 255 bytes of text`)
  return name
}

function checkMode(mode: XattrMode): number {
  if (!Object.hasOwn(FLAGS, mode))
    throw new TypeError(
      `Cannot set an extended attribute: mode '${mode}' is unknown; wanted 'any', 'create' or 'replace'`
    )
  return FLAGS[mode]
}

function bytes(value: Uint8Array | string): Uint8Array {
  return typeof value === 'string' ? Buffer.from(value) : value
}

function names(list: Buffer): string[] {
  return list.length === 0 ? [] : list.toString('utf8', 0, list.length - 1).split('\0')
}
