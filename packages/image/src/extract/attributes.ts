// Owner, mode, extended attributes and times of what was made.

import { fchmodSync, fchownSync } from 'node:fs'

import { fchmodat, fchownat, fsetxattr, lsetxattr, utimensat } from '@iso/native'

import type { TarEntry } from '../tar/entry.js'
import type { ExtractReport, Settled } from './options.js'
import { isErrno } from './tree.js'

/** Times as far as the kernel takes them. */
const SECONDS_MAX = 2 ** 53 - 1

/** The permission bits that an entry gets. */
export function modeOf(entry: TarEntry, settled: Settled): number {
  return settled.setuid ? entry.mode : entry.mode & 0o1777
}

/**
 * Describe an open file; what is known to be right is left alone: two system calls in six. The owner goes first, since a change of it clears set-user-ID
 * and capabilities; the mode last: it may forbid the rest.
 */
export function describeOpen(
  fd: number,
  entry: TarEntry,
  settled: Settled,
  report: ExtractReport,
  known: { owner: boolean; mode: boolean } = { owner: false, mode: false }
): void {
  if (settled.keepOwner && !known.owner) fchownSync(fd, entry.uid, entry.gid)
  if (entry.xattrs.size > 0) setXattrs(entry, settled, report, (name, value) => fsetxattr(fd, name, value))
  if (!known.mode) fchmodSync(fd, modeOf(entry, settled))
  const mtime = timeOf(entry)
  utimensat(fd, null, mtime, mtime)
}

/** Describe a name in an open directory, which must be what the entry says: its mode is set through the name. */
export function describeName(
  dirfd: number,
  name: Buffer,
  entry: TarEntry,
  settled: Settled,
  report: ExtractReport,
  mode = modeOf(entry, settled)
): void {
  if (settled.keepOwner) fchownat(dirfd, name, entry.uid, entry.gid)
  if (entry.xattrs.size > 0) {
    // No system call sets attributes beneath a descriptor on the kernels we run on; this path leads to that very directory.
    const path = Buffer.concat([Buffer.from(`/proc/self/fd/${dirfd}/`), name])
    setXattrs(entry, settled, report, (xattr, value) => lsetxattr(path, xattr, value))
  }
  if (entry.type !== 'symlink') fchmodat(dirfd, name, mode)
  const mtime = timeOf(entry)
  utimensat(dirfd, name, mtime, mtime)
}

/** The modification time of an entry; the access time is set to it as well. */
export function timeOf({ mtime }: TarEntry): TarEntry['mtime'] {
  return Math.abs(mtime.sec) > SECONDS_MAX ? { sec: 0, nsec: 0 } : mtime
}

// A mark of overlay in a layer would make the kernel show other files than the layer has.
const OVERLAY = /^(trusted|user)\.overlay\./

function setXattrs(
  entry: TarEntry,
  settled: Settled,
  report: ExtractReport,
  set: (name: string, value: Buffer) => void
): void {
  for (const [name, value] of entry.xattrs) {
    if (OVERLAY.test(name) || (name === 'security.capability' && !settled.setuid)) {
      report.skippedXattrs++
      continue
    }
    try {
      set(name, value)
    } catch (error) {
      // As other tools do: what this file system, namespace or security module does not take is left out, and counted.
      if (!isErrno(error, 'ENOTSUP', 'EOPNOTSUPP', 'EPERM', 'EACCES', 'EINVAL')) throw error
      if (name === 'security.capability' && settled.keepOwner) throw error
      report.skippedXattrs++
    }
  }
}
