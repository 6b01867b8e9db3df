// Opaque directories: directories of an upper layer below which nothing shows through.

import { opacityOf } from './internal/marks.js'
import { writeMark } from './internal/xattr.js'
import type { MarkOptions } from './whiteout.js'

/**
 * Whether a directory of a layer is opaque: `overlay.opaque` = `y`, getxattr(2).
 *
 * @param path the directory
 * @throws Node's ENOENT where nothing is there
 */
export async function isOpaque(path: string | Buffer, { userxattr = false }: MarkOptions = {}): Promise<boolean> {
  return opacityOf(path, userxattr) === 'y'
}

/**
 * Make a directory of a layer opaque, setxattr(2): the merged view shows only what the layer itself holds.
 *
 * @param path the directory, in a layer that is not mounted
 * @throws IsoError `ISO_SYSCALL`: EPERM no CAP_SYS_ADMIN (without `userxattr`), ENOTSUP the file system has no such xattrs
 * @see https://docs.kernel.org/filesystems/overlayfs.html
 */
export async function makeOpaque(path: string | Buffer, { userxattr = false }: MarkOptions = {}): Promise<void> {
  writeMark(path, 'opaque', userxattr, 'y')
}
