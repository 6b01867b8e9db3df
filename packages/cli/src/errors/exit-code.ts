// Exit statuses, Docker's: 125 ours, 126 cannot execute, 127 not found, 128+n ended by signal n.

import { constants } from 'node:os'

/** iso itself, or the machine, failed: nothing of the program has run. */
export const FAILED = 125
const NOT_EXECUTABLE = 126
const NOT_FOUND = 127
const SIGNALLED = 128

const BY_CODE: Readonly<Record<string, number>> = {
  ISO_NOT_FOUND: NOT_FOUND,
  ISO_NOT_EXECUTABLE: NOT_EXECUTABLE,
  ISO_TOO_BIG: NOT_EXECUTABLE,
}

/** The status for an error that kept the program from running. */
export function exitCodeOfError(error: unknown): number {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
  return (code === undefined ? undefined : BY_CODE[code]) ?? FAILED
}

/** How a program ended, as far as its status goes. */
export interface Ended {
  exitCode: number | null
  signal: string | null
  cause: string
}

/** The status for a program that has ended. */
export function exitCodeOf({ exitCode, signal, cause }: Ended): number {
  // Whether SIGKILL reaches a program at its limit before it notices the closed pipe is a race that nobody should depend on.
  if (cause === 'timeout' || cause === 'output-limit') return SIGNALLED + constants.signals.SIGKILL
  if (exitCode !== null) return exitCode
  return SIGNALLED + signalNumber(signal)
}

function signalNumber(signal: string | null): number {
  const number =
    (constants.signals as Record<string, number | undefined>)[signal ?? ''] ??
    Number(/^SIG(\d+)$/.exec(signal ?? '')?.[1] ?? 0)
  return number
}
