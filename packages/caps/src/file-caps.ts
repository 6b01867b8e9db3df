import { errnoName, getxattr, IsoError, removexattr, setxattr } from '@iso/native'

import type { Capability, CapabilityName } from './capabilities.js'
import { decodeVfsCap, encodeVfsCap, type VfsCap } from './internal/vfs-cap.js'
import { fromMask, toMask } from './mask.js'

const ATTRIBUTE = 'security.capability'

/** The capabilities of a file: what execve adds to those of the process. */
export interface FileCaps {
  /** Given, within the bounding set. */
  permitted: Capability[]
  /** Given where the process has them inheritable. */
  inheritable: Capability[]
  /** Effective at once; without it the program raises them itself. */
  effective: boolean
  /** For user namespaces whose root is this uid (of the initial namespace) only. Absent: for the initial one. */
  rootUid?: number
}

/** What `setFileCaps()` takes. */
export interface FileCapsInput {
  permitted?: readonly CapabilityName[]
  inheritable?: readonly CapabilityName[]
  /** Default: false. */
  effective?: boolean
  /** Uid from 0 to 2^32-2. Takes Linux 4.14. Default: none. */
  rootUid?: number
}

/**
 * Read the capabilities of a file with getxattr(2) on `security.capability`, as getcap(8) does. Follows a symbolic link.
 *
 * @returns undefined where the file has none, or its file system cannot hold any.
 * @throws IsoError `ISO_SYSCALL`: ENOENT, EACCES; `ISO_CAPS_MALFORMED` for bytes that no kernel would have written.
 * @example
 * ```ts
 * import { getFileCaps } from '@iso/caps'
 * console.log(getFileCaps('/bin/sh')) // undefined
 * ```
 * @see https://man7.org/linux/man-pages/man7/capabilities.7.html
 */
export function getFileCaps(path: string): FileCaps | undefined {
  const bytes = read(path)
  if (bytes === undefined) return undefined
  const caps = decodeVfsCap(bytes)
  if (caps === undefined) {
    throw new IsoError(
      'ISO_CAPS_MALFORMED',
      `Cannot read file capabilities of "${path}": ${bytes.length} bytes that are no vfs_cap_data (${bytes.toString('hex')})`,
      { path }
    )
  }
  return { ...caps, permitted: fromMask(caps.permitted), inheritable: fromMask(caps.inheritable) }
}

/**
 * Write the capabilities of a file with setxattr(2) on `security.capability`, as setcap(8) does; `undefined` removes them. Follows a symbolic
 * link. Changing the file's owner or content removes them again.
 *
 * Takes CAP_SETFCAP.
 *
 * @throws IsoError `ISO_SYSCALL`: EPERM, CAP_SETFCAP is missing; EOPNOTSUPP, the file system cannot hold them; EINVAL, not a regular file.
 * @throws TypeError for an unknown name; RangeError for a uid out of range.
 * @example
 * ```ts
 * import { getFileCaps, setFileCaps } from '@iso/caps'
 * import { rmSync, writeFileSync } from 'node:fs'
 * writeFileSync('/tmp/pinger', '')
 * setFileCaps('/tmp/pinger', { permitted: ['net_raw'], effective: true })
 * console.log(getFileCaps('/tmp/pinger')) // { permitted: [ 'CAP_NET_RAW' ], inheritable: [], effective: true }
 * rmSync('/tmp/pinger')
 * ```
 */
export function setFileCaps(path: string, caps: FileCapsInput | undefined): void {
  if (caps === undefined) return remove(path)
  const { permitted = [], inheritable = [], effective = false, rootUid } = caps
  // 2^32-1 is "no uid".
  if (rootUid !== undefined && !(Number.isInteger(rootUid) && rootUid >= 0 && rootUid < 0xffffffff)) {
    throw new RangeError(
      `Cannot set file capabilities of "${path}": root uid ${rootUid} is out of range; wanted a whole number from 0 to 4294967294`
    )
  }
  const value: VfsCap = {
    permitted: toMask(permitted),
    inheritable: toMask(inheritable),
    effective,
    ...(rootUid !== undefined && { rootUid }),
  }
  setxattr(path, ATTRIBUTE, encodeVfsCap(value))
}

function read(path: string): Buffer | undefined {
  try {
    return getxattr(path, ATTRIBUTE)
  } catch (error) {
    if (isNone(error)) return undefined
    throw error
  }
}

function remove(path: string): void {
  try {
    removexattr(path, ATTRIBUTE)
  } catch (error) {
    if (!isNone(error)) throw error
  }
}

function isNone(error: unknown): boolean {
  const name = error instanceof IsoError && error.errno !== undefined ? errnoName(error.errno) : ''
  return name === 'ENODATA' || name === 'EOPNOTSUPP' || name === 'ENOTSUP'
}
