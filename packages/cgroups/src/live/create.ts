import { mkdir, rmdir } from 'node:fs/promises'

import { IsoError } from '@iso/native'

import { hasErrno, wrap } from '../internal/files.js'
import type { Action } from '../internal/prepare.js'
import { delegate } from '../owner.js'
import { apply } from './apply.js'
import { attachDevices } from './attach-devices.js'

/**
 * Do what prepare() found. What fails half-way takes the directories it made with it.
 *
 * @param exist The group may be there already; its limits are then written over.
 */
export async function create(actions: readonly Action[], exist: boolean): Promise<void> {
  const made: string[] = []
  try {
    for (const action of actions) {
      if (action.kind === 'create') {
        if ((await make(action.directory, action.exist || exist)) && !action.exist) made.push(action.directory)
        if (action.owner !== undefined) await delegate(action.directory, action.owner)
      } else if (action.kind === 'write') {
        await apply(action.directory, action.write)
      } else {
        await attachDevices(action.directory, action.program)
      }
    }
  } catch (error) {
    for (const directory of made.reverse()) await rmdir(directory).catch(() => {})
    throw error
  }
}

async function make(directory: string, exist: boolean): Promise<boolean> {
  try {
    await mkdir(directory)
    return true
  } catch (error) {
    if (hasErrno(error, 'EEXIST')) {
      if (exist) return false
      throw new IsoError('ISO_CGROUP_EXISTS', `Cannot create cgroup "${directory}"`, {
        errno: 17,
        syscall: 'mkdir',
        path: directory,
        cause: error,
        hint: 'choose another name, or Cgroup.open() it',
      })
    }
    throw wrap(error, 'ISO_CGROUP_CREATE', `Cannot create cgroup "${directory}"`, directory, createHint(error))
  }
}

function createHint(error: unknown): string | undefined {
  if (hasErrno(error, 'EACCES', 'EPERM')) return 'the parent belongs to another user or is not delegated to this one'
  if (hasErrno(error, 'EROFS')) return 'the cgroup file system is mounted read-only, as inside most containers'
  if (hasErrno(error, 'EAGAIN')) return 'cgroup.max.descendants or cgroup.max.depth of a group above is reached'
  if (hasErrno(error, 'ENOENT')) return 'the cgroup above it is gone'
  return undefined
}
