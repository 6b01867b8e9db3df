// Why a compiled part of the package cannot be had: it was never built, or this user may not read it.

import { accessSync, constants } from 'node:fs'
import { dirname, join } from 'node:path'
import { IsoError } from '../iso-error.js'

/**
 * The error for a missing part.
 *
 * @param what "load the native addon".
 * @param root directory of the package.
 * @param file name of the part.
 */
export function nativeMissing(what: string, root: string, file: string, cause?: unknown): IsoError {
  const closed =
    firstClosed(join(root, 'build/Release', file)) ?? firstClosed(join(root, `prebuilds/linux-${process.arch}`))
  const hint =
    closed === undefined
      ? 'run `npm rebuild @iso/native` with gcc, make and python3 installed'
      : `user ${process.geteuid?.()} may not read ${JSON.stringify(closed)}: let everybody (chmod a+rX), or install the package where all users may read`
  return new IsoError('ISO_NATIVE_MISSING', `Cannot ${what} of @iso/native for ${process.platform} ${process.arch}`, {
    path: root,
    hint,
    ...(cause === undefined ? {} : { cause }),
  })
}

/** The outermost directory on the way to a file, or the file itself, that this user may not open; undefined where that is not the reason. */
function firstClosed(file: string, mode = constants.R_OK): string | undefined {
  const above = dirname(file)
  const closed = above === file ? undefined : firstClosed(above, constants.X_OK)
  if (closed !== undefined) return closed
  try {
    accessSync(file, mode)
    return undefined
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? file : undefined
  }
}
