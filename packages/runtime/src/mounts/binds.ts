// Files and directories of the host shown in the container.

import { existsSync } from 'node:fs'
import type { Step } from '@iso/native'
import { absolutePath, flag, knownKeys, oneOf, show } from '../internal/check.js'
import type { Context } from '../internal/context.js'
import type { BindOptions, BindPropagation } from '../mount-options.js'
import { handedMount } from './handed.js'
import { mountTarget } from './target.js'

type BindStep = Extract<Step, { op: 'bind' }>

const PROPAGATIONS: readonly BindPropagation[] = ['private', 'rprivate', 'slave', 'rslave', 'shared', 'rshared']
const KEYS: readonly (keyof BindOptions)[] = [
  'source',
  'target',
  'readonly',
  'recursive',
  'propagation',
  'noexec',
  'nosuid',
  'nodev',
  'idmap',
  'ifPresent',
]

/** Why a step opens the source of a bind on the host. */
export const HANDED = 'bind, opened on the host'
export const SHARED = 'bind, shared with the host'

/**
 * Check a bind, in Docker's form `source:target[:options]` or as an object. A path with a `:` needs the object.
 *
 * @throws TypeError with the value.
 */
export function parseBind(bind: string | BindOptions): BindOptions {
  if (typeof bind === 'string') return check(parseText(bind))
  if (typeof bind !== 'object' || bind === null)
    throw new TypeError(`Cannot bind ${show(bind)}: wanted "source:target[:options]" or an object`)
  return check(bind)
}

function parseText(bind: string): BindOptions {
  const [source = '', target, words = '', ...rest] = bind.split(':')
  if (target === undefined || rest.length > 0)
    throw new TypeError(
      `Cannot bind ${show(bind)}: wanted "source:target[:options]"; for a path with ":" use an object`
    )
  const options: BindOptions = { source, target }
  for (const word of words.split(',')) {
    if (word === 'ro' || word === 'readonly') options.readonly = true
    else if (word === 'rw' || word === '') options.readonly = false
    else if (word === 'noexec' || word === 'nosuid' || word === 'nodev' || word === 'idmap') options[word] = true
    else if (word === 'rbind') options.recursive = true
    else if (word === 'bind' || word === 'nonrecursive') options.recursive = false
    else if (PROPAGATIONS.includes(word as BindPropagation)) options.propagation = word as BindPropagation
    else
      throw new TypeError(
        `Cannot bind ${show(bind)}: option ${show(word)} is unknown; wanted ro, rw, noexec, nosuid, nodev, idmap, bind, rbind or a propagation`
      )
  }
  return options
}

function check(bind: BindOptions): BindOptions {
  knownKeys('bind', bind, KEYS)
  absolutePath('bind source', bind.source)
  for (const key of ['readonly', 'recursive', 'noexec', 'nosuid', 'nodev', 'idmap', 'ifPresent'] as const)
    flag(`bind ${key}`, bind[key], false)
  if (bind.propagation !== undefined) oneOf('bind propagation', bind.propagation, PROPAGATIONS)
  return { ...bind, target: mountTarget('bind target', bind.target) }
}

/** By descriptor on both ends: the source is opened once, the target resolved inside the root. */
export function bindSteps(bind: BindOptions, { userns, idmap }: Pick<Context, 'userns' | 'idmap'>): Step[] {
  const { source, target, readonly, recursive = true, noexec, nosuid, nodev, ifPresent } = bind
  const set = [
    ...(readonly ? ['ro' as const] : []),
    ...(noexec ? ['noexec' as const] : []),
    ...(nosuid ? ['nosuid' as const] : []),
    ...(nodev ? ['nodev' as const] : []),
  ]
  const propagation = bind.propagation?.replace(/^r(?=private|slave|shared)/, '') as Propagation | undefined
  const to = { in: 'root', path: target.slice(1), create: 'sameAsSource', why: 'bind' } as const
  if (propagation === 'shared') return sharedSteps({ source, recursive, set, to, ifPresent, userns })
  if (bind.idmap && idmap === undefined)
    throw new TypeError(
      `Cannot bind ${show(source)} with idmap: ${userns ? 'an ordinary user may not translate owners' : 'the container has no user namespace of its own'}; wanted userns "private" as root`
    )
  if (idmap !== undefined) {
    // Not `ifPresent` of a step: what is made of nothing has several.
    if (ifPresent && !existsSync(source)) return []
    const slot = `bind:${to.path}`
    const mount = { source, slot, recursive, set, propagation, idmap: bind.idmap ?? false, why: HANDED }
    return [...handedMount(mount), { op: 'moveMount', slot, ...to }]
  }
  return [
    {
      op: 'bind',
      source,
      ...to,
      recursive,
      ...(set.length > 0 && { set, recursiveAttributes: recursive }),
      ...(propagation !== undefined && { propagation }),
      ...(ifPresent && { ifPresent }),
    },
  ]
}

type Propagation = NonNullable<BindStep['propagation']>

interface SharedBind {
  source: string
  recursive: boolean
  set: NonNullable<BindStep['set']>
  to: { in: string; path: string; create: 'sameAsSource' }
  ifPresent: boolean | undefined
  userns: boolean
}

// What the container mounts below is to appear on the host: only a copy that was made there is a peer of the host's mount. The container's
// own copies are followers (slaves) of it.
function sharedSteps({ source, recursive, set, to, ifPresent, userns }: SharedBind): Step[] {
  if (userns)
    throw new TypeError(
      `Cannot bind ${show(source)} shared: in a user namespace of its own a container follows the host only`
    )
  if (ifPresent) throw new TypeError(`Cannot bind ${show(source)} shared if it is present: wanted one of the two`)
  const slot = `bind:${to.path}`
  return [
    { op: 'openTree', side: 'parent', path: source, recursive, slot, why: SHARED },
    ...(set.length > 0 ? [{ op: 'mountSetattr', side: 'child', in: slot, recursive, set } as const] : []),
    { op: 'moveMount', slot, ...to },
  ]
}
