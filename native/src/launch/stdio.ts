// The standard streams: real pipes, made here. Node's own 'pipe' is a socket, and a program that opens /dev/stdout would get ENXIO.

import { closeSync, fchownSync, openSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import { closeFd, pipe2 } from '../syscalls/open.js'
import type { LaunchOptions, Stdio } from './options.js'

/** Both ends of the three streams. @internal */
export interface Streams {
  stdin: Writable | null
  stdout: Readable | null
  stderr: Readable | null
  /** What the program gets as descriptors 0, 1 and 2. */
  theirs: [number, number, number]
  /** Closes the program's ends here, once they were sent. */
  closeTheirs(): void
  /** Closes our ends; resolves once they are closed: a socket lets go of its descriptor a turn later. */
  destroy(): Promise<void>
}

// Four of the program's or Node's usual 64 KiB: with room for one only, each write wakes the reader and waits for it (1.4 GB/s
// against 2.3).
const PIPE_BYTES = 256 * 1024

/** @internal */
export function openStreams(
  options: Pick<LaunchOptions, 'stdin' | 'stdout' | 'stderr' | 'stdioOwner'>,
  terminal: boolean
): Streams {
  const wanted: Stdio[] = terminal
    ? ['ignore', 'ignore', 'ignore']
    : [options.stdin ?? 'pipe', options.stdout ?? 'pipe', options.stderr ?? 'pipe']
  const opened: number[] = []
  let nothing: number | undefined
  const made: Socket[] = []
  const streams: (Socket | null)[] = [null, null, null]
  const closeTheirs = () => opened.splice(0).forEach((fd) => closeFd(fd))
  try {
    const theirs = wanted.map((stdio, number) => {
      if (typeof stdio === 'number') return stdio
      if (stdio === 'inherit') return number
      if (stdio === 'ignore') return (nothing ??= keep(opened, openSync('/dev/null', 'r+')))
      const pipe = pipe2({ sizeBytes: PIPE_BYTES })
      const [our, their] = number === 0 ? [pipe.writeFd, pipe.readFd] : [pipe.readFd, pipe.writeFd]
      opened.push(their)
      try {
        if (options.stdioOwner !== undefined) fchownSync(their, options.stdioOwner.uid, options.stdioOwner.gid)
        const socket = new Socket({ fd: our, readable: number !== 0, writable: number === 0 })
        made.push(socket)
        streams[number] = socket
      } catch (error) {
        closeSync(our)
        throw error
      }
      return their
    }) as [number, number, number]
    const [stdin, stdout, stderr] = streams as [Socket | null, Socket | null, Socket | null]
    // A program may end without having read all it was sent; that is not a failure of the caller.
    stdin?.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && stdin.listenerCount('error') === 1) throw error
    })
    return {
      stdin,
      stdout,
      stderr,
      theirs,
      closeTheirs,
      destroy: async () => void (await Promise.all(made.map(destroyed))),
    }
  } catch (error) {
    closeTheirs()
    made.forEach((socket) => socket.destroy())
    throw error
  }
}

function destroyed(socket: Socket): Promise<unknown> {
  if (socket.closed) return Promise.resolve()
  return new Promise((resolve) => {
    socket.once('close', resolve)
    socket.destroy()
  })
}

function keep(list: number[], fd: number): number {
  list.push(fd)
  return fd
}
