import type { Step } from '@iso/native'

import type { OverlayApi, OverlayOptions } from '../overlay-options.js'
import { readonlyOf } from './features.js'
import { fsconfigSteps, idmappedSteps } from './fsconfig-steps.js'
import { kernelAtLeast } from './kernel-version.js'
import { mountSteps } from './mount-steps.js'
import { attach, slotOf } from './root-steps.js'
import type { Upper } from './upper-steps.js'

/** Merge the layers into one mount and attach it. */
export function mergeSteps(options: OverlayOptions, upper: Upper | undefined): Step[] {
  if (options.idmap !== undefined) return idmappedSteps(options, upper)
  const api = options.api ?? (kernelAtLeast(6, 8) ? 'fsconfig' : 'mount')
  const steps = api === 'fsconfig' ? fsconfigSteps(options, upper) : mountSteps(options, upper)
  if (options.fallback !== 'bind')
    return api === 'mount' && needsReadback(options, upper) ? [...steps, readback(options)] : steps
  // Whatever the bind shows must not be remounted: that would change the file system it comes from.
  const merges = (step: Step): boolean => (step.op === 'fsMount' || step.op === 'mount') && step.fstype === 'overlay'
  return steps.map((step) => (merges(step) ? { ...step, onError: { else: bindInstead(options, api) } } : step))
}

// A tmpfs of our own can always be written.
function needsReadback(options: OverlayOptions, upper: Upper | undefined): boolean {
  return options.upper !== undefined && !readonlyOf(options, upper)
}

// An overlay whose upper or work directory the kernel cannot use (not writable, idmapped) is not refused: it turns read-only without
// a word. Asked to make it writable, the kernel answers EROFS. (fsMount checks for itself.)
function readback(options: OverlayOptions): Step {
  const why = 'read back that it can be written'
  if (options.target === undefined) return { op: 'mount', in: slotOf(options), path: '.', flags: ['remount'], why }
  return {
    op: 'mount',
    path: options.target,
    flags: ['remount'],
    why,
    ...(options.in !== undefined && { in: options.in }),
  }
}

function bindInstead(options: OverlayOptions, api: OverlayApi): Step[] {
  const slot = api === 'fsconfig' ? slotOf(options) : 'overlay:instead'
  const path = options.lower[0] as string
  return [
    {
      op: 'openTree',
      side: 'child',
      path,
      recursive: true,
      slot,
      why: 'no overlay possible: show the lower directory itself',
    },
    {
      op: 'mountSetattr',
      side: 'child',
      in: slot,
      set: ['ro'],
      recursive: true,
      why: 'the lower directory stays untouched',
    },
    ...(api === 'fsconfig' ? [] : [attach(slot, options)]),
  ]
}
