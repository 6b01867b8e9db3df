// The foreground: signals go to the program, keys too where it has a terminal, and its end is ours.

import { constants } from 'node:os'
import { openTerminal, pidfdSendSignal, rawMode, waitPidfd, watch, type Child, type Terminal } from '@iso/native'
import type { CgroupDirectory } from '../../oci/steps/cgroup.js'

/** What is followed. */
export interface Followed {
  /** Of a child of ours, or of one that was left to us. */
  pidfd: number
  /** Master of its terminal. */
  terminal: number | undefined
  cgroups: readonly CgroupDirectory[]
}

const DRAIN_MS = 100

/** Wait for the end. @returns the exit status; 128 and the number of a signal. */
export async function follow({ pidfd, terminal }: Followed): Promise<number> {
  const stop = forwardSignals((signal) => send(pidfd, signal))
  const attached = terminal === undefined ? undefined : attach(openTerminal(terminal))
  try {
    const status = await ended(pidfd)
    await attached?.drained()
    return status
  } finally {
    stop()
    attached?.close()
  }
}

/** Follow a program that a supervisor of ours tends. @returns the exit status; 128 and the number of a signal. */
export async function attachChild(child: Child): Promise<number> {
  const stop = forwardSignals((signal) => child.kill(signal))
  const attached = child.terminal === null ? undefined : attach(child.terminal)
  try {
    const { exitCode, signal } = await child.exit
    await attached?.drained()
    return exitCode ?? 128 + (signal === null ? 0 : constants.signals[signal])
  } finally {
    stop()
    attached?.close()
    await child.close()
  }
}

function ended(pidfd: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const watching = watch(
      pidfd,
      'readable',
      (error) => {
        if (error !== undefined) return reject(error)
        const waited = waitPidfd(pidfd)
        if (waited === null) return
        watching.close()
        resolve(waited.cause === 'exited' ? waited.status : 128 + waited.status)
      },
      { ref: true }
    )
  })
}

function send(pidfd: number, signal: number): void {
  try {
    pidfdSendSignal(pidfd, signal)
  } catch {
    // It has ended; that is noticed elsewhere.
  }
}

// Neither those nobody can catch, nor those that tell about ourselves; faults of ours stay ours.
const OWN = new Set([
  'SIGKILL',
  'SIGSTOP',
  'SIGCHLD',
  'SIGPIPE',
  'SIGSEGV',
  'SIGBUS',
  'SIGFPE',
  'SIGILL',
  'SIGPROF',
  'SIGURG',
  'SIGWINCH',
  'SIGIOT',
  'SIGPOLL',
  'SIGIO',
  'SIGUNUSED',
  'SIGSTKFLT',
])

function forwardSignals(to: (signal: number) => void): () => void {
  const handlers = Object.entries(constants.signals)
    .filter(([name]) => !OWN.has(name))
    .map(([name, number]) => [name as NodeJS.Signals, () => to(number)] as const)
  for (const [name, handler] of handlers) process.on(name, handler)
  return () => handlers.forEach(([name, handler]) => process.off(name, handler))
}

/** Our terminal and the program's, joined. */
function attach(terminal: Terminal): { drained: () => Promise<void>; close: () => void } {
  const { stdin, stdout } = process
  const raw = stdin.isTTY ? rawMode(stdin.fd) : undefined
  const resize = () => {
    if (stdout.isTTY) terminal.resize(stdout.rows, stdout.columns)
  }
  resize()
  stdout.on('resize', resize)
  stdin.on('data', (chunk: Buffer) => terminal.write(chunk))
  terminal.pipe(stdout, { end: false })
  const over = new Promise<void>((resolve) => terminal.once('close', () => resolve()).once('end', () => resolve()))
  return {
    drained: () => Promise.race([over, new Promise<void>((resolve) => setTimeout(resolve, DRAIN_MS))]),
    close: () => {
      raw?.restore()
      stdout.off('resize', resize)
      stdin.pause()
      terminal.destroy()
    },
  }
}
