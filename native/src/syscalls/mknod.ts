// Device nodes, FIFOs, sockets and empty files.

import { binding } from '../binding.js'
import { checkPath, whole } from '../internal/check.js'
import type { PathLike } from '../path-like.js'

// S_IF numbers.
const TYPES = { fifo: 0o010000, char: 0o020000, block: 0o060000, file: 0o100000, socket: 0o140000 } as const

/** What {@link mknod} makes. */
export interface NodeSpec {
  type: keyof typeof TYPES
  /** Permission bits, 0 to 0o7777; the umask takes its share. Default: 0o600. */
  mode?: number
  /** Device numbers; for `char` and `block`. Overlay's whiteout is char 0, 0. Default: 0. */
  major?: number
  minor?: number
}

/**
 * Make a node in the file system with mknod(2).
 *
 * @throws IsoError `ISO_SYSCALL`: EPERM, device nodes need CAP_MKNOD in the initial user namespace (a whiteout, char 0 0,
 * needs none since 5.8); EEXIST.
 * @example
 * ```ts
 * import { mknod } from '@iso/native'
 * import { rmSync } from 'node:fs'
 * mknod('/tmp/example-null', { type: 'char', mode: 0o666, major: 1, minor: 3 })
 * rmSync('/tmp/example-null')
 * ```
 * @see https://man7.org/linux/man-pages/man2/mknod.2.html
 */
export function mknod(path: PathLike, node: NodeSpec): void {
  if (!Object.hasOwn(TYPES, node.type))
    throw new TypeError(`Cannot make a node: type '${node.type}' is unknown; wanted ${Object.keys(TYPES).join(', ')}`)
  const mode = TYPES[node.type] | whole(node.mode ?? 0o600, 'mode', 0, 0o7777)
  binding().mknod(
    checkPath(path),
    mode,
    whole(node.major ?? 0, 'major number', 0, 0xfff),
    whole(node.minor ?? 0, 'minor number', 0, 0xfffff)
  )
}
