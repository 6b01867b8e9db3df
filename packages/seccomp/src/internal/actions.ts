import { constants } from 'node:os'

import type { Action } from '../profile.js'

// SECCOMP_RET_…: the high half is the action, the low half its data.
export const RET_KILL_PROCESS = 0x80000000
export const RET_KILL_THREAD = 0x00000000
export const RET_TRAP = 0x00030000
export const RET_ERRNO = 0x00050000
export const RET_USER_NOTIF = 0x7fc00000
export const RET_TRACE = 0x7ff00000
export const RET_LOG = 0x7ffc0000
export const RET_ALLOW = 0x7fff0000

export const EPERM = 1
export const ENOSYS = 38

const PLAIN: Readonly<Record<Action, number>> = {
  SCMP_ACT_ALLOW: RET_ALLOW,
  SCMP_ACT_ERRNO: RET_ERRNO,
  SCMP_ACT_KILL: RET_KILL_THREAD,
  SCMP_ACT_KILL_PROCESS: RET_KILL_PROCESS,
  SCMP_ACT_KILL_THREAD: RET_KILL_THREAD,
  SCMP_ACT_LOG: RET_LOG,
  SCMP_ACT_NOTIFY: RET_USER_NOTIF,
  SCMP_ACT_TRACE: RET_TRACE,
  SCMP_ACT_TRAP: RET_TRAP,
}

/** The value a filter returns for an action. */
export function returnValue(action: Action, errnoRet: number | null | undefined): number {
  const takesData = action === 'SCMP_ACT_ERRNO' || action === 'SCMP_ACT_TRACE'
  return (PLAIN[action] | (takesData ? (errnoRet ?? EPERM) : 0)) >>> 0
}

/** True where the call goes through, perhaps with somebody watching. */
export function isPermissive(value: number): boolean {
  const action = (value & 0xffff0000) >>> 0
  return action === RET_ALLOW || action === RET_LOG || action === RET_TRACE
}

/** The number of an error name, as Podman's profiles write it: `EPERM`, or digits. Undefined for no name. */
export function errnoOf(name: string | undefined): number | undefined {
  if (name === undefined || name === '') return undefined
  return /^\d+$/.test(name) ? Number(name) : (constants.errno as Readonly<Record<string, number>>)[name]
}
