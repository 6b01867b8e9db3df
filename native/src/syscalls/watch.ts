// Waiting for a descriptor on Node's event loop.

import { binding } from '../binding.js'
import { IsoError } from '../iso-error.js'
import { checkFd } from '../internal/check.js'

/** A running watch. */
export interface Watch {
  /** Stop. Safe to call twice, and from the callback. */
  close(): void
  /** `using`: the same as close(). */
  [Symbol.dispose](): void
}

/** Options of {@link watch}. */
export interface WatchOptions {
  /** Keep Node running for as long as the watch is open. Default: false. */
  ref?: boolean
  /**
   * The descriptor belongs to the watch from now on: it is closed a turn after `close()`, and when the Worker ends, however it ends.
   * Default: false (the watch holds a duplicate).
   */
  owned?: boolean
}

// UV_READABLE and UV_PRIORITIZED.
const EVENTS = { readable: 1, priority: 8 } as const

/**
 * Call back whenever a descriptor is readable (EPOLLIN), or has an exceptional condition (EPOLLPRI: `cgroup.events`,
 * `memory.pressure` and other kernel files that notify).
 *
 * It is level-triggered: the callback is called again until it has taken what made the descriptor ready — read the data,
 * the counter, or (for kernel files) the file anew through the same descriptor. A pidfd stays readable: close the watch.
 * Unless it is `owned` the watch holds a duplicate: the caller may close `fd` at any time. It ends with its Worker.
 *
 * @param fd pipe, socket, pidfd, eventfd, or a kernel file that can be polled.
 * @param event `'readable'` or `'priority'`.
 * @param callback gets an IsoError `ISO_SYSCALL` when polling failed; the watch is then over. What it throws becomes an `uncaughtException`.
 * @throws IsoError `ISO_SYSCALL`: EPERM, the file cannot be polled (a regular file or directory); EBADF.
 * @example
 * ```ts
 * import { closeFd, eventfd, eventfdRead, eventfdWrite, watch } from '@iso/native'
 * const fd = eventfd()
 * const watching = watch(fd, 'readable', () => { console.log(eventfdRead(fd)); watching.close(); closeFd(fd) }, { ref: true })
 * eventfdWrite(fd, 1)
 * ```
 * @see https://docs.libuv.org/en/v1.x/poll.html
 */
export function watch(
  fd: number,
  event: keyof typeof EVENTS,
  callback: (error?: IsoError) => void,
  options: WatchOptions = {}
): Watch {
  if (!Object.hasOwn(EVENTS, event))
    throw new TypeError(`Cannot watch a descriptor: event '${event}' is unknown; wanted 'readable' or 'priority'`)
  if (typeof callback !== 'function')
    throw new TypeError(`Cannot watch a descriptor: callback is a ${typeof callback}; wanted a function`)
  const { watchClose, watch: start } = binding()
  const handle = start(
    checkFd(fd),
    EVENTS[event],
    (errno) => {
      if (errno === 0) return callback()
      watchClose(handle)
      callback(new IsoError('ISO_SYSCALL', 'Cannot poll a watched descriptor', { errno, syscall: 'epoll_wait' }))
    },
    options.ref === true ? 1 : 0,
    options.owned === true ? 1 : 0
  )
  return { close: () => watchClose(handle), [Symbol.dispose]: () => watchClose(handle) }
}
