import type { OverlayOptions } from '../overlay-options.js'
import type { Upper } from './upper-steps.js'

/** What the overlay is told besides its layers; an empty value sets a flag. */
export function features(options: OverlayOptions): [key: string, value: string][] {
  const list: [string, string][] = []
  if (options.userxattr) list.push(['userxattr', ''])
  if (options.volatile) list.push(['volatile', ''])
  if (options.index !== undefined) list.push(['index', options.index ? 'on' : 'off'])
  if (options.metacopy !== undefined) list.push(['metacopy', options.metacopy ? 'on' : 'off'])
  if (options.redirectDir !== undefined) list.push(['redirect_dir', options.redirectDir])
  if (options.xino !== undefined) list.push(['xino', options.xino])
  return list
}

/** Why the merge is there. */
export function mergeReason(options: OverlayOptions, upper: Upper | undefined): string {
  const layers = options.lower.length === 1 ? '1 lower directory' : `${options.lower.length} lower directories`
  return upper === undefined ? `merge ${layers}` : `merge ${layers} below a writable one`
}

/** Whether the overlay is read-only from the start. */
export function readonlyOf(options: OverlayOptions, upper: Upper | undefined): boolean {
  return options.readonly ?? upper === undefined
}

/** Slot of one lower directory. */
export function lowerSlot(options: OverlayOptions, at: number): string {
  return options.target === undefined ? `overlay:lower:${at}` : `overlay:lower:${at}:${options.target}`
}
