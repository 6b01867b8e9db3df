import { createHash } from 'node:crypto'

import type { SlotName, Step } from '@iso/native'

import type { OverlayOptions } from '../overlay-options.js'
import { attachLayer, takesDetachedLayers, uncover } from './attached-layers.js'
import { features, lowerSlot, mergeReason, readonlyOf } from './features.js'
import { kernelAtLeast } from './kernel-version.js'
import { layerValue } from './layer-value.js'
import { attach, slotOf } from './root-steps.js'
import type { Upper } from './upper-steps.js'

/** One `lowerdir+` a layer, on a mount that is attached when it is whole. */
export function fsconfigSteps(options: OverlayOptions, upper: Upper | undefined): Step[] {
  const slot = slotOf(options)
  const lowers = options.lower.map((path, at) => layerValue(path, lowerSlot(options, at)))
  const merge = fsconfigMerge(
    options,
    upper,
    lowers.map(({ value }) => value),
    slot
  )
  return [
    ...lowers.flatMap((layer) => layer.steps),
    { ...merge, side: 'child' } as Step,
    ...(upper?.covers ? [uncover('the overlay holds its layers itself')] : []),
    attach(slot, options),
  ]
}

// The kernel turns an overlay over an idmapped upper read-only, but takes idmapped lower directories: those are translated,
// and the upper belongs to the container's root as it is.
/** The supervisor makes the overlay and hands it over. */
export function idmappedSteps(options: OverlayOptions, upper: Upper | undefined): Step[] {
  const beside = { side: 'parent', phase: 'beside' } as const
  const id =
    options.target === undefined ? 'root' : createHash('sha256').update(options.target).digest('hex').slice(0, 12)
  const userns = `overlay:userns:${id}`
  const made = `overlay:made:${id}`
  const attached = options.attachLayers ?? !takesDetachedLayers()
  const slots = options.lower.map((_, at) => lowerSlot(options, at))
  const lowers = options.lower.flatMap((path, at): Step[] => [
    { ...beside, op: 'openTree', path, slot: slots[at] as string },
    {
      ...beside,
      op: 'mountSetattr',
      in: slots[at] as string,
      set: ['idmap'],
      userns,
      why: 'owners as the container sees them',
    },
    ...(attached ? [attachLayer(beside, slots[at] as string)] : []),
  ])
  return [
    {
      ...beside,
      op: 'open',
      path: '/proc/{pid}/ns/user',
      flags: ['readOnly'],
      fs: 'nsfs',
      slot: userns,
      why: 'the maps that translate owners',
    },
    ...lowers,
    {
      ...fsconfigMerge(
        options,
        upper,
        slots.map((slot) => `{slot:${slot}}`),
        made
      ),
      ...beside,
    } as Step,
    { ...beside, op: 'signal', barrier: made, send: made, why: 'hand the overlay over' },
    { op: 'wait', side: 'child', barrier: made, receive: slotOf(options) },
    attach(slotOf(options), options),
  ]
}

function fsconfigMerge(
  options: OverlayOptions,
  upper: Upper | undefined,
  lowers: readonly string[],
  slot: SlotName
): Step {
  const values = lowers.flatMap((value) => [lowerKey(options), value])
  if (upper !== undefined) values.push('upperdir', upper.upper, 'workdir', upper.work)
  for (const [key, value] of features(options)) values.push(key, value)
  return {
    op: 'fsMount',
    fstype: 'overlay',
    options: ['source', 'overlay', ...values],
    slot,
    why: mergeReason(options, upper),
    // The kernel does not refuse an upper or work directory that it cannot use (not writable, idmapped): the overlay turns read-only.
    ...(readonlyOf(options, upper) ? { attributes: ['ro'] } : { writable: true }),
  }
}

// `lowerdir+` came with Linux 6.5 and takes paths since 6.8. One descriptor needs no list, and no escapes.
function lowerKey({ lower, idmap }: OverlayOptions): string {
  return idmap !== undefined && lower.length === 1 && !kernelAtLeast(6, 8) ? 'lowerdir' : 'lowerdir+'
}
