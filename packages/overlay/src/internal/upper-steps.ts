import type { Step } from '@iso/native'

import type { IdmapOwner, OverlayOptions, TmpfsUpper } from '../overlay-options.js'
import { attachLayer, takesDetachedLayers } from './attached-layers.js'
import { layerValue } from './layer-value.js'

/** The upper and work directories as option values, and what makes them. */
export interface Upper {
  upper: string
  work: string
  bytes: number
  steps: Step[]
  /** A mount of ours lies on top of `/` until the overlay is made. */
  covers: boolean
}

/** Who makes the directories: the container process, or the supervisor beside it. */
export type Maker = { side: 'child' } | { side: 'parent'; phase: 'beside' }

/** Make the upper and work directories of an overlay; undefined where it has none. */
export function upperSteps(options: OverlayOptions): Upper | undefined {
  const maker: Maker = options.idmap === undefined ? { side: 'child' } : { side: 'parent', phase: 'beside' }
  const owner = options.idmap === undefined ? {} : { uid: options.idmap.rootUid, gid: options.idmap.rootGid }
  if (options.tmpfs) return tmpfsUpper(options.tmpfs === true ? {} : options.tmpfs, options, maker, owner)
  if (options.upper === undefined) return undefined
  const workPath = options.work ?? `${options.upper}.work`
  const suffix = options.target === undefined ? '' : `:${options.target}`
  const upper = layerValue(options.upper, `overlay:upper${suffix}`)
  const work = layerValue(workPath, `overlay:work${suffix}`)
  return {
    upper: upper.value,
    work: work.value,
    bytes: upper.bytes + work.bytes,
    covers: false,
    steps: [
      { ...maker, ...owner, op: 'mkdir', path: options.upper, mode: 0o755, why: 'takes the changes' },
      { ...maker, ...owner, op: 'mkdir', path: workPath, mode: 0o700, why: 'work directory of the kernel' },
      ...[...upper.steps, ...work.steps].map((step) => ({ ...step, ...maker }) as Step),
    ],
  }
}

// The tmpfs is reached through its descriptor only and goes away with the overlay. It is attached nowhere, where the kernel takes such a layer.
function tmpfsUpper(
  { sizeBytes, inodes }: TmpfsUpper,
  { target, idmap, attachLayers = !takesDetachedLayers() }: OverlayOptions,
  maker: Maker,
  owner: { uid?: number; gid?: number }
): Upper {
  const slot = target === undefined ? 'overlay:tmpfs' : `overlay:tmpfs:${target}`
  const options = ['source', 'iso-upper', 'mode', '0755']
  if (idmap !== undefined) options.push(...ownerOptions(idmap))
  if (sizeBytes !== undefined) options.push('size', String(sizeBytes))
  if (inodes !== undefined) options.push('nr_inodes', String(inodes))
  return {
    upper: `{slot:${slot}}/upper`,
    work: `{slot:${slot}}/work`,
    bytes: 52,
    covers: attachLayers,
    steps: [
      { ...maker, op: 'fsMount', fstype: 'tmpfs', options, slot, why: 'takes the changes' },
      { ...maker, ...owner, op: 'mkdir', in: slot, path: 'upper', mode: 0o755 },
      { ...maker, ...owner, op: 'mkdir', in: slot, path: 'work', mode: 0o700 },
      ...(attachLayers ? [attachLayer(maker, slot)] : []),
    ],
  }
}

function ownerOptions({ rootUid, rootGid }: IdmapOwner): string[] {
  return ['uid', String(rootUid), 'gid', String(rootGid)]
}
