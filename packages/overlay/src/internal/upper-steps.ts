import type { Step } from '@iso/native'

import type { OverlayOptions, TmpfsUpper } from '../overlay-options.js'
import { layerValue } from './layer-value.js'

/** The upper and work directories as option values, and what makes them. */
export interface Upper {
  upper: string
  work: string
  bytes: number
  steps: Step[]
}

/** Make the upper and work directories of an overlay; undefined where it has none. */
export function upperSteps(options: OverlayOptions): Upper | undefined {
  if (options.tmpfs) return tmpfsUpper(options.tmpfs === true ? {} : options.tmpfs, options.target)
  if (options.upper === undefined) return undefined
  const workPath = options.work ?? `${options.upper}.work`
  const suffix = options.target === undefined ? '' : `:${options.target}`
  const upper = layerValue(options.upper, `overlay:upper${suffix}`)
  const work = layerValue(workPath, `overlay:work${suffix}`)
  return {
    upper: upper.value,
    work: work.value,
    bytes: upper.bytes + work.bytes,
    steps: [
      { op: 'mkdir', side: 'child', path: options.upper, mode: 0o755, why: 'takes the changes' },
      { op: 'mkdir', side: 'child', path: workPath, mode: 0o700, why: 'work directory of the kernel' },
      ...upper.steps,
      ...work.steps,
    ],
  }
}

// The tmpfs is never attached anywhere: it is reached through its descriptor only and goes away with the overlay.
function tmpfsUpper({ sizeBytes, inodes }: TmpfsUpper, target: string | undefined): Upper {
  const slot = target === undefined ? 'overlay:tmpfs' : `overlay:tmpfs:${target}`
  const options = ['source', 'iso-upper', 'mode', '0755']
  if (sizeBytes !== undefined) options.push('size', String(sizeBytes))
  if (inodes !== undefined) options.push('nr_inodes', String(inodes))
  return {
    upper: `{slot:${slot}}/upper`,
    work: `{slot:${slot}}/work`,
    bytes: 52,
    steps: [
      { op: 'fsMount', side: 'child', fstype: 'tmpfs', options, slot, why: 'takes the changes' },
      { op: 'mkdir', side: 'child', in: slot, path: 'upper', mode: 0o755 },
      { op: 'mkdir', side: 'child', in: slot, path: 'work', mode: 0o700 },
    ],
  }
}
