// Binds: the source is cloned, gets its attributes while nobody sees it, and is attached by descriptor.

import { isAbsolute, join } from 'node:path'
import type { Step } from '@iso/native'
import { ConfigError } from '../config/config-error.js'
import type { Context } from './context.js'
import { idmapSteps } from './idmap.js'
import type { Entry } from './mount-entry.js'

/** @throws ConfigError for a bind without a source, and for one that is to spread to the host out of a user namespace. */
export function bindSteps(context: Context, entry: Entry): Step[] {
  const { mount, place, path, slot, options } = entry
  if (options.remount) return [remount(entry)]
  if (mount.source === undefined || mount.source === '') throw new ConfigError(`${place}.source`, 'a bind needs it')
  if (options.data.length > 0)
    throw new ConfigError(`${place}.options`, `${JSON.stringify(options.data[0])} is unknown for a bind`)
  const source = isAbsolute(mount.source) ? mount.source : join(context.bundle, mount.source)
  const shared = options.propagations.some(({ type }) => type === 'shared')
  if (shared && context.userns)
    throw new ConfigError(`${place}.options`, 'a bind cannot be shared with the host out of a user namespace')
  const recursive = options.recursiveBind
  const opened = options.idmap !== false || mount.uidMappings !== undefined
  return [
    ...(opened
      ? idmapSteps(context, entry, source)
      : [
          {
            op: 'openTree',
            side: shared ? 'parent' : 'child',
            path: source,
            recursive,
            slot,
            why: `bind ${mount.destination}`,
          } as const,
        ]),
    ...attributeSteps(context, entry),
    { op: 'moveMount', slot, in: 'root', path, create: 'sameAsSource', why: `bind ${mount.destination}` },
  ]
}

// In a user namespace what the host has set is locked: there nothing is cleared that nobody asked for.
function attributeSteps({ userns }: Context, { slot, options }: Entry): Step[] {
  const { set, recursiveSet, recursiveClear, propagations, flags } = options
  const target = { op: 'mountSetattr', side: 'child', in: slot } as const
  const clear = flags.has('relatime') && !userns ? (['atimeMask'] as const) : []
  return [
    ...(set.size + clear.length === 0 ? [] : [{ ...target, set: [...set], ...(clear.length > 0 && { clear }) }]),
    ...(recursiveSet.size + recursiveClear.size === 0
      ? []
      : [{ ...target, recursive: true, set: [...recursiveSet], clear: [...recursiveClear] }]),
    ...propagations.map(({ type, recursive }) => ({ ...target, propagation: type, ...(recursive && { recursive }) })),
  ]
}

function remount({ mount, path, options }: Entry): Step {
  return {
    op: 'mountSetattr',
    side: 'child',
    in: 'root',
    path,
    set: [...options.set],
    ...(!options.set.has('ro') && { clear: ['ro'] }),
    why: `remount ${mount.destination}`,
  }
}
