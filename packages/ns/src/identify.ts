import { closeFd, IsoError, nsInfo, nsParent, nsUserns, type NsInfo } from '@iso/native'

import { withNamespace, type NamespaceRef } from './reference.js'

/**
 * Tell what a namespace is: type, inode and device (together its identity), and the owner of the user namespace it belongs to.
 *
 * @param ref - `{ pid, type }`, the path of a namespace file, or an open descriptor of one.
 * @throws IsoError `ISO_NO_NAMESPACE` when the process has ended or the kernel lacks the type; `ISO_SYSCALL` with ENOTTY when the file is
 * no namespace, EACCES when it may not be looked at (CAP_SYS_PTRACE).
 * @remarks Linux 4.11.
 * @example
 * ```ts
 * import { identify } from '@iso/ns'
 * console.log(identify({ pid: 'self', type: 'uts' }).type) // uts
 * ```
 * @see https://man7.org/linux/man-pages/man2/ioctl_ns.2.html
 */
export function identify(ref: NamespaceRef): NsInfo {
  return withNamespace('identify a namespace', ref, nsInfo)
}

/** Whether two references mean the same namespace. */
export function isSame(a: NamespaceRef, b: NamespaceRef): boolean {
  const [one, other] = [identify(a), identify(b)]
  return one.inode === other.inode && one.device === other.device
}

/**
 * The user namespace that owns a namespace: capabilities over it are asked there.
 *
 * @returns undefined where that lies outside of our own user namespace.
 * @throws IsoError as {@link identify}.
 * @remarks Linux 4.9.
 */
export function owner(ref: NamespaceRef): NsInfo | undefined {
  return related('find the owner of a namespace', ref, nsUserns)
}

/**
 * The parent of a pid or user namespace.
 *
 * @returns undefined for the initial one, and where it lies outside of our own.
 * @throws IsoError `ISO_SYSCALL` with EINVAL for the types that have no parents.
 * @remarks Linux 4.9.
 */
export function parent(ref: NamespaceRef): NsInfo | undefined {
  return related('find the parent of a namespace', ref, nsParent)
}

function related(what: string, ref: NamespaceRef, find: (fd: number) => number): NsInfo | undefined {
  return withNamespace(what, ref, (fd) => {
    let found
    try {
      found = find(fd)
    } catch (error) {
      if (error instanceof IsoError && error.errnoName === 'EPERM') return undefined
      throw error
    }
    try {
      return nsInfo(found)
    } finally {
      closeFd(found)
    }
  })
}
