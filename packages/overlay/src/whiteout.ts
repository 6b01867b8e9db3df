// Whiteouts: entries of an upper directory that hide a name of the layers below.

import { dirname } from 'node:path'
import { lstat, writeFile } from 'node:fs/promises'

import { mknod } from '@iso/native'

import { isWhiteoutEntry, opacityOf } from './internal/marks.js'
import { writeMark } from './internal/xattr.js'

/** How marks are kept. */
export interface MarkOptions {
  /** In `user.overlay.*`, as a mount with `userxattr` does, instead of `trusted.overlay.*` (needs CAP_SYS_ADMIN). Default: false. */
  userxattr?: boolean
}

/** Options of {@link makeWhiteout}. */
export interface WhiteoutOptions extends MarkOptions {
  /**
   * `device`: a 0:0 character device, which every kernel knows and works in any layer. `xattr`: an empty file with a mark,
   * for lower layers whose store cannot hold devices; kernel 6.7. Default: `device`.
   */
  form?: 'device' | 'xattr'
}

/**
 * Whether an entry of a layer is a whiteout, lstat(2), in either form.
 *
 * @param path the entry; a link is not followed
 * @throws Node's ENOENT where nothing is there
 */
export async function isWhiteout(path: string | Buffer, { userxattr = false }: MarkOptions = {}): Promise<boolean> {
  const stats = await lstat(path)
  const mayBeXattr = stats.isFile() && stats.size === 0
  const xwhiteouts = mayBeXattr && opacityOf(parent(path), userxattr) === 'x'
  return isWhiteoutEntry(path, stats, { userxattr, xwhiteouts })
}

/**
 * Make a whiteout, mknod(2): the name vanishes from the merged view.
 *
 * The `xattr` form also marks its directory (`overlay.opaque` = `x`); the kernel looks for such whiteouts only in layers
 * whose root directory carries that mark, too.
 *
 * @param path absolute path of the entry to make, in a layer that is not mounted
 * @throws IsoError `ISO_SYSCALL`: EEXIST the name is taken, EPERM no CAP_MKNOD (kernels before 5.8 in a user namespace)
 *
 * @example
 * ```ts
 * import { mkdtemp, rm } from 'node:fs/promises'
 * import { isWhiteout, makeWhiteout } from '@iso/overlay'
 * const layer = await mkdtemp('/tmp/layer-')
 * await makeWhiteout(`${layer}/gone`)
 * console.log(await isWhiteout(`${layer}/gone`)) // true
 * await rm(layer, { recursive: true })
 * ```
 * @see https://docs.kernel.org/filesystems/overlayfs.html
 */
export async function makeWhiteout(
  path: string,
  { form = 'device', userxattr = false }: WhiteoutOptions = {}
): Promise<void> {
  if (form === 'device') {
    mknod(path, { type: 'char', mode: 0 })
    return
  }
  await writeFile(path, '', { flag: 'wx', mode: 0o600 })
  writeMark(path, 'whiteout', userxattr, 'y')
  if (opacityOf(dirname(path), userxattr) === undefined) writeMark(dirname(path), 'opaque', userxattr, 'x')
}

function parent(path: string | Buffer): Buffer {
  return Buffer.from(dirname(Buffer.from(path).toString('latin1')), 'latin1')
}
