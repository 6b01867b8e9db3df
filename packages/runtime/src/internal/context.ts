// What every part of a plan needs to know about the container, worked out once.

import type { IdmapOwner } from '@iso/overlay'
import type { RunOptions } from '../options.js'

/** @internal */
export interface Context {
  readonly id: string
  readonly options: RunOptions
  /** The caller has no privilege: what needs the host's root is replaced or left out. */
  readonly rootless: boolean
  /** The container has a user namespace of its own. */
  readonly userns: boolean
  /** It was made by root of the host, who hands mounts over and translates owners: ids on the host of root inside. */
  readonly idmap: IdmapOwner | undefined
  readonly privileged: boolean
  /** Group 5 (tty) exists inside: devpts takes `gid=5`. */
  readonly ttyGroup: boolean
}
