// A process named on the command line.

import { existsSync } from 'node:fs'

import { IsoError } from '@iso/native'

import { parseWhole } from './number.js'

const PID_MAX = 4194304

/**
 * Read a process ID; without one, the shell that runs iso.
 *
 * @throws TypeError or RangeError where it is no process ID; IsoError `ISO_SYSCALL` where there is no such process.
 */
export function parsePid(text: string | undefined): number {
  const pid = text === undefined ? process.ppid : parseWhole(text, 'PID', 1, PID_MAX)
  if (!existsSync(`/proc/${pid}`))
    throw new IsoError('ISO_SYSCALL', `Cannot look at process ${pid}: there is none`, { path: `/proc/${pid}` })
  return pid
}
