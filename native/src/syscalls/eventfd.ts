// Event counters.

import { binding } from '../binding.js'
import { checkFd, whole } from '../internal/check.js'

/**
 * Make a counter with eventfd(2), non-blocking and close-on-exec. It is readable while it is not zero.
 *
 * @param options.initial value to start with, 0 to 2^32-1. Default: 0.
 * @param options.semaphore each read takes one instead of all. Default: false.
 * @returns a descriptor; close it with `closeFd()`.
 * @throws IsoError `ISO_SYSCALL`: EMFILE.
 * @example
 * ```ts
 * import { closeFd, eventfd, eventfdRead, eventfdWrite } from '@iso/native'
 * const fd = eventfd()
 * eventfdWrite(fd, 2)
 * console.log(eventfdRead(fd), eventfdRead(fd)) // 2n null
 * closeFd(fd)
 * ```
 * @see https://man7.org/linux/man-pages/man2/eventfd.2.html
 */
export function eventfd(options: { initial?: number; semaphore?: boolean } = {}): number {
  return binding().eventfd(
    whole(options.initial ?? 0, 'initial count', 0, 0xffffffff),
    options.semaphore === true ? 1 : 0
  )
}

/** Take what the counter holds. @returns the count, or null when it is zero. */
export function eventfdRead(fd: number): bigint | null {
  return binding().eventfdRead(checkFd(fd))
}

/**
 * Add to the counter.
 * @param count from 1.
 * @throws IsoError `ISO_SYSCALL`: EAGAIN, the sum would exceed 2^64-2.
 */
export function eventfdWrite(fd: number, count = 1): void {
  binding().eventfdWrite(checkFd(fd), whole(count, 'count', 1, Number.MAX_SAFE_INTEGER))
}
