/**
 * The eight namespaces of Linux: give a program new ones, join those of another, keep them, find them, and what belongs to them.
 *
 * @example
 * ```ts
 * import { launch } from '@iso/native'
 * import { hostname, namespaces } from '@iso/ns'
 * await using child = await launch(['hostname'], [...namespaces('uts'), ...hostname('box')], { stdout: 'inherit' })
 * await child.exit
 * ```
 *
 * @packageDocumentation
 */

export { chroot } from './chroot.js'
export { clockOffsets, type ClockOffsets } from './clock-offsets.js'
export { domainname, hostname } from './hostname.js'
export { identify, isSame, owner, parent } from './identify.js'
export type { NamespaceRef } from './reference.js'
export { join, type JoinTarget, type JoinUser } from './join.js'
export { list, type FoundNamespace } from './list.js'
export { loopbackUp } from './loopback.js'
export { namespaces } from './namespaces.js'
export { pin, unpin } from './pin.js'
export { pivotRoot } from './pivot-root.js'
export { probe, type NamespaceProbe } from './probe.js'
export { proc, type ProcOptions } from './proc.js'
export { propagation, type Propagation, type PropagationOptions } from './propagation.js'
export { NAMESPACE_NAMES, NAMESPACES, type NamespaceType } from './table.js'
export { translatePid, type Translation } from './translate-pid.js'
