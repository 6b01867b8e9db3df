// Pseudo-terminals and terminal modes.

import { binding } from '../binding.js'
import { checkFd, whole } from '../internal/check.js'

/** Size of a terminal in characters; 0: unknown. */
export interface Winsize {
  rows: number
  columns: number
}

/** The two ends of a pseudo-terminal. */
export interface Pty {
  /** The end of the terminal emulator. */
  masterFd: number
  /** The end of the program. Neither end becomes anybody's controlling terminal by being opened. */
  terminalFd: number
}

/**
 * Make a pseudo-terminal from /dev/ptmx of this mount namespace, with pty(7) and TIOCGPTPEER.
 *
 * @param size initial size, 0 to 65535 each.
 * @throws IsoError `ISO_SYSCALL`: ENOSPC, kernel.pty.max is reached; ENOENT, there is no /dev/ptmx.
 * @remarks Linux 4.13.
 * @example
 * ```ts
 * import { closeFd, getWinsize, openpty } from '@iso/native'
 * const { masterFd, terminalFd } = openpty({ rows: 24, columns: 80 })
 * console.log(getWinsize(terminalFd)) // { rows: 24, columns: 80 }
 * closeFd(terminalFd)
 * closeFd(masterFd)
 * ```
 * @see https://man7.org/linux/man-pages/man7/pty.7.html
 */
export function openpty(size?: Winsize): Pty {
  if (size !== undefined) checkSize(size)
  const [masterFd, terminalFd] = binding().openpty()
  if (size !== undefined) setWinsize(masterFd, size)
  return { masterFd, terminalFd }
}

/** Set the size of a terminal (TIOCSWINSZ); programs in its foreground get SIGWINCH. @throws IsoError `ISO_SYSCALL`: ENOTTY. */
export function setWinsize(fd: number, size: Winsize): void {
  checkSize(size)
  binding().setWinsize(checkFd(fd), size.rows, size.columns)
}

/** Read the size of a terminal (TIOCGWINSZ). @throws IsoError `ISO_SYSCALL`: ENOTTY. */
export function getWinsize(fd: number): Winsize {
  return binding().getWinsize(checkFd(fd))
}

/** Puts a terminal back into the mode it was in. */
export interface RawMode {
  /** Safe to call twice. @throws IsoError `ISO_SYSCALL`: EIO, the terminal is gone. */
  restore(): void
  /** `using`: the same. */
  [Symbol.dispose](): void
}

/**
 * Put a terminal into raw mode with tcsetattr(3): every byte goes through, nothing is echoed, no key makes a signal.
 *
 * @returns how to go back to the mode before.
 * @throws IsoError `ISO_SYSCALL`: ENOTTY, it is no terminal; EIO, we are in its background.
 * @see https://man7.org/linux/man-pages/man3/termios.3.html
 */
export function rawMode(fd: number): RawMode {
  const before = binding().makeRaw(checkFd(fd))
  let restored = false
  const restore = (): void => {
    if (!restored) binding().restoreMode(fd, before)
    restored = true
  }
  return { restore, [Symbol.dispose]: restore }
}

function checkSize({ rows, columns }: Winsize): void {
  whole(rows, 'terminal rows', 0, 0xffff)
  whole(columns, 'terminal columns', 0, 0xffff)
}
