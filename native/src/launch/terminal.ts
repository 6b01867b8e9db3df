// The caller's end of a container's pseudo-terminal.

import { Duplex } from 'node:stream'
import { ReadStream } from 'node:tty'
import { readSync, write } from 'node:fs'
import { dupFd, closeFd } from '../syscalls/open.js'
import { setWinsize } from '../syscalls/pty.js'
import { watch, type Watch } from '../syscalls/watch.js'

const CHUNK = 64 * 1024

/** A pseudo-terminal as one stream: what is written is typed, what is read is shown. Ends when the last user inside closes it. */
export class Terminal extends Duplex {
  // libuv makes the master non-blocking. That is all it is used for: its own reading takes a hang-up for the end of the data and
  // loses what was not read yet.
  private readonly holder: ReadStream
  private readonly fd: number
  private readonly buffer = Buffer.allocUnsafe(CHUNK)
  private watching: Watch | undefined

  /** @param fd the master; it belongs to the terminal from now on. @internal */
  constructor(fd: number) {
    super({ allowHalfOpen: false })
    this.fd = dupFd(fd)
    this.holder = new ReadStream(fd)
  }

  /** Tell the program how large the window is. @param rows lines. @param columns characters. */
  resize(rows: number, columns: number): void {
    if (!this.destroyed) setWinsize(this.fd, { rows, columns })
  }

  /** @internal */
  override _read(): void {
    this.watching ??= watch(
      this.fd,
      'readable',
      (error) => (error === undefined ? this.receive() : this.destroy(error)),
      { ref: true }
    )
  }

  /** @internal */
  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const attempt = (data: Buffer): void => {
      write(this.fd, data, (error, written) => {
        // The line discipline takes 4 KiB at a time, and the descriptor does not wait.
        if (error?.code === 'EAGAIN') return void setTimeout(attempt, 5, data)
        if (error !== null && error !== undefined) return done(error.code === 'EIO' ? null : error)
        if (written < data.length) return attempt(data.subarray(written))
        done()
      })
    }
    attempt(chunk)
  }

  private receive(): void {
    let length = 0
    try {
      length = readSync(this.fd, this.buffer)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EAGAIN') return
      // EIO is how a master says that everything was read and nobody holds the other end any more (pty(7)).
      if (code !== 'EIO') return void this.destroy(error as Error)
    }
    if (length > 0 && this.push(Buffer.from(this.buffer.subarray(0, length)))) return
    this.rest()
    if (length === 0) this.push(null)
  }

  private rest(): void {
    this.watching?.close()
    this.watching = undefined
  }

  /** @internal */
  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.rest()
    this.holder.destroy()
    closeFd(this.fd)
    done(error)
  }
}

/**
 * Use the master end of a pseudo-terminal as a stream, such as `terminal` of a created container.
 *
 * @param master its descriptor, which belongs to the stream from now on.
 */
export function openTerminal(master: number): Terminal {
  return new Terminal(master)
}
