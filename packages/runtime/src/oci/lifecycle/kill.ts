// kill: a signal for the container process, or for all of its group.

import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { closeFd, IsoError, pidfdOpen, pidfdSendSignal } from '@iso/native'
import { processStat } from '../state/process-identity.js'
import { readRecord, type ContainerRecord } from '../state/record.js'
import { statusOf } from '../state/status.js'

/** `TERM`, `SIGTERM`, `15` -> 15. @throws TypeError */
export function signalNumber(text: string): number {
  if (/^\d+$/.test(text) && Number(text) <= 64) return Number(text)
  const name = text.toUpperCase().replace(/^(SIG)?/, 'SIG')
  const realtime = /^SIGRTM(?:IN\+(\d+)|AX-(\d+))$/.exec(name)
  if (realtime !== null) {
    const number = realtime[1] === undefined ? 64 - Number(realtime[2]) : 34 + Number(realtime[1])
    if (number >= 34 && number <= 64) return number
  }
  const number = (constants.signals as Record<string, number | undefined>)[name]
  if (number === undefined) throw new TypeError(`Cannot send signal ${JSON.stringify(text)}: unknown signal`)
  return number
}

/** @param all every process of the container's group. @throws IsoError `ISO_NOT_RUNNING`. */
export function killContainer(root: string, id: string, signal: number, all: boolean): void {
  const record = readRecord(root, id)
  if (all) return signalAll(record, signal)
  const status = statusOf(root, record)
  if (status === 'stopped' || status === 'creating' || record.process === undefined)
    throw new IsoError('ISO_NOT_RUNNING', `Cannot kill container ${JSON.stringify(id)}: container not running`)
  signalProcess(record.process, signal)
}

/** By pidfd: the number may have been given to somebody else since. A process that has ended is no failure. */
export function signalProcess({ pid, startTime }: NonNullable<ContainerRecord['process']>, signal: number): void {
  let pidfd
  try {
    pidfd = pidfdOpen(pid)
    if (processStat(pid)?.startTime === startTime) pidfdSendSignal(pidfd, signal)
  } catch (error) {
    if (!(error instanceof IsoError) || error.errnoName !== 'ESRCH') throw error
  } finally {
    if (pidfd !== undefined) closeFd(pidfd)
  }
}

function signalAll({ cgroups, process: kept }: ContainerRecord, signal: number): void {
  const group = cgroups.find(({ version }) => version === 2) ?? cgroups[0]
  if (group === undefined) {
    if (kept !== undefined) signalProcess(kept, signal)
    return
  }
  for (const pid of membersOf(group.directory)) {
    try {
      process.kill(pid, signal)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
}

/** Process IDs in a group. */
export function membersOf(directory: string): number[] {
  try {
    return readFileSync(join(directory, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number)
  } catch {
    return []
  }
}
