// The caller's end of a container's pseudo-terminal.

import { Duplex } from 'node:stream'
import { ReadStream } from 'node:tty'
import { write } from 'node:fs'
import { dupFd, closeFd } from '../syscalls/open.js'
import { setWinsize } from '../syscalls/pty.js'

/** A pseudo-terminal as one stream: what is written is typed, what is read is shown. Ends when the last user inside closes it. */
export class Terminal extends Duplex {
  private readonly input: ReadStream
  private readonly fd: number

  /** @param fd the master; it belongs to the terminal from now on. @internal */
  constructor(fd: number) {
    super({ allowHalfOpen: false })
    this.fd = dupFd(fd)
    this.input = new ReadStream(fd)
    this.input.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) this.input.pause()
    })
    this.input.on('end', () => this.push(null))
    this.input.on('error', (error: NodeJS.ErrnoException) => {
      // EIO is how a master says that nobody holds the other end any more (pty(7)).
      if (error.code !== 'EIO') return void this.destroy(error)
      // What came in while the input was paused is not handed out any more by itself.
      for (let chunk: unknown; (chunk = this.input.read()) !== null; ) this.push(chunk)
      this.push(null)
    })
    this.input.pause()
  }

  /** Tell the program how large the window is. @param rows lines. @param columns characters. */
  resize(rows: number, columns: number): void {
    if (!this.destroyed) setWinsize(this.fd, { rows, columns })
  }

  override _read(): void {
    this.input.resume()
  }

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

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.input.destroy()
    closeFd(this.fd)
    done(error)
  }
}
