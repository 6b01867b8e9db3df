// A descriptor for somebody who waits at a socket: the terminal for --console-socket, the listener of a filter.

import { closeSync, openSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { closeFd, connectFd, IsoError, sendFds } from '@iso/native'

/** @throws IsoError `ISO_HAND_OVER` where nobody listens. */
export async function handOver(socket: string, data: string, descriptor: number): Promise<void> {
  let dir: number | undefined
  try {
    dir = openSync(dirname(socket), 'r')
    const fd = await connectFd(`/proc/self/fd/${dir}/${basename(socket)}`) // of any length
    try {
      sendFds(fd, Buffer.from(data), [descriptor])
    } finally {
      closeFd(fd)
    }
  } catch (cause) {
    throw new IsoError('ISO_HAND_OVER', `Cannot hand over a descriptor to ${JSON.stringify(socket)}`, {
      path: socket,
      cause,
      hint: 'somebody must listen there',
    })
  } finally {
    if (dir !== undefined) closeSync(dir)
  }
}
