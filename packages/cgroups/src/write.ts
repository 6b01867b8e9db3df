// The one thing all controllers make: a value for a file.

import { IsoError } from '@iso/native'

/** A value to be written to a file of a cgroup directory. */
export interface Write {
  /** Name of the file, such as `memory.max`. */
  file: string
  value: string
  /** What the file holds afterwards, where the kernel may silently store something else. */
  readback?: string
  /** A missing file is no failure. */
  ifPresent?: boolean
  /** What is written where the file is missing: another kernel configuration calls it differently. */
  otherwise?: Write
}

/** The error for a limit that this version of the interface has no file for: never silently ignored. */
export function unsupported(option: string, version: 1 | 2, hint?: string): IsoError {
  const message = `Cannot set ${option}: cgroup v${version} has no such limit`
  return new IsoError('ISO_CGROUP_UNSUPPORTED', message, hint === undefined ? {} : { hint })
}
