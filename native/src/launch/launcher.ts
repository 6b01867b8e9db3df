// The resident launcher of this process: iso-init, started once from a sealed memfd, shared by every Worker.

import { binding } from '../binding.js'
import { IsoError } from '../iso-error.js'
import { openInit } from './iso-init.js'
import { closeFd } from '../syscalls/open.js'
import { pidfdOpen } from '../syscalls/pidfd.js'
import { sendFds, socketpair } from '../syscalls/rights.js'

// All three descriptors belong to the addon from launcherStart on.
function start(): number {
  // It counts on pidfds: where there are none this says so, in place of supervisors that end without a word.
  closeFd(pidfdOpen(process.pid))
  const program = openInit()
  const [ours, theirs] = socketpair('seqpacket')
  return binding().launcherStart(program, theirs, ours)
}

const RETRY_MS = 1

/**
 * Hand a plan to the launcher, starting it first where none runs. Waits while its socket is full.
 * @internal
 */
export async function requestLaunch(fds: readonly number[]): Promise<void> {
  const message = new Uint8Array(16)
  for (let restarted = false; ;) {
    const running = binding().launcherSocket()
    const socket = running < 0 ? start() : running
    try {
      if (sendFds(socket, message, fds) > 0) return
    } catch (error) {
      if (!(error instanceof IsoError)) throw error
      if (error.errnoName === 'EPIPE' && !restarted) {
        binding().launcherStop(socket) // it died: somebody killed it
        restarted = true
        continue
      }
      if (error.errnoName !== 'ETOOMANYREFS')
        throw new IsoError('ISO_LAUNCHER', 'Cannot reach the launcher', { cause: error })
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
  }
}

/**
 * End the resident launcher of this process. Containers that run keep their supervisors; the next `launch()` starts a new one.
 * Node does this by itself when it exits.
 */
export function shutdown(): void {
  const { launcherSocket, launcherStop } = binding()
  launcherStop(launcherSocket())
}
