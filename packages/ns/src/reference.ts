import { closeFd, IsoError, openat2, type NamespaceName } from '@iso/native'

import { checkTypes } from './internal/check.js'

/** A namespace: that of a process, the file it is pinned to, or an open descriptor of it. */
export type NamespaceRef = { pid: number | 'self'; type: NamespaceName } | string | number

/** Calls back with a descriptor of the namespace, which is closed afterwards unless it was the caller's. */
export function withNamespace<T>(what: string, ref: NamespaceRef, use: (fd: number) => T): T {
  if (typeof ref === 'number') return use(ref)
  const fd = open(what, ref)
  try {
    return use(fd)
  } finally {
    closeFd(fd)
  }
}

function open(what: string, ref: Exclude<NamespaceRef, number>): number {
  if (typeof ref === 'string') return openat2(null, ref)
  checkTypes(what, [ref.type])
  if (ref.pid !== 'self' && (!Number.isInteger(ref.pid) || ref.pid < 1)) {
    throw new RangeError(`Cannot ${what}: ${String(ref.pid)} is no process ID`)
  }
  try {
    return openat2(null, `/proc/${ref.pid}/ns/${ref.type}`)
  } catch (cause) {
    if (!(cause instanceof IsoError) || cause.errnoName !== 'ENOENT') throw cause
    throw new IsoError('ISO_NO_NAMESPACE', `Cannot ${what}: process ${ref.pid} has no ${ref.type} namespace to open`, {
      cause,
      hint: 'the process has ended, or the kernel is older than the type',
    })
  }
}
