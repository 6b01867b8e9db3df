import { IsoError, lgetxattr, lremovexattr, lsetxattr } from '@iso/native'

/** Where an overlay keeps its marks: `user.` in a user namespace (mount option `userxattr`), `trusted.` otherwise. */
export function markName(name: string, userxattr: boolean): string {
  return `${userxattr ? 'user' : 'trusted'}.overlay.${name}`
}

/** Read a mark of an entry (what a link points to is never read); undefined where it has none. */
export function readMark(path: string | Buffer, name: string, userxattr: boolean): Buffer | undefined {
  try {
    return lgetxattr(path, markName(name, userxattr))
  } catch (error) {
    if (
      error instanceof IsoError &&
      (error.errnoName === 'ENODATA' || error.errnoName === 'ENOTSUP' || error.errnoName === 'EOPNOTSUPP')
    )
      return undefined
    throw error
  }
}

/** Set a mark, or remove it with `undefined`. */
export function writeMark(path: string | Buffer, name: string, userxattr: boolean, value: string | undefined): void {
  if (value === undefined) lremovexattr(path, markName(name, userxattr))
  else lsetxattr(path, markName(name, userxattr), value)
}
