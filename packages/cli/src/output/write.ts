// Writing to descriptors 1 and 2. Not through process.stdout: Node makes a pipe non-blocking when it opens one, for everybody who
// shares it, and the container may be among them.

import { writeSync } from 'node:fs'

const RETRY_MS = 2

/**
 * Write text, all of it.
 *
 * @throws Error of the file system; `EPIPE` where nobody reads any more.
 */
export function write(fd: 1 | 2, text: string): void {
  let bytes: Uint8Array = Buffer.from(text)
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(fd, bytes))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      // Somebody else's non-blocking pipe is full.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS)
    }
  }
}

/** Write a line to standard output. */
export const print = (line: string): void => write(1, `${line}\n`)

/** Write a line to standard error. */
export const complain = (line: string): void => write(2, `${line}\n`)
