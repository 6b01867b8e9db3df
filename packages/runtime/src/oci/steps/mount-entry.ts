// One entry of config.mounts, checked, and what holds for all kinds of it.

import { join, normalize } from 'node:path'
import type { Step } from '@iso/native'
import type { Mount } from '../spec/config.js'
import { parseMountOptions, type ParsedOptions } from './mount-options.js'

/** A mount, checked. */
export interface Entry {
  mount: Mount
  /** Where it stands in config.json, for messages. */
  place: string
  /** Target beneath the root, without a leading `/`. */
  path: string
  slot: string
  options: ParsedOptions
}

/** The mounts of a configuration, checked. */
export function entryOf(mount: Mount, index: number): Entry {
  const place = `$.mounts[${index}]`
  const path = normalize(join('/', mount.destination)).slice(1)
  return {
    mount,
    place,
    path: path.replace(/\/$/, ''),
    slot: `mount:${index}`,
    options: parseMountOptions(mount.options ?? []),
  }
}

/** Whether it shows something of the host. */
export const isBind = ({ mount, options }: Pick<Entry, 'mount' | 'options'>): boolean =>
  mount.type === 'bind' || options.bind

/** Attributes of it and all below, and propagation, of a mount that stands. */
export function afterwards({ path, options }: Pick<Entry, 'path' | 'options'>): Step[] {
  const { recursiveSet, recursiveClear, propagations } = options
  const target = { side: 'child', in: 'root', path } as const
  return [
    ...(recursiveSet.size + recursiveClear.size === 0
      ? []
      : [
          {
            op: 'mountSetattr',
            ...target,
            recursive: true,
            set: [...recursiveSet],
            clear: [...recursiveClear],
          } as const,
        ]),
    ...propagations.map(({ type, recursive }): Step => ({
      op: 'propagation',
      in: 'root',
      path,
      propagation: type,
      ...(recursive && { recursive }),
    })),
  ]
}
