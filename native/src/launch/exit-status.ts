// How a program ended, and what the supervisor read about it.

import { signalName, type RawExit } from './events.js'

/** How a program ended. */
export interface ExitStatus {
  /** 0 to 255; null where a signal ended it. */
  exitCode: number | null
  /** Name of the signal that ended it; null where it exited. */
  signal: NodeJS.Signals | null
  /** Who ended it: itself (`exit`), a signal from anywhere, or the supervisor for a reason of its own. */
  cause: 'exit' | 'signal' | 'timeout' | 'output-limit' | 'aborted'
  /** CPU time of the process and the children it waited for, in microseconds (getrusage(2)). */
  userUs: number
  systemUs: number
  cpuUs: number
  /** From execve to exit, in microseconds. */
  wallUs: number
  /** What `readFile` steps of the `after` side read, by label. */
  receipt: Record<string, Buffer>
  /** Duration of each phase, in microseconds. */
  phases: {
    /** Parent steps before the clone. */
    prepareUs: number
    /** The clone itself, and the stage where there is one. */
    cloneUs: number
    /** The child's steps, up to execve. */
    setupUs: number
    /** execve to exit. */
    runUs: number
  }
}

const us = (from: bigint, to: bigint) => (from === 0n || to < from ? 0 : Number((to - from) / 1000n))

/** @internal */
export function exitStatus(raw: RawExit): ExitStatus {
  const wallUs = us(raw.readyNs, raw.exitedNs)
  return {
    exitCode: raw.exited ? raw.status : null,
    signal: raw.exited ? null : signalName(raw.status),
    cause: raw.cause === 'none' ? (raw.exited ? 'exit' : 'signal') : raw.cause,
    userUs: raw.userUs,
    systemUs: raw.systemUs,
    cpuUs: raw.userUs + raw.systemUs,
    wallUs,
    receipt: raw.receipt,
    phases: {
      prepareUs: us(raw.receivedNs, raw.preparedNs),
      cloneUs: us(raw.preparedNs, raw.clonedNs),
      setupUs: us(raw.clonedNs, raw.readyNs),
      runUs: wallUs,
    },
  }
}
