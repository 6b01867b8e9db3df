// idmap and ridmap: owners of a bind translated by the container's maps, or by maps of its own.

import { createHash } from 'node:crypto'
import type { Step } from '@iso/native'
import { ConfigError } from '../config/config-error.js'
import type { Context } from './context.js'
import type { Entry } from './mount-entry.js'

/**
 * The supervisor makes the mount with the container's user namespace, once its maps stand, and hands it over detached.
 *
 * @throws ConfigError for maps that are not those of the container.
 */
export function idmapSteps(context: Context, { mount, place, slot, options }: Entry, source: string): Step[] {
  const { uidMappings, gidMappings } = context.config.linux ?? {}
  if (!context.userns) throw new ConfigError(`${place}.options`, 'idmap needs a user namespace')
  const own =
    mount.uidMappings === undefined || (same(mount.uidMappings, uidMappings) && same(mount.gidMappings, gidMappings))
  if (!own) throw new ConfigError(`${place}.uidMappings`, 'maps other than those of the container are not supported')
  const beside = { side: 'parent', phase: 'beside' } as const
  const id = createHash('sha256').update(slot).digest('hex').slice(0, 12) // names of barriers are short
  const made = `idmap:${id}`
  const recursive = options.idmap === 'recursive' || (options.recursiveBind && options.idmap === false)
  return [
    { ...beside, op: 'open', path: '/proc/{pid}/ns/user', flags: ['readOnly'], fs: 'nsfs', slot: `${made}:ns` },
    { ...beside, op: 'openTree', path: source, recursive: options.recursiveBind, slot: made },
    {
      ...beside,
      op: 'mountSetattr',
      in: made,
      recursive,
      set: ['idmap'],
      userns: `${made}:ns`,
      why: 'owners as the container sees them',
    },
    { ...beside, op: 'mountSetattr', in: made, recursive: true, propagation: 'private' },
    { ...beside, op: 'signal', barrier: made, send: made },
    { op: 'wait', side: 'child', barrier: made, receive: slot },
  ]
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
