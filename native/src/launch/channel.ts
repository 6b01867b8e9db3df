// The socket between Node and a supervisor: events come in, commands go out, and its end is the end of either side.

import { IsoError } from '../iso-error.js'
import { recvFds, sendFds } from '../syscalls/rights.js'
import { watch, type Watch } from '../syscalls/watch.js'
import { parseEvent, type SupervisorEvent } from './events.js'

const MAX_EVENT = 1 << 16 // ISO_EVENT_MAX in init/events.h

/** @internal */
export class Channel {
  private readonly watching: Watch

  /**
   * @param fd our end; it belongs to the channel from now on, and is closed when the Worker ends, however it ends: that ends the
   * container, too.
   * @param onEvent an event and the descriptors that came with it, which belong to the callee.
   * @param onLost the supervisor closed its end.
   */
  constructor(
    private fd: number,
    private readonly onEvent: (event: SupervisorEvent, fds: readonly number[]) => void,
    private readonly onLost: () => void
  ) {
    this.watching = watch(fd, 'readable', (error) => (error === undefined ? this.receive() : this.onLost()), {
      ref: true,
      owned: true,
    })
  }

  /** Sends a command; a supervisor that has gone hears nothing, and its end is reported on its own. */
  send(message: Uint8Array, fds: readonly number[] = []): void {
    if (this.fd < 0) return
    try {
      sendFds(this.fd, message, fds)
    } catch (error) {
      if (!(error instanceof IsoError) || error.errnoName !== 'EPIPE') throw error
    }
  }

  close(): void {
    this.fd = -1
    this.watching.close()
  }

  private receive(): void {
    while (this.fd >= 0) {
      let message
      try {
        message = recvFds(this.fd, MAX_EVENT)
      } catch {
        return this.onLost() // ECONNRESET: the supervisor ended with commands unread
      }
      if (message === null) return
      if (message.data.length === 0) return this.onLost()
      this.onEvent(parseEvent(message.data), message.fds)
    }
  }
}
