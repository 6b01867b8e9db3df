import type { SlotName, Step } from '@iso/native'

/**
 * Make an attached mount the root and let go of the old one, with pivot_root(2): no path, and no capability, leads back.
 *
 * @param slot - slot of the mount. Default: `root`.
 * @remarks A new mount namespace, and a root that is a mount of its own and no ramfs (EINVAL otherwise); CAP_SYS_ADMIN.
 * @example
 * ```ts
 * import { launch, type Step } from '@iso/native'
 * import { namespaces, pivotRoot, propagation } from '@iso/ns'
 * const root: Step[] = [
 *   { op: 'openTree', side: 'child', path: '/', recursive: true, slot: 'root' },
 *   { op: 'moveMount', slot: 'root', path: '/' },
 * ]
 * const steps = [...namespaces('mnt'), ...propagation('slave'), ...root, ...pivotRoot()]
 * await using child = await launch(['/bin/true'], steps)
 * console.log((await child.exit).exitCode) // 0
 * ```
 * @see https://man7.org/linux/man-pages/man2/pivot_root.2.html
 */
export function pivotRoot(slot: SlotName = 'root'): Step[] {
  return [{ origin: '@iso/ns', op: 'pivotRoot', slot, why: 'the new root; the old one is let go of' }]
}
