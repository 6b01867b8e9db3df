/**
 * Linux capabilities: the five sets, text forms, file capabilities, and the steps that give a program no more than it needs.
 *
 * ```ts
 * import { keep, readSets, resolve } from '@iso/caps'
 *
 * const steps = keep(resolve({ drop: ['ALL'], add: ['NET_BIND_SERVICE'] })) // for launch() of @iso/native
 * console.log(steps.length, readSets().inheritable)
 * ```
 *
 * @packageDocumentation
 */
export { available } from './available.js'
export {
  ALL,
  CAPABILITIES,
  type Capability,
  type CapabilityInfo,
  type CapabilityName,
  DOCKER_DEFAULT,
  type ShortName,
} from './capabilities.js'
export { type FileCaps, type FileCapsInput, getFileCaps, setFileCaps } from './file-caps.js'
export { ambient, drop, keep, type KeepOptions } from './keep.js'
export { formatHex, fromMask, parseHex, toMask } from './mask.js'
export { capability } from './name.js'
export { noNewPrivs } from './no-new-privs.js'
export { type CapabilityMaskSets, type CapabilitySets, readSets } from './read-sets.js'
export { type CapabilityOrAll, resolve, type ResolveOptions } from './resolve.js'
export { SECUREBITS, securebits, type SecureBit } from './securebits.js'
export { type CapsOptions, sets, type SetsInput } from './sets.js'
export { formatText, parseText, type TextSets } from './text.js'
