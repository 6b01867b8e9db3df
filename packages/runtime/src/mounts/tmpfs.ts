// Directories in memory.

import type { Step } from '@iso/native'
import { flag, knownKeys, show, wholeNumber } from '../internal/check.js'
import { sizeBytes } from '../internal/units.js'
import type { TmpfsOptions } from '../mount-options.js'
import { mountTarget } from './target.js'

const KEYS: readonly (keyof TmpfsOptions)[] = [
  'target',
  'size',
  'mode',
  'uid',
  'gid',
  'exec',
  'suid',
  'dev',
  'readonly',
]
const HIGHEST_ID = 2 ** 31 - 1

/** Check a tmpfs, in Docker's form `/path[:options]` or as an object. @throws TypeError or RangeError with the value. */
export function parseTmpfs(tmpfs: string | TmpfsOptions): TmpfsOptions {
  const options = typeof tmpfs === 'string' ? parseText(tmpfs) : tmpfs
  if (typeof options !== 'object' || options === null)
    throw new TypeError(`Cannot mount tmpfs ${show(tmpfs)}: wanted "/path[:options]" or an object`)
  knownKeys('tmpfs', options, KEYS)
  if (options.size !== undefined) sizeBytes('tmpfs size', options.size, 1)
  if (options.mode !== undefined) wholeNumber('tmpfs mode', options.mode, 0, 0o7777)
  for (const key of ['uid', 'gid'] as const)
    if (options[key] !== undefined) wholeNumber(`tmpfs ${key}`, options[key], 0, HIGHEST_ID)
  for (const key of ['exec', 'suid', 'dev', 'readonly'] as const) flag(`tmpfs ${key}`, options[key], false)
  return { ...options, target: mountTarget('tmpfs', options.target) }
}

function parseText(text: string): TmpfsOptions {
  const at = text.indexOf(':')
  const options: TmpfsOptions = { target: at < 0 ? text : text.slice(0, at) }
  for (const word of at < 0 ? [] : text.slice(at + 1).split(',')) {
    const [key = '', value] = word.split('=', 2)
    if (value !== undefined && key === 'size') options.size = value
    else if (value !== undefined && key === 'mode' && /^[0-7]{1,5}$/.test(value)) options.mode = parseInt(value, 8)
    else if (value !== undefined && (key === 'uid' || key === 'gid') && /^\d+$/.test(value))
      options[key] = Number(value)
    else if (word === 'exec' || word === 'suid' || word === 'dev') options[word] = true
    else if (word === 'ro') options.readonly = true
    else if (!['rw', 'noexec', 'nosuid', 'nodev', ''].includes(word))
      throw new TypeError(
        `Cannot mount tmpfs ${show(text)}: option ${show(word)} is unknown; wanted size=, mode=, uid=, gid=, exec, suid, dev, ro`
      )
  }
  return options
}

/** Docker's defaults: noexec, nosuid, nodev, mode 1777. */
export function tmpfsStep({ target, size, mode = 0o1777, uid, gid, exec, suid, dev, readonly }: TmpfsOptions): Step {
  const flags = [
    ...(exec ? [] : ['noexec' as const]),
    ...(suid ? [] : ['nosuid' as const]),
    ...(dev ? [] : ['nodev' as const]),
    ...(readonly ? ['ro' as const] : []),
  ]
  const data = [
    `mode=${mode.toString(8)}`,
    ...(size === undefined ? [] : [`size=${sizeBytes('tmpfs size', size, 1)}`]),
    ...(uid === undefined ? [] : [`uid=${uid}`]),
    ...(gid === undefined ? [] : [`gid=${gid}`]),
  ]
  return {
    op: 'mount',
    fstype: 'tmpfs',
    source: 'tmpfs',
    in: 'root',
    path: target.slice(1),
    create: 'directory',
    flags,
    data: data.join(','),
    why: 'tmpfs',
  }
}
