/**
 * Overlay file systems: one writable view of many directories that stay untouched, and what was changed in it.
 *
 * @example
 * ```ts
 * import { launch } from '@iso/native'
 * import { overlay } from '@iso/overlay'
 *
 * const child = await launch(['/bin/sh', '-c', 'echo mine > /etc/hostname'], overlay({ lower: ['/'], tmpfs: true }))
 * console.log(await child.exit)
 * ```
 *
 * @packageDocumentation
 */

export { bindRoot, sealRoot, type BindRootOptions } from './bind-root.js'
export { changes, type Change, type ChangesOptions } from './changes.js'
export { copyLayers, copyTree, type CopyOptions, type CopyReport } from './copy-tree.js'
export { escapeOption, splitLowerdir } from './escape-option.js'
export { overlay } from './overlay.js'
export { overlayOrCopy, type OverlayOrCopy, type OverlayOrCopyOptions } from './overlay-or-copy.js'
export { probe, type OverlayProbe } from './probe.js'
export {
  MAX_LOWERS,
  type IdmapOwner,
  type OverlayApi,
  type OverlayOptions,
  type TmpfsUpper,
} from './overlay-options.js'
export { isOpaque, makeOpaque } from './opaque.js'
export { isWhiteout, makeWhiteout, type MarkOptions, type WhiteoutOptions } from './whiteout.js'
