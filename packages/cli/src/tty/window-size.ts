// The size of the caller's terminal, now and when it changes.

import { getWinsize } from '@iso/native'

/** Size of a terminal in characters. */
export interface Size {
  rows: number
  columns: number
}

/** The size of the terminal behind a descriptor; undefined where it is none, or does not know. */
export function windowSize(fd: number): Size | undefined {
  try {
    const { rows, columns } = getWinsize(fd)
    return rows === 0 || columns === 0 ? undefined : { rows, columns }
  } catch {
    return undefined
  }
}

/**
 * Call back with the new size whenever the window changes (SIGWINCH), and once now: it may have changed since it was first read.
 *
 * @returns stops.
 */
export function followWindowSize(fd: number, resized: (size: Size) => void): () => void {
  const tell = (): void => {
    const size = windowSize(fd)
    if (size !== undefined) resized(size)
  }
  process.on('SIGWINCH', tell)
  tell()
  return () => void process.off('SIGWINCH', tell)
}
