import type { SlotName, Step } from '@iso/native'

import type { OverlayOptions } from '../overlay-options.js'
import { kernelAtLeast } from './kernel-version.js'
import type { Maker } from './upper-steps.js'

/**
 * Whether a layer may be a mount that is attached nowhere. The kernel takes a private copy of each layer's mount, and before Linux 6.15 it copied
 * those of the caller's own mount namespace alone: EINVAL, "failed to clone upperpath".
 */
export function takesDetachedLayers(): boolean {
  return kernelAtLeast(6, 15)
}

/** Put a layer on top of `/`, where no path leads to what it covers until it goes. */
export function attachLayer(maker: Maker, slot: SlotName): Step {
  return {
    ...maker,
    op: 'moveMount',
    slot,
    path: '/',
    why: 'a layer must be attached while the overlay is made',
  }
}

/** Take what lies on top of `/` away again. `/` itself names the covered mount; `..` of the root is the one on top. */
export function uncover(why: string): Step {
  return { op: 'unmount', side: 'child', path: '/..', flags: ['detach'], why }
}

/**
 * Where the supervisor makes the overlay and must attach layers for it: first of all mounts of its own, so that the machine does not see them. They
 * go away with it.
 */
export function makerMounts({ idmap, attachLayers = !takesDetachedLayers() }: OverlayOptions): Step[] {
  if (idmap === undefined || !attachLayers) return []
  const beside = { side: 'parent', phase: 'beside' } as const
  const why = 'no mount spreads to the host'
  return [
    { ...beside, op: 'unshare', namespaces: ['mnt'], why: 'layers are attached out of sight of the machine' },
    { ...beside, op: 'propagation', path: '/', propagation: 'slave', recursive: true, why },
  ]
}
