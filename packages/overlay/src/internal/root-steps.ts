import type { SlotName, Step } from '@iso/native'

export const ORIGIN = '@iso/overlay'

/**
 * A mount namespace of its own, whose mounts no longer spread to the one it was copied from. Slave, not private: what the
 * machine unmounts goes away here, too, instead of being held busy.
 */
export function privateRoot(): Step[] {
  return [
    { op: 'clone', namespaces: ['mnt'], why: 'mounts stay in the container' },
    { op: 'propagation', path: '/', propagation: 'slave', recursive: true, why: 'no mount spreads to the host' },
  ]
}

/** Where a detached mount goes: on top of `/`, to be pivoted into, or at a path. */
export function attach(slot: SlotName, place: { target?: string; in?: SlotName }): Step {
  if (place.target === undefined)
    return { op: 'moveMount', slot, path: '/', why: 'attach the new root on top of the old one' }
  return {
    op: 'moveMount',
    slot,
    path: place.target,
    create: 'directory',
    ...(place.in !== undefined && { in: place.in }),
  }
}

/** The slot of a mount: `root` unless it has a target. */
export function slotOf(place: { target?: string }): SlotName {
  return place.target === undefined ? 'root' : `overlay:${place.target}`
}
