import type { Step } from '@iso/native'

import { escapeOption } from '../escape-option.js'
import type { OverlayOptions } from '../overlay-options.js'
import { uncover } from './attached-layers.js'
import { features, mergeReason, readonlyOf } from './features.js'
import type { Upper } from './upper-steps.js'

// mount(2) copies one page of options, the final NUL included.
const MAX_DATA_BYTES = 4095

// Before `lowerdir+` all layers share one page. Where their paths are too long for it a tmpfs full of short symbolic links
// is put on top of `/` for a moment, and the layers are named relative to it: 500 of them take about 1500 bytes.
/** All layers in one option string. */
export function mountSteps(options: OverlayOptions, upper: Upper | undefined): Step[] {
  const plain = options.lower.map(escapeOption).join(':')
  const rest = features(options)
    .map(([key, value]) => (value === '' ? `,${key}` : `,${key}=${value}`))
    .join('')
  const upperdir = upper === undefined ? '' : `,upperdir=${dataValue(upper.upper)},workdir=${dataValue(upper.work)}`
  const slack = upper === undefined ? 0 : upper.bytes
  const fits =
    Buffer.byteLength(`lowerdir=${plain}${upperdir}${rest}`) + slack <= MAX_DATA_BYTES && !plain.includes('{')
  const lowerdir = fits ? plain : options.lower.map((_, at) => at.toString(36)).join(':')
  const mount: Step = {
    op: 'mount',
    fstype: 'overlay',
    source: 'overlay',
    path: options.target ?? '/',
    data: `lowerdir=${lowerdir}${upperdir}${rest}`,
    why: mergeReason(options, upper),
    ...(options.in !== undefined && { in: options.in }),
    ...(options.target !== undefined && { create: 'directory' }),
    ...(readonlyOf(options, upper) && { flags: ['ro'] }),
  }
  const steps: Step[] = fits ? [mount] : [...linkSteps(options), mount]
  if (options.target === undefined) {
    // `/` itself still names the covered mount; `..` of the root is the one on top. What lies between the two goes with the old root.
    return [
      ...steps,
      {
        op: 'open',
        side: 'child',
        path: '/..',
        flags: ['path', 'directory'],
        slot: 'root',
        why: 'the overlay on top of /',
      },
    ]
  }
  if (!fits) steps.push({ op: 'chdir', phase: 'setup', path: '/' }, uncover('the short names have served'))
  if (upper?.covers) steps.push(uncover('the overlay holds its layers itself'))
  return steps
}

// A link with an absolute target is followed from the covered root, so it leads to the layer whatever lies on top of `/`.
function linkSteps(options: OverlayOptions): Step[] {
  const slot = options.target === undefined ? 'overlay:links' : `overlay:links:${options.target}`
  return [
    {
      op: 'fsMount',
      side: 'child',
      fstype: 'tmpfs',
      options: ['mode', '0700'],
      slot,
      why: 'short names for many layers',
    },
    ...options.lower.map((target, at): Step => ({ op: 'symlink', in: slot, path: at.toString(36), target })),
    { op: 'moveMount', slot, path: '/' },
    { op: 'chdir', phase: 'setup', path: '/..', why: 'layers are named relative to it' },
  ]
}

// A slot reference is filled in by the interpreter and holds nothing to escape.
function dataValue(value: string): string {
  return value.startsWith('{slot:') ? value : escapeOption(value)
}
