/**
 * User namespaces: which user and group ids exist in a container, and who they are outside.
 *
 * @example
 * ```ts
 * import { launch } from '@iso/native'
 * import { rootless } from '@iso/userns'
 *
 * const child = await launch(['/usr/bin/id'], rootless().steps)
 * child.stdout?.pipe(process.stdout) // uid=0(root) gid=0(root) groups=0(root)
 * await child.closed
 * ```
 *
 * @packageDocumentation
 */

export { findHelper, type Helper } from './helpers.js'
export {
  checkRanges,
  formatMap,
  MAX_RANGES,
  mergeRanges,
  parseMap,
  toInside,
  toOutside,
  type IdMaps,
  type IdRange,
} from './id-range.js'
export { idmapped, type IdmappedOptions } from './idmapped.js'
export { layAround, layRanges } from './layout.js'
export { probe, type ProbeOptions, type UsernsCheck, type UsernsProbe } from './probe.js'
export { remap, type RemapOptions } from './remap.js'
export { rootless, type Rootless, type RootlessOptions } from './rootless.js'
export { parseSubid, subidRanges, type SubidEntry, type SubidFiles, type SubidRange } from './subid.js'
export { deniesSetgroups, userns, type MapWriter, type UsernsOptions } from './userns.js'
