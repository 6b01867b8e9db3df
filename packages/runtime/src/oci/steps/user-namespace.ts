// linux.uidMappings and linux.gidMappings.

import type { Step } from '@iso/native'
import { deniesSetgroups, userns, type IdRange } from '@iso/userns'
import { ConfigError } from '../config/config-error.js'
import type { IdMapping } from '../spec/linux.js'
import { makes, separate, type Context } from './context.js'

/** The user namespace of a container. */
export interface UserNamespace {
  steps: Step[]
  /** setgroups(2) works inside. */
  setgroups: boolean
}

/** @throws ConfigError where a new user namespace has no maps. */
export function userNamespace(context: Context): UserNamespace {
  if (!separate(context, 'user')) return { steps: [], setgroups: true }
  if (!makes(context, 'user'))
    return { steps: [{ op: 'becomeRoot', why: 'what is made from here on belongs to root inside' }], setgroups: true }
  const { uidMappings = [], gidMappings = [] } = context.config.linux ?? {}
  if (uidMappings.length === 0 || gidMappings.length === 0) {
    const missing = uidMappings.length === 0 ? 'uidMappings' : 'gidMappings'
    throw new ConfigError(`$.linux.${missing}`, 'a new user namespace needs it')
  }
  const maps = { uids: ranges(uidMappings), gids: ranges(gidMappings) }
  return { steps: userns(maps), setgroups: !deniesSetgroups(maps) }
}

/** Ranges as @iso/userns writes them. */
export const ranges = (mappings: readonly IdMapping[]): IdRange[] =>
  mappings.map(({ containerID, hostID, size }) => ({ inside: containerID, outside: hostID, count: size }))
