// Namespaces as descriptors: what they are and who owns them, and small jobs inside one.

import { binding } from '../binding.js'
import { checkFd, checkPid, whole } from '../internal/check.js'

/** The eight types, in the words of /proc/PID/ns. */
export type NamespaceName = 'mnt' | 'cgroup' | 'uts' | 'ipc' | 'user' | 'pid' | 'net' | 'time'

/** What a namespace is. */
export interface NsInfo {
  type: NamespaceName
  /** Inode number; together with `device` it identifies the namespace. */
  inode: number
  device: number
  /** Owner of the owning user namespace (of a user namespace itself: its own owner), as seen from ours; null where we may not know. */
  ownerUid: number | null
}

const TYPES: Readonly<Record<number, NamespaceName>> = {
  0x00020000: 'mnt',
  0x02000000: 'cgroup',
  0x04000000: 'uts',
  0x08000000: 'ipc',
  0x10000000: 'user',
  0x20000000: 'pid',
  0x40000000: 'net',
  0x80: 'time',
}

/**
 * Tell what a namespace descriptor is, with ioctl_ns(2) NS_GET_NSTYPE and NS_GET_OWNER_UID.
 *
 * @param fd an open `/proc/PID/ns/…` file or a bind mount of one.
 * @throws IsoError `ISO_SYSCALL`: ENOTTY, it is no namespace.
 * @remarks Linux 4.11.
 * @example
 * ```ts
 * import { closeFd, nsInfo, openat2 } from '@iso/native'
 * const fd = openat2(null, '/proc/self/ns/uts')
 * console.log(nsInfo(fd).type) // uts
 * closeFd(fd)
 * ```
 * @see https://man7.org/linux/man-pages/man2/ioctl_ns.2.html
 */
export function nsInfo(fd: number): NsInfo {
  const { type, ...rest } = binding().nsInfo(checkFd(fd))
  const name = TYPES[type]
  if (name === undefined)
    throw new RangeError(`Cannot name a namespace: the kernel knows type 0x${type.toString(16)}, we do not`)
  return { type: name, ...rest }
}

/**
 * Open the parent of a pid or user namespace with ioctl_ns(2) NS_GET_PARENT.
 *
 * @returns a close-on-exec descriptor.
 * @throws IsoError `ISO_SYSCALL`: EPERM, the parent is outside our own namespace, or it is the initial one; EINVAL, the type has no parents.
 * @remarks Linux 4.9.
 */
export function nsParent(fd: number): number {
  return binding().nsParent(checkFd(fd))
}

/**
 * Open the user namespace that owns a namespace with ioctl_ns(2) NS_GET_USERNS.
 *
 * @returns a close-on-exec descriptor.
 * @throws IsoError `ISO_SYSCALL`: EPERM, the owner is outside our own user namespace.
 * @remarks Linux 4.9.
 */
export function nsUserns(fd: number): number {
  return binding().nsUserns(checkFd(fd))
}

/**
 * Translate a process ID between pid namespaces with ioctl_ns(2) NS_GET_TGID_FROM_PIDNS and NS_GET_TGID_IN_PIDNS.
 *
 * @param pid process ID in the namespace `from`.
 * @param from descriptor of a pid namespace; null: our own.
 * @param to descriptor of a pid namespace; null: our own.
 * @returns the process ID in the namespace `to`.
 * @throws IsoError `ISO_SYSCALL`: ESRCH, there is no such process in one of the two; ENOTTY, the kernel is older than 6.11.
 * @remarks Linux 6.11; `@iso/ns` has a way that works before.
 * @see https://man7.org/linux/man-pages/man2/ioctl_ns.2.html
 */
export function translatePid(pid: number, from: number | null, to: number | null): number {
  let here = checkPid(pid)
  if (from !== null) here = binding().nsPidFrom(checkFd(from, 'pid namespace'), here)
  return to === null ? here : binding().nsPidIn(checkFd(to, 'pid namespace'), here)
}

/** Which socket {@link openInNamespace} makes; numbers of socket(2). */
export interface SocketKind {
  /** Address family: AF_INET 2, AF_NETLINK 16, AF_INET6 10, AF_PACKET 17, AF_UNIX 1. */
  family: number
  /** SOCK_STREAM 1, SOCK_DGRAM 2, SOCK_RAW 3; SOCK_NONBLOCK 0x800 may be added. */
  type: number
  /** Default: 0. */
  protocol?: number
}

/**
 * Make a socket inside a network namespace: a helper thread joins it with setns(2), opens the socket and ends. The socket
 * belongs to that namespace for good; no thread of Node moves.
 *
 * @param netNsFd descriptor of a network namespace.
 * @returns a close-on-exec descriptor.
 * @throws IsoError `ISO_SYSCALL`: EPERM, CAP_SYS_ADMIN over the namespace is missing; EINVAL, it is no network namespace.
 * @remarks Takes some tens of microseconds. Linux 3.0.
 * @see https://man7.org/linux/man-pages/man2/setns.2.html
 */
export function openInNamespace(netNsFd: number, socket: SocketKind): number {
  return binding().socketInNamespace(
    checkFd(netNsFd, 'network namespace'),
    whole(socket.family, 'address family', 0, 0xffff),
    whole(socket.type, 'socket type', 0, 0xfffff),
    whole(socket.protocol ?? 0, 'protocol', 0, 0xffff)
  )
}

/**
 * Read the host name and NIS domain name of a UTS namespace: a helper thread joins it with setns(2) and calls uname(2).
 *
 * @param utsNsFd descriptor of a UTS namespace.
 * @throws IsoError `ISO_SYSCALL`: EPERM, CAP_SYS_ADMIN over the namespace is missing; EINVAL, it is no UTS namespace.
 * @remarks Linux 3.0. An unset domain name reads `(none)`.
 */
export function hostnameInNamespace(utsNsFd: number): { hostname: string; domainname: string } {
  return binding().hostnameInNamespace(checkFd(utsNsFd, 'UTS namespace'))
}
