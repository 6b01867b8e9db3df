import { createHash } from 'node:crypto'

import type { SlotName, Step } from '@iso/native'

import { escapeOption } from '../escape-option.js'
import type { OverlayOptions } from '../overlay-options.js'
import { kernelAtLeast } from './kernel-version.js'
import { withField } from './pending-fields.js'
import { layerValue } from './layer-value.js'
import { attach, slotOf } from './root-steps.js'
import type { Upper } from './upper-steps.js'

// mount(2) copies one page of options, the final NUL included.
const MAX_DATA_BYTES = 4095

/** Merge the layers into one mount and attach it. */
export function mergeSteps(options: OverlayOptions, upper: Upper | undefined): Step[] {
  if (options.idmap !== undefined) return idmappedSteps(options, upper)
  const api = options.api ?? (kernelAtLeast(6, 8) ? 'fsconfig' : 'mount')
  const steps = api === 'fsconfig' ? fsconfigSteps(options, upper) : mountSteps(options, upper)
  const merge = steps.find((step) => step.op === (api === 'fsconfig' ? 'fsMount' : 'mount'))
  if (merge !== undefined && options.fallback === 'bind') merge.onError = { else: bindInstead(options) }
  return steps
}

function fsconfigSteps(options: OverlayOptions, upper: Upper | undefined): Step[] {
  const slot = slotOf(options)
  const lowers = options.lower.map((path, at) => layerValue(path, lowerSlot(options, at)))
  const merge = fsconfigMerge(
    options,
    upper,
    lowers.map(({ value }) => value),
    slot
  )
  return [...lowers.flatMap((layer) => layer.steps), { ...merge, side: 'child' } as Step, attach(slot, options)]
}

// The kernel turns an overlay over an idmapped upper read-only, but takes idmapped lower directories: those are translated,
// and the upper belongs to the container's root as it is.
function idmappedSteps(options: OverlayOptions, upper: Upper | undefined): Step[] {
  const beside = { side: 'parent', phase: 'beside' } as const
  const id =
    options.target === undefined ? 'root' : createHash('sha256').update(options.target).digest('hex').slice(0, 12)
  const userns = `overlay:userns:${id}`
  const made = `overlay:made:${id}`
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
  const values = lowers.flatMap((value) => ['lowerdir+', value])
  if (upper !== undefined) values.push('upperdir', upper.upper, 'workdir', upper.work)
  for (const [key, value] of features(options)) values.push(key, value)
  const step: Step = {
    op: 'fsMount',
    fstype: 'overlay',
    options: ['source', 'overlay', ...values],
    slot,
    why: mergeReason(options, upper),
    ...(readonlyOf(options, upper) && { attributes: ['ro'] }),
  }
  // The kernel turns an overlay whose upper it cannot use read-only instead of refusing it: read that back.
  return readonlyOf(options, upper) ? step : withField(step, 'writable', true)
}

// Before `lowerdir+` all layers share one page. Where their paths are too long for it a tmpfs full of short symbolic links
// is put on top of `/` for a moment, and the layers are named relative to it: 500 of them take about 1500 bytes.
function mountSteps(options: OverlayOptions, upper: Upper | undefined): Step[] {
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
    // `/` itself still names the covered mount; `..` of the root is the one on top.
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
  if (fits) return steps
  return [
    ...steps,
    { op: 'chdir', phase: 'setup', path: '/' },
    { op: 'unmount', path: '/..', flags: ['detach'], why: 'the short names have served' },
  ]
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

function bindInstead(options: OverlayOptions): Step[] {
  const slot = slotOf(options)
  return [
    {
      op: 'openTree',
      side: 'child',
      path: options.lower[0] as string,
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
  ]
}

function features(options: OverlayOptions): [key: string, value: string][] {
  const list: [string, string][] = []
  if (options.userxattr) list.push(['userxattr', ''])
  if (options.volatile) list.push(['volatile', ''])
  if (options.index !== undefined) list.push(['index', options.index ? 'on' : 'off'])
  if (options.metacopy !== undefined) list.push(['metacopy', options.metacopy ? 'on' : 'off'])
  if (options.redirectDir !== undefined) list.push(['redirect_dir', options.redirectDir])
  if (options.xino !== undefined) list.push(['xino', options.xino])
  return list
}

function mergeReason(options: OverlayOptions, upper: Upper | undefined): string {
  const layers = options.lower.length === 1 ? '1 lower directory' : `${options.lower.length} lower directories`
  return upper === undefined ? `merge ${layers}` : `merge ${layers} below a writable one`
}

function readonlyOf(options: OverlayOptions, upper: Upper | undefined): boolean {
  return options.readonly ?? upper === undefined
}

function lowerSlot(options: OverlayOptions, at: number): string {
  return options.target === undefined ? `overlay:lower:${at}` : `overlay:lower:${at}:${options.target}`
}

// A slot reference is filled in by the interpreter and holds nothing to escape.
function dataValue(value: string): string {
  return value.startsWith('{slot:') ? value : escapeOption(value)
}
