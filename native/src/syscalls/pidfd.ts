// Process descriptors: processes that cannot be confused with a later one of the same number.

import { constants } from 'node:os'
import { binding } from '../binding.js'
import { checkFd, checkPid, whole } from '../internal/check.js'

/**
 * Open a descriptor for a process with pidfd_open(2). It becomes readable when the process ends.
 *
 * @param pid process ID in our own pid namespace, from 1.
 * @returns a close-on-exec descriptor; close it with `closeFd()`.
 * @throws IsoError `ISO_SYSCALL`: ESRCH, there is no such process; EINVAL, it is a thread but no leader.
 * @remarks No privilege. Linux 5.3.
 * @example
 * ```ts
 * import { closeFd, pidfdOpen, pidfdSendSignal } from '@iso/native'
 * const fd = pidfdOpen(process.pid)
 * pidfdSendSignal(fd, 0)
 * closeFd(fd)
 * ```
 * @see https://man7.org/linux/man-pages/man2/pidfd_open.2.html
 */
export function pidfdOpen(pid: number): number {
  return binding().pidfdOpen(checkPid(pid))
}

/**
 * Send a signal with pidfd_send_signal(2); it reaches the process meant, or none.
 *
 * @param pidfd descriptor of the process.
 * @param signal number from 1 to 64 or name such as `'SIGTERM'`; 0 sends nothing and checks only.
 * @throws IsoError `ISO_SYSCALL`: ESRCH, it has ended and been waited for; EPERM, it belongs to somebody else.
 * @remarks Linux 5.1.
 * @see https://man7.org/linux/man-pages/man2/pidfd_send_signal.2.html
 */
export function pidfdSendSignal(pidfd: number, signal: number | NodeJS.Signals): void {
  const number = typeof signal === 'string' ? constants.signals[signal] : signal
  if (number === undefined) throw new TypeError(`Cannot send a signal: '${signal}' is unknown`)
  binding().pidfdSendSignal(checkFd(pidfd, 'pidfd'), whole(number, 'signal', 0, 64))
}

/**
 * Take a copy of a descriptor of another process with pidfd_getfd(2).
 *
 * @param pidfd descriptor of the process.
 * @param targetFd number of the descriptor there.
 * @returns a close-on-exec descriptor of our own.
 * @throws IsoError `ISO_SYSCALL`: EPERM, PTRACE_MODE_ATTACH_REALCREDS is missing; EBADF, it has no such descriptor.
 * @remarks Linux 5.6.
 * @see https://man7.org/linux/man-pages/man2/pidfd_getfd.2.html
 */
export function pidfdGetfd(pidfd: number, targetFd: number): number {
  return binding().pidfdGetfd(checkFd(pidfd, 'pidfd'), checkFd(targetFd, 'target descriptor'))
}

/** How a child ended. */
export interface Waited {
  pid: number
  /** What `status` is: an exit code, or the signal that killed it. */
  cause: 'exited' | 'killed' | 'dumped'
  /** Exit code 0 to 255, or signal number. */
  status: number
  /** CPU time in user mode, of the child and its waited-for children, microseconds. */
  userUs: number
  /** CPU time in the kernel, likewise, microseconds. */
  systemUs: number
}

// CLD_ numbers of <signal.h>.
const CAUSES: Readonly<Record<number, Waited['cause']>> = { 1: 'exited', 2: 'killed', 3: 'dumped' }

/**
 * Collect the end of a child with waitid(2) (P_PIDFD, WNOHANG): never waits.
 *
 * @param pidfd descriptor of a child of this process that Node did not spawn.
 * @returns how it ended, or null while it runs.
 * @throws IsoError `ISO_SYSCALL`: ECHILD, it is no child of ours or has been collected.
 * @remarks Linux 5.4.
 * @see https://man7.org/linux/man-pages/man2/waitid.2.html
 */
export function waitPidfd(pidfd: number): Waited | null {
  const ended = binding().waitPidfd(checkFd(pidfd, 'pidfd'))
  if (ended === null) return null
  const { code, ...rest } = ended
  return { ...rest, cause: CAUSES[code] ?? 'killed' }
}

const PR_SET_CHILD_SUBREAPER = 36

/**
 * Become the parent of descendants whose own parent has ended, with prctl(2) PR_SET_CHILD_SUBREAPER: a created container is then
 * waited for with {@link waitPidfd}. It holds for the whole process.
 *
 * @see https://man7.org/linux/man-pages/man2/PR_SET_CHILD_SUBREAPER.2const.html
 */
export function adoptOrphans(): void {
  binding().prctl(PR_SET_CHILD_SUBREAPER, 1, 0)
}
