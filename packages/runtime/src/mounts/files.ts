// Files made of data: they live in one tmpfs and are bound to their paths, so that a root filesystem on disk never holds them.

import type { Step } from '@iso/native'
import { knownKeys, show, wholeNumber } from '../internal/check.js'
import type { FileOptions } from '../mount-options.js'
import { mountTarget } from './target.js'

const KEYS: readonly (keyof FileOptions)[] = ['path', 'data', 'mode', 'uid', 'gid']
/** Any directory that is surely there; it is covered for a moment only, and nothing else runs yet. */
const AT = 'pts'
const HIGHEST_ID = 2 ** 31 - 1

/** @throws TypeError or RangeError with the value. */
export function fileSteps(files: readonly FileOptions[]): Step[] {
  if (files.length === 0) return []
  return [
    {
      op: 'fsMount',
      side: 'child',
      fstype: 'tmpfs',
      options: ['mode', '0700'],
      attributes: ['nosuid', 'nodev'],
      slot: 'files',
      why: 'data never touches a disk',
    },
    { op: 'mkdir', in: 'files', path: 'f', mode: 0o700 },
    ...files.map((file, at): Step => ({
      op: 'makeFile',
      in: 'files',
      path: `f/${at}`,
      ...content(file),
      why: `content of ${file.path}`,
    })),
    { op: 'moveMount', slot: 'files', in: 'dev', path: AT, why: 'a mount must be attached to be bound from' },
    ...files.map((file, at): Step => ({
      op: 'bind',
      from: 'files',
      source: `f/${at}`,
      in: 'root',
      path: mountTarget('file', file.path).slice(1),
      create: 'file',
      set: ['nosuid', 'nodev'],
      why: 'file from data',
    })),
    { op: 'unmount', in: 'dev', path: AT, flags: ['detach'], why: 'the binds stay' },
  ]
}

function content(file: FileOptions): { data: string | Uint8Array; mode: number; uid: number; gid: number } {
  if (typeof file !== 'object' || file === null)
    throw new TypeError(`Cannot make file ${show(file)}: wanted { path, data }`)
  knownKeys('file', file, KEYS)
  if (typeof file.data !== 'string' && !(file.data instanceof Uint8Array))
    throw new TypeError(`Cannot make file ${show(file.path)}: data is ${show(file.data)}; wanted a string or bytes`)
  return {
    data: file.data,
    mode: wholeNumber('file mode', file.mode ?? 0o644, 0, 0o7777),
    uid: wholeNumber('file uid', file.uid ?? 0, 0, HIGHEST_ID),
    gid: wholeNumber('file gid', file.gid ?? 0, 0, HIGHEST_ID),
  }
}
