// Advisory locks on open files.

import { binding } from '../binding.js'
import { checkFd } from '../internal/check.js'

// LOCK_ numbers.
const OPERATIONS = { shared: 1, exclusive: 2, unlock: 8 } as const

/**
 * Lock or unlock an open file with flock(2), without ever waiting. The lock belongs to the open file: it is shared by
 * duplicates and children, and gone when the last of them is closed.
 *
 * @param operation `'shared'` for readers, `'exclusive'` for a writer, `'unlock'`.
 * @returns false when somebody else's lock is in the way. A lock held before may then be lost, as flock(2) says.
 * @throws IsoError `ISO_SYSCALL`: EBADF; ENOLCK, the kernel is out of locks.
 * @example
 * ```ts
 * import { flock } from '@iso/native'
 * import { closeSync, openSync, rmSync } from 'node:fs'
 * const fd = openSync('/tmp/example.lock', 'w')
 * console.log(flock(fd, 'exclusive')) // true
 * closeSync(fd)
 * rmSync('/tmp/example.lock')
 * ```
 * @see https://man7.org/linux/man-pages/man2/flock.2.html
 */
export function flock(fd: number, operation: keyof typeof OPERATIONS): boolean {
  if (!Object.hasOwn(OPERATIONS, operation))
    throw new TypeError(
      `Cannot lock a file: operation '${operation}' is unknown; wanted 'shared', 'exclusive' or 'unlock'`
    )
  return binding().flock(checkFd(fd), OPERATIONS[operation])
}
