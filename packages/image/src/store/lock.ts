// Locks between processes, flock(2): gone with the process that holds them, however it ends.

import { open } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

import { flock, IsoError } from '@iso/native'

/** A lock that is held. */
export interface Hold extends AsyncDisposable {
  /** Let go; twice is once. */
  release(): Promise<void>
}

/** How long to wait for a lock. */
export interface LockOptions {
  /** How long to wait, in milliseconds. Default: 10 minutes. */
  timeoutMs?: number
  signal?: AbortSignal
}

/**
 * Lock a file, which is made when missing: `shared` for any number at a time, `exclusive` for one.
 *
 * @throws IsoError `ISO_STORE_BUSY`: somebody else held it for all of the time
 */
export async function lockFile(
  path: string,
  kind: 'shared' | 'exclusive',
  { timeoutMs = 600_000, signal }: LockOptions = {}
): Promise<Hold> {
  const file = await open(path, 'a', 0o600)
  const deadline = Date.now() + timeoutMs
  try {
    // flock() in a thread would leave it waiting after an abort; the wait is seldom, and short.
    for (let pauseMs = 1; !flock(file.fd, kind); pauseMs = Math.min(pauseMs * 2, 50)) {
      signal?.throwIfAborted()
      if (Date.now() >= deadline)
        throw new IsoError(
          'ISO_STORE_BUSY',
          `Cannot lock ${JSON.stringify(path)}: others held it for ${timeoutMs} ms`,
          {
            path,
            hint: 'a pull or another long command runs; wait for it',
          }
        )
      await sleep(pauseMs)
    }
  } catch (error) {
    await file.close()
    throw error
  }
  let held = true
  const release = async (): Promise<void> => {
    if (!held) return
    held = false
    await file.close()
  }
  return { release, [Symbol.asyncDispose]: release }
}
