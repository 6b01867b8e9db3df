import { readdirSync, readFileSync } from 'node:fs'
import { closeFd, IsoError, nsInfo, nsParent, openat2, translatePid as translateByIoctl } from '@iso/native'

import { withNamespace, type NamespaceRef } from './reference.js'

/** Between which pid namespaces a number is translated; absent: our own. */
export interface Translation {
  /** Where `pid` is the number of the process. */
  from?: NamespaceRef
  /** Where its number is wanted. */
  to?: NamespaceRef
}

/**
 * Translate a process ID between pid namespaces: which process of the host is PID 7 of a container, and the other way round.
 *
 * Uses ioctl_ns(2) NS_GET_TGID_FROM_PIDNS (Linux 6.11) and, before that, `NSpid` of /proc/PID/status (4.1).
 *
 * @param pid - process ID from 1.
 * @throws IsoError `ISO_NO_PROCESS` when there is no such process in one of the two. RangeError for a bad number.
 * @remarks The answer may be out of date when it arrives, as with any process ID.
 * @example
 * ```ts
 * import { launch } from '@iso/native'
 * import { namespaces, translatePid } from '@iso/ns'
 * await using child = await launch(['sleep', '60'], namespaces('pid'))
 * console.log(translatePid(1, { from: { pid: child.pid, type: 'pid' } }) === child.pid) // true
 * ```
 * @see https://man7.org/linux/man-pages/man2/ioctl_ns.2.html
 */
export function translatePid(pid: number, { from, to }: Translation): number {
  if (!Number.isInteger(pid) || pid < 1) throw new RangeError(`Cannot translate a process ID: ${String(pid)} is none`)
  return optional(from, (fromFd) =>
    optional(to, (toFd) => {
      try {
        return translateByIoctl(pid, fromFd, toFd)
      } catch (error) {
        if (!(error instanceof IsoError)) throw error
        if (error.errnoName === 'ESRCH') throw missing(pid, error)
        if (error.errnoName !== 'ENOTTY') throw error
        return translateByStatus(pid, fromFd, toFd)
      }
    })
  )
}

function optional<T>(ref: NamespaceRef | undefined, use: (fd: number | null) => T): T {
  return ref === undefined ? use(null) : withNamespace('translate a process ID', ref, use)
}

/** The way for kernels before 6.11. @internal */
export function translateByStatus(pid: number, from: number | null, to: number | null): number {
  const host = from === null ? pid : findInside(pid, nsInfo(from).inode)
  if (to === null) return host
  const numbers = numbersOf(host)
  const found = numbers?.get(nsInfo(to).inode)
  if (found === undefined) throw missing(pid)
  return found
}

function findInside(pid: number, namespace: number): number {
  for (const name of readdirSync('/proc')) {
    if (/^\d+$/.test(name) && numbersOf(Number(name))?.get(namespace) === pid) return Number(name)
  }
  throw missing(pid)
}

// The number of a process in each of its pid namespaces, by inode: NSpid lists them from ours inwards, and the parents of its
// innermost namespace are followed from there outwards.
function numbersOf(pid: number): Map<number, number> | undefined {
  let numbers: number[]
  let fd: number
  try {
    numbers = (/^NSpid:\s+(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '').split(/\s+/).map(Number)
    fd = openat2(null, `/proc/${pid}/ns/pid`)
  } catch {
    return undefined // it has ended, or may not be looked at
  }
  const found = new Map<number, number>()
  try {
    for (const number of numbers.reverse()) {
      found.set(nsInfo(fd).inode, number)
      if (found.size === numbers.length) break
      const next = nsParent(fd)
      closeFd(fd)
      fd = next
    }
  } finally {
    closeFd(fd)
  }
  return found
}

function missing(pid: number, cause?: unknown): IsoError {
  return new IsoError('ISO_NO_PROCESS', `Cannot translate process ID ${pid}: there is no such process there`, { cause })
}
