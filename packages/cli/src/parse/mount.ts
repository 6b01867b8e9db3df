// --mount type=bind,source=/a,target=/b,readonly and --mount type=tmpfs,target=/c,tmpfs-size=64m

import { resolve } from 'node:path'

import type { BindPropagation, MountOptions } from '@iso/runtime'

import { parseBoolean } from './boolean.js'
import { parseCsv } from './csv.js'
import { parseOctal } from './number.js'

type BindMount = Extract<MountOptions, { type: 'bind' }>
type TmpfsMount = Extract<MountOptions, { type: 'tmpfs' }>

const KEYS: Readonly<Record<string, string>> = { src: 'source', dst: 'target', destination: 'target', ro: 'readonly' }
const COMMON = ['type', 'target', 'readonly', 'consistency']
const OF_TYPE: Readonly<Record<string, readonly string[]>> = {
  bind: ['source', 'bind-propagation', 'bind-nonrecursive', 'bind-recursive', 'idmap'],
  tmpfs: ['tmpfs-size', 'tmpfs-mode'],
}
const PROPAGATIONS = ['private', 'rprivate', 'slave', 'rslave', 'shared', 'rshared']

/**
 * Read a `--mount` value.
 *
 * @throws TypeError for an unknown key, a missing target or source, a type that is neither `bind` nor `tmpfs`.
 */
export function parseMount(text: string): MountOptions {
  const fail = (what: string) => new TypeError(`Cannot read --mount: ${what} in ${JSON.stringify(text)}`)
  const fields = new Map<string, string>()
  for (const field of parseCsv(text, '--mount')) {
    const [key, value] = splitField(field, fail)
    fields.set(key, value)
  }
  const type = fields.get('type') ?? 'volume'
  const known = OF_TYPE[type]
  if (known === undefined) throw fail(`type '${type}' is not there; wanted 'bind' or 'tmpfs'`)
  for (const key of fields.keys()) {
    if (!COMMON.includes(key) && !known.includes(key)) throw fail(`unexpected key '${key}'`)
  }
  const target = fields.get('target')
  if (target === undefined || target === '') throw fail('no target')
  const readonly = fields.has('readonly')
    ? { readonly: parseBoolean(fields.get('readonly') ?? '', '--mount readonly') }
    : {}
  return type === 'bind' ? bind(fields, target, readonly, fail) : tmpfs(fields, target, readonly)
}

function splitField(field: string, fail: (what: string) => Error): [key: string, value: string] {
  const equals = field.indexOf('=')
  const written = (equals === -1 ? field : field.slice(0, equals)).toLowerCase()
  const key = KEYS[written] ?? written
  if (equals !== -1) return [key, field.slice(equals + 1)]
  if (!['readonly', 'bind-nonrecursive', 'idmap'].includes(key)) throw fail(`'${field}' is no key=value pair`)
  return [key, 'true']
}

type Fields = ReadonlyMap<string, string>

function bind(
  fields: Fields,
  target: string,
  readonly: { readonly?: boolean },
  fail: (what: string) => Error
): BindMount {
  const source = fields.get('source')
  if (source === undefined || source === '') throw fail('no source')
  const propagation = fields.get('bind-propagation')
  if (propagation !== undefined && !PROPAGATIONS.includes(propagation))
    throw fail(`bind-propagation '${propagation}' is unknown; wanted one of ${PROPAGATIONS.join(', ')}`)
  const alone = parseBoolean(fields.get('bind-nonrecursive') ?? 'false', '--mount bind-nonrecursive')
  const recursive = fields.get('bind-recursive') ?? (alone ? 'disabled' : 'enabled')
  if (!['enabled', 'disabled', 'readonly'].includes(recursive))
    throw fail(`bind-recursive '${recursive}' is not there; wanted 'enabled', 'disabled' or 'readonly'`)
  // Read-only means the submounts here, too; Docker has a word for being sure of that.
  if (recursive === 'readonly' && !readonly.readonly) throw fail("bind-recursive 'readonly' without readonly")
  return {
    type: 'bind',
    source: resolve(source),
    target,
    ...readonly,
    ...(recursive === 'disabled' ? { recursive: false } : {}),
    ...(fields.has('idmap') ? { idmap: parseBoolean(fields.get('idmap') ?? '', '--mount idmap') } : {}),
    ...(propagation === undefined ? {} : { propagation: propagation as BindPropagation }),
  }
}

function tmpfs(fields: Fields, target: string, readonly: { readonly?: boolean }): TmpfsMount {
  const size = fields.get('tmpfs-size')
  const mode = fields.get('tmpfs-mode')
  return {
    type: 'tmpfs',
    target,
    ...readonly,
    ...(size === undefined ? {} : { size }),
    ...(mode === undefined ? {} : { mode: parseOctal(mode, '--mount tmpfs-mode') }),
  }
}
