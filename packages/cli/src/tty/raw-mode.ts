// The caller's terminal in raw mode, and back again whatever happens.

import { rawMode } from '@iso/native'

/**
 * Put a terminal into raw mode until the returned function is called or this process exits: by its end, by process.exit(), or by
 * an exception nobody caught. Signals must lead to one of them (see forward-signals.ts). SIGKILL cannot be helped: `stty sane`.
 *
 * @returns goes back to the mode before; safe to call twice.
 */
export function enterRawMode(fd: number): () => void {
  const mode = rawMode(fd)
  const restore = (): void => {
    process.off('exit', restore)
    try {
      mode.restore()
    } catch {
      // EIO: the terminal was closed. Nobody is left to look at it.
    }
  }
  process.on('exit', restore)
  return restore
}
