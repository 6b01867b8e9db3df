// Reads small files of a root filesystem that may be hostile: by descriptor, links resolved inside, never a device or a fifo, never much.

import { fstatSync, readSync } from 'node:fs'
import { closeFd, IsoError, openat2 } from '@iso/native'

/** More than any honest passwd file; a larger one is not read (CVE-2023-25153). */
const MOST_BYTES = 4 * 2 ** 20

/** The text of a file beneath the root; undefined where it is missing. @throws IsoError `ISO_ROOTFS` for one that is no plain file or too large. */
export function readRootFile(root: number, path: string): string | undefined {
  let fd
  try {
    fd = openat2(root, path, { flags: ['readOnly', 'nonblock', 'noctty'], resolve: ['inRoot', 'noMagicLinks'] })
  } catch (error) {
    if (error instanceof IsoError && ['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES'].includes(error.errnoName ?? ''))
      return undefined
    throw error
  }
  try {
    const stats = fstatSync(fd)
    if (!stats.isFile()) return undefined
    if (stats.size > MOST_BYTES)
      throw new IsoError(
        'ISO_ROOTFS',
        `Cannot read ${JSON.stringify(path)} of the root: ${stats.size} bytes are too many; wanted up to ${MOST_BYTES}`,
        { path }
      )
    const bytes = Buffer.allocUnsafe(stats.size)
    let length = 0
    for (let n = 1; n > 0 && length < bytes.length; length += n)
      n = readSync(fd, bytes, length, bytes.length - length, length)
    return bytes.toString('utf8', 0, length)
  } finally {
    closeFd(fd)
  }
}
