// overlay(): options -> the steps that mount one.

import type { Step } from '@iso/native'

import { bindRoot } from './bind-root.js'
import { makerMounts } from './internal/attached-layers.js'
import { mergeSteps } from './internal/merge-steps.js'
import { ORIGIN, privateRoot } from './internal/root-steps.js'
import { upperSteps } from './internal/upper-steps.js'
import { checkOverlayOptions, type OverlayOptions } from './overlay-options.js'

/**
 * Describe an overlay mount, fsopen(2) `overlay`: lower directories that stay untouched, one upper that takes the changes.
 *
 * Without `target` the overlay becomes the root of the container: it is the slot `root`, below which other packages
 * mount, and pivot_root is included. A mount namespace of its own is always included, so that nothing is ever mounted
 * in the caller's. One lower directory and no upper is a read-only bind mount: the kernel has no overlay of one layer.
 *
 * @param options see {@link OverlayOptions}; the file system is only looked at for layers that lie inside one another
 * @returns steps for `launch()`; a refusal of the kernel comes from there. Its errno: ENOENT a directory is missing,
 *   ELOOP layers overlap, EINVAL nested too deep (two overlays at most) or an upper file system that cannot be one (NFS,
 *   overlay, FAT) or a work directory on another mount, EROFS an upper that cannot be written (an idmapped one), EPERM no
 *   CAP_SYS_ADMIN in the user namespace or a kernel before 5.11
 * @throws TypeError or RangeError for options that contradict each other, with the value in the message
 *
 * Privileges: CAP_SYS_ADMIN in the user namespace of the container; in one made by an ordinary user pass `userxattr`.
 * Kernel: 4.0 and above; 5.11 in a user namespace; 6.6 for a tmpfs upper in one; more than about 230 layers before 6.8
 * go through numbered descriptors.
 *
 * @example
 * ```ts
 * import { launch } from '@iso/native'
 * import { overlay } from '@iso/overlay'
 * const child = await launch(['/bin/sh', '-c', 'rm -r /etc; ls /'], overlay({ lower: ['/'], tmpfs: { sizeBytes: 64 << 20 } }))
 * console.log((await child.exit).exitCode) // 0, and the machine still has its /etc
 * ```
 * @see https://docs.kernel.org/filesystems/overlayfs.html
 */
export function overlay(options: OverlayOptions): Step[] {
  checkOverlayOptions(options)
  const upper = upperSteps(options)
  if (upper === undefined && options.lower.length === 1 && options.idmap === undefined) {
    const place = options.target === undefined ? {} : { target: options.target, ...(options.in && { in: options.in }) }
    return bindRoot(options.lower[0] as string, { readonly: true, ...place })
  }
  const steps: Step[] = [
    ...privateRoot(),
    ...makerMounts(options),
    ...(upper?.steps ?? []),
    ...mergeSteps(options, upper),
  ]
  if (options.target === undefined) steps.push({ op: 'pivotRoot', slot: 'root', why: 'the overlay becomes the root' })
  return steps.map((step) => ({ origin: ORIGIN, ...step }))
}
