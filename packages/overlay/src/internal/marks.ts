import type { Stats } from 'node:fs'

import { readMark } from './xattr.js'

/** `y`: nothing below shows through. `x`: the directory may hold whiteouts in their xattr form. */
export type Opacity = 'y' | 'x'

/** How the opaque mark of a directory reads; undefined where it has none. */
export function opacityOf(path: string | Buffer, userxattr: boolean): Opacity | undefined {
  const value = readMark(path, 'opaque', userxattr)?.toString('latin1')
  return value === 'y' || value === 'x' ? value : undefined
}

/** Whether an entry hides what is below it: a 0:0 character device or, in a directory marked `x`, an empty file with a mark. */
export function isWhiteoutEntry(
  path: string | Buffer,
  stats: Stats,
  marks: { userxattr: boolean; xwhiteouts: boolean }
): boolean {
  if (stats.isCharacterDevice()) return stats.rdev === 0
  if (!marks.xwhiteouts || !stats.isFile() || stats.size !== 0) return false
  return readMark(path, 'whiteout', marks.userxattr) !== undefined
}
