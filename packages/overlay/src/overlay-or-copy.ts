// overlayOrCopy(): an overlay where the kernel makes one, else a copy of what it would show.

import { rm } from 'node:fs/promises'

import type { IsoError, Step } from '@iso/native'

import { bindRoot } from './bind-root.js'
import { copyLayers, type CopyOptions } from './copy-tree.js'
import { attempt } from './internal/attempt.js'
import { overlay } from './overlay.js'
import { checkPath, type OverlayOptions } from './overlay-options.js'

/** Options of {@link overlayOrCopy}. */
export interface OverlayOrCopyOptions
  extends Omit<OverlayOptions, 'fallback'>, Pick<CopyOptions, 'signal' | 'reflink' | 'keepOwner'> {
  /** Absolute path of the directory the copy would be made in; it must not exist yet. */
  copyTo: string
  /** Steps of the launch that decide what is allowed, such as those of a user namespace. Default: none. */
  within?: readonly Step[]
}

/** What {@link overlayOrCopy} decided. */
export interface OverlayOrCopy extends AsyncDisposable {
  kind: 'overlay' | 'copy'
  /** Steps for `launch()`. */
  steps: Step[]
  /** Why there is no overlay. */
  cause?: IsoError
  /** Remove the copy, where one was made. Safe to call twice. */
  remove(): Promise<void>
}

// What the kernel says when it can make no overlay here at all: nested too deep, an unfit upper file system, no permission in a user
// namespace, no such file system. A directory that is missing is no reason to copy.
const IMPOSSIBLE = new Set(['EINVAL', 'EPERM', 'ENODEV', 'ENOSYS', 'EOPNOTSUPP', 'ENOTSUP', 'EROFS'])

/**
 * Describe an overlay, or, where the kernel refuses one (fsmount(2) EINVAL, EPERM, ENODEV), copy what it would show and
 * describe a bind mount of the copy: slower and without sharing, but the same tree. The overlay is tried in a process
 * that runs nothing.
 *
 * @param options those of {@link overlay}, and where to copy to
 * @returns the steps, and how to remove the copy afterwards
 * @throws as {@link overlay} and {@link copyTree}; IsoError of the kernel where another step failed, or a directory is missing
 *
 * @example
 * ```ts
 * import { launch } from '@iso/native'
 * import { overlayOrCopy } from '@iso/overlay'
 * await using root = await overlayOrCopy({ lower: ['/usr'], tmpfs: true, copyTo: '/tmp/example-copy' })
 * console.log(root.kind) // overlay
 * const child = await launch(['/bin/ls', '/'], root.steps)
 * await child.exit
 * ```
 */
export async function overlayOrCopy(options: OverlayOrCopyOptions): Promise<OverlayOrCopy> {
  const { copyTo, within = [], signal, reflink, keepOwner, ...rest } = options
  checkPath(copyTo)
  const cause = await attempt(rest, within)
  if (cause === undefined) return decided('overlay', overlay(rest), async () => {})
  if (cause.step?.origin !== '@iso/overlay' || !IMPOSSIBLE.has(cause.errnoName ?? '')) throw cause
  const remove = (): Promise<void> => rm(copyTo, { recursive: true, force: true })
  try {
    await copyLayers(rest.lower, copyTo, {
      userxattr: rest.userxattr ?? false,
      ...(signal && { signal }),
      ...(reflink !== undefined && { reflink }),
      ...(keepOwner !== undefined && { keepOwner }),
    })
  } catch (error) {
    await remove()
    throw error
  }
  const readonly = rest.readonly ?? (rest.upper === undefined && !rest.tmpfs)
  const place = rest.target === undefined ? {} : { target: rest.target, ...(rest.in !== undefined && { in: rest.in }) }
  return { ...decided('copy', bindRoot(copyTo, { readonly, ...place }), remove), cause }
}

function decided(kind: OverlayOrCopy['kind'], steps: Step[], remove: () => Promise<void>): OverlayOrCopy {
  return { kind, steps, remove, [Symbol.asyncDispose]: remove }
}
