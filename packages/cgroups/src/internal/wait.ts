import { setTimeout as sleep } from 'node:timers/promises'

/** How long to wait for the kernel where nothing else is said: rmdir, the freezer and SIGKILL take milliseconds, under load a second. */
export const DEADLINE_MS = 5000

/** Ask again and again, less often with time, until the answer is yes; false when the deadline has passed. */
export async function waitUntil(ask: () => Promise<boolean>, deadlineMs = DEADLINE_MS): Promise<boolean> {
  const end = performance.now() + deadlineMs
  for (let pause = 1; ; pause = Math.min(20, pause * 1.5)) {
    if (await ask()) return true
    if (performance.now() >= end) return false
    await sleep(pause)
  }
}
