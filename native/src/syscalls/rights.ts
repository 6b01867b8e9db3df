// Descriptors over Unix sockets. Nothing here waits: pair it with `watch()`.

import { connect, type Socket } from 'node:net'
import { binding } from '../binding.js'
import { checkFd, whole } from '../internal/check.js'
import { dupFd } from './open.js'

// SOCK_ numbers.
const TYPES = { stream: 1, datagram: 2, seqpacket: 5 } as const

/** Make two connected Unix sockets with socketpair(2), close-on-exec. @param type default `'stream'`. */
export function socketpair(type: keyof typeof TYPES = 'stream'): [number, number] {
  if (!Object.hasOwn(TYPES, type))
    throw new TypeError(`Cannot make a socket pair: type '${type}' is unknown; wanted ${Object.keys(TYPES).join(', ')}`)
  return binding().socketpair(TYPES[type])
}

/**
 * Send bytes and descriptors in one sendmsg(2) (SCM_RIGHTS).
 *
 * @param data at least one byte on a stream socket: without any the descriptors would not go.
 * @param fds up to 253 descriptors; the receiver gets copies.
 * @returns bytes sent, maybe fewer than given on a stream (the descriptors went with the first); -1 when it would wait, and nothing went.
 * @throws IsoError `ISO_SYSCALL`: EBADF; EPIPE, the other end is closed; ETOOMANYREFS, too many descriptors in flight.
 * @example
 * ```ts
 * import { closeFd, recvFds, sendFds, socketpair } from '@iso/native'
 * const [here, there] = socketpair()
 * sendFds(here, Buffer.from('stdout'), [1])
 * const message = recvFds(there, 64)
 * console.log(message?.data.toString(), message?.fds.length) // stdout 1
 * for (const fd of [here, there, ...(message?.fds ?? [])]) closeFd(fd)
 * ```
 * @see https://man7.org/linux/man-pages/man7/unix.7.html
 */
export function sendFds(socket: number, data: Uint8Array, fds: readonly number[] = []): number {
  if (fds.length > 253) throw new RangeError(`Cannot send descriptors: ${fds.length} are more than 253`)
  if (data.length === 0) throw new RangeError('Cannot send descriptors: no data; wanted at least one byte')
  return binding().sendFds(
    checkFd(socket, 'socket'),
    data,
    fds.map((fd) => checkFd(fd))
  )
}

/** What {@link recvFds} got. */
export interface Received {
  /** Empty: the other end is closed (stream and seqpacket). */
  data: Buffer
  /** Close-on-exec descriptors of our own; close them. */
  fds: number[]
  /** Data or descriptors did not fit and are gone. */
  truncated: boolean
}

/**
 * Receive bytes and descriptors with recvmsg(2).
 *
 * @param maxBytes room for data, 1 to 16 MiB.
 * @returns the message, or null when there is none yet.
 * @throws IsoError `ISO_SYSCALL`: EBADF, ENOTSOCK, ECONNRESET.
 * @see https://man7.org/linux/man-pages/man2/recvmsg.2.html
 */
export function recvFds(socket: number, maxBytes: number): Received | null {
  return binding().recvFds(checkFd(socket, 'socket'), whole(maxBytes, 'room for data', 1, 16 << 20))
}

/** Who is at the other end of a connected Unix socket, as the kernel knew it at connect time (SO_PEERCRED). */
export function peerCredentials(socket: number): { pid: number; uid: number; gid: number } {
  return binding().peerCredentials(checkFd(socket, 'socket'))
}

/**
 * Connect to a Unix stream socket, for {@link sendFds} and {@link recvFds}: streams of Node carry no descriptors.
 *
 * @param path up to 107 bytes.
 * @returns a non-blocking, close-on-exec descriptor; close it with `closeFd()`.
 * @throws Node's error of connect(2): ENOENT, nobody made the socket; ECONNREFUSED, nobody listens.
 */
export async function connectFd(path: string): Promise<number> {
  const socket = await new Promise<Socket>((resolve, reject) => {
    const made: Socket = connect(path, () => resolve(made))
    made.once('error', reject)
  })
  const { fd } = (socket as Socket & { _handle: { fd: number } })._handle
  const copy = dupFd(fd)
  socket.destroy() // closes its own descriptor and leaves the connection, which the copy holds
  return copy
}
