// linux.maskedPaths, linux.readonlyPaths, root.readonly, linux.rootfsPropagation.

import { normalize } from 'node:path'
import type { Step } from '@iso/native'
import { sealRoot } from '@iso/overlay'
import type { Context } from './context.js'

const beneath = (path: string) => ({ in: 'root', path: normalize(path).slice(1) })

/** Hidden and read-only paths; behind the sysctls, which are written through what is read-only then. */
export function pathSteps({ config }: Context): Step[] {
  const { maskedPaths = [], readonlyPaths = [] } = config.linux ?? {}
  return [
    ...readonlyPaths.map((path): Step => ({
      op: 'readonly',
      ...beneath(path),
      recursive: true,
      why: 'read-only path',
    })),
    ...maskedPaths.map((path): Step => ({ op: 'mask', ...beneath(path), why: 'masked path' })),
  ]
}

/** What the root is in the end. */
export function sealSteps({ config }: Context): Step[] {
  return config.root?.readonly ? sealRoot() : []
}

/** Propagation of the root, once it is one. */
export function propagationSteps({ config }: Context): Step[] {
  const propagation = config.linux?.rootfsPropagation ?? ''
  const [, , type] = /^(r?)(private|shared|slave|unbindable)$/.exec(propagation) ?? []
  if (type === undefined) return []
  return [
    {
      op: 'propagation',
      phase: 'late',
      path: '/',
      propagation: type as 'private' | 'shared' | 'slave' | 'unbindable',
      ...(propagation.startsWith('r') && { recursive: true }),
      why: 'rootfsPropagation',
    },
  ]
}
