// What is known after a run, each figure with where it came from.

import { parseReceipt, type Figure } from '@iso/cgroups'
import type { ExitStatus } from '@iso/native'

/** How a run ended and what it used. */
export interface Receipt {
  /** 0 to 255; null where a signal ended it. */
  exitCode: number | null
  /** Signal that ended it; null where it exited. */
  signal: NodeJS.Signals | null
  /** Why it ended: by itself, by somebody's signal, or by a limit of the run. */
  cause: 'exit' | 'signal' | 'timeout' | 'oom' | 'output-limit' | 'aborted'
  /** The kernel killed a process of the container because memory ran out. */
  oomKilled: boolean
  /** CPU time in microseconds, of all processes. */
  cpuUs: Figure
  userUs: Figure
  systemUs: Figure
  /** From execve to exit. */
  wallUs: Figure
  /** Absent: nothing on this machine counted it. */
  memoryPeakBytes?: Figure
  pidsPeak?: Figure
  ioReadBytes?: Figure
  ioWriteBytes?: Figure
  oomKills?: Figure
  /** Where the time went, in microseconds. */
  phases: ExitStatus['phases']
}

const SIGKILLED = 137

/** Read the figures of an exit. */
export function receiptOf(status: ExitStatus): Receipt {
  const usage = parseReceipt(status.receipt, { cpuUs: status.cpuUs, userUs: status.userUs, systemUs: status.systemUs })
  const rusage = (value: number): Figure => ({ value, source: 'rusage' })
  const oomKilled = (usage.oomKills?.value ?? 0) > 0
  const killed = status.signal === 'SIGKILL' || status.exitCode === SIGKILLED
  const own = status.cause === 'exit' || status.cause === 'signal'
  return {
    exitCode: status.exitCode,
    signal: status.signal,
    cause: own && oomKilled && killed ? 'oom' : status.cause,
    oomKilled,
    cpuUs: usage.cpuUs ?? rusage(status.cpuUs),
    userUs: usage.userUs ?? rusage(status.userUs),
    systemUs: usage.systemUs ?? rusage(status.systemUs),
    wallUs: { value: status.wallUs, source: 'monotonic clock' },
    ...(usage.memoryPeakBytes && { memoryPeakBytes: usage.memoryPeakBytes }),
    ...(usage.pidsPeak && { pidsPeak: usage.pidsPeak }),
    ...(usage.ioReadBytes && { ioReadBytes: usage.ioReadBytes }),
    ...(usage.ioWriteBytes && { ioWriteBytes: usage.ioWriteBytes }),
    ...(usage.oomKills && { oomKills: usage.oomKills }),
    phases: status.phases,
  }
}

/** The status a shell would show: the exit code, or 128 and the number of the signal. @param signals numbers by name. */
export function exitStatusNumber(
  { exitCode, signal }: Pick<Receipt, 'exitCode' | 'signal'>,
  signals: Readonly<Record<string, number>>
): number {
  return exitCode ?? 128 + (signal === null ? 0 : (signals[signal] ?? 0))
}
