// What every part of a plan needs to know about the container, worked out once.

import type { RunOptions } from '../options.js'

/** @internal */
export interface Context {
  readonly id: string
  readonly options: RunOptions
  /** The caller has no privilege: what needs the host's root is replaced or left out. */
  readonly rootless: boolean
  /** The container has a user namespace of its own. */
  readonly userns: boolean
  readonly privileged: boolean
  /** Group 5 (tty) exists inside: devpts takes `gid=5`. */
  readonly ttyGroup: boolean
}
