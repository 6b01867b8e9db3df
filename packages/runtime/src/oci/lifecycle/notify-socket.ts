// NOTIFY_SOCKET: systemd's socket for readiness, shown inside at a fixed place (sd_notify(3)).

import { existsSync } from 'node:fs'
import type { Step } from '@iso/native'

const INSIDE = '/run/notify/notify.sock'

/** Nothing without the variable, or for an abstract socket, which belongs to the network namespace of the host. */
export function notifySocket(environment: NodeJS.ProcessEnv = process.env): {
  steps: Step[]
  env: Record<string, string>
} {
  const socket = environment['NOTIFY_SOCKET'] ?? ''
  if (!socket.startsWith('/') || !existsSync(socket)) return { steps: [], env: {} }
  return {
    steps: [{ op: 'bind', source: socket, in: 'root', path: INSIDE.slice(1), create: 'file', why: 'NOTIFY_SOCKET' }],
    env: { NOTIFY_SOCKET: INSIDE },
  }
}
