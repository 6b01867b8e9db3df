// A plain directory as the root, without an overlay.

import type { SlotName, Step } from '@iso/native'

import { attach, ORIGIN, privateRoot, slotOf } from './internal/root-steps.js'
import { checkPath } from './overlay-options.js'

/** Options of {@link bindRoot}. */
export interface BindRootOptions {
  /** Nothing below can be written, submounts included. Nothing can be created at mount points afterwards, either. Default: false. */
  readonly?: boolean
  /** Absolute path at which the directory appears. Absent: it becomes the root, pivot_root included. */
  target?: string
  /** Slot beneath which `target` is resolved. */
  in?: SlotName
}

/**
 * Show a directory as it is, open_tree(2) with its submounts: the root of the container, or a path in it.
 *
 * What the container writes lands in the directory itself; use {@link overlay} to keep it untouched.
 *
 * @param directory absolute path
 * @returns steps for `launch()`; it becomes the slot `root` unless there is a `target`
 * @throws TypeError for a relative path or one with a NUL byte
 *
 * Privileges: CAP_SYS_ADMIN in the user namespace of the container. Kernel 5.12.
 *
 * @example
 * ```ts
 * import { launch } from '@iso/native'
 * import { bindRoot } from '@iso/overlay'
 * const child = await launch(['/bin/sh', '-c', '! touch /etc/new'], bindRoot('/', { readonly: true }))
 * console.log((await child.exit).exitCode) // 0
 * ```
 * @see https://man7.org/linux/man-pages/man2/open_tree.2.html
 */
export function bindRoot(directory: string, options: BindRootOptions = {}): Step[] {
  checkPath(directory)
  if (options.target !== undefined) checkPath(options.target)
  const slot = slotOf(options)
  const steps: Step[] = [
    ...privateRoot(),
    { op: 'openTree', side: 'child', path: directory, recursive: true, slot, why: 'the directory as it is' },
    {
      op: 'mountSetattr',
      side: 'child',
      in: slot,
      recursive: true,
      propagation: 'private',
      ...(options.readonly && { set: ['ro'] }),
    },
    attach(slot, options),
  ]
  if (options.target === undefined) steps.push({ op: 'pivotRoot', slot, why: 'the directory becomes the root' })
  return steps.map((step) => ({ origin: ORIGIN, ...step }))
}

/**
 * Make the new root read-only once everything is mounted in it, mount_setattr(2). Put it after the steps that create
 * mount points: the submounts keep their own state.
 *
 * @returns one step on the slot `root`
 */
export function sealRoot(): Step[] {
  return [{ op: 'mountSetattr', side: 'child', in: 'root', set: ['ro'], origin: ORIGIN, why: 'a read-only root' }]
}
