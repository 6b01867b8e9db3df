// What is kept of a container between commands: one directory, plain files, replaced as a whole.

import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { IsoError } from '@iso/native'
import type { Hooks } from '../spec/hooks.js'
import type { CgroupDirectory } from '../steps/cgroup.js'

/** A container as it is kept in `state.json`. */
export interface ContainerRecord {
  /** Of this file. */
  version: 1
  id: string
  ociVersion: string
  /** Absolute path. */
  bundle: string
  /** Absolute path on the host. */
  rootfs: string
  annotations?: Readonly<Record<string, string>>
  /** ISO 8601. */
  created: string
  /** Absent while it is being made. */
  process?: { pid: number; startTime: string }
  cgroups: readonly CgroupDirectory[]
  cgroupPlace?: { parent: string; name: string }
  userns: boolean
  setgroups: boolean
  /** Hooks that are yet to run. */
  hooks: Pick<Hooks, 'poststart' | 'poststop'>
  /** Where the listener of the filter is handed over. */
  seccompListener?: { path: string; metadata: string }
}

/** Files of a container's directory. */
export const files = (directory: string): { state: string; config: string; socket: string } => ({
  state: join(directory, 'state.json'),
  config: join(directory, 'config.json'),
  socket: join(directory, 'start.sock'),
})

/**
 * Write a file so that a reader sees the old or the new content, and a crash of ours leaves one of them. It is not forced to a disk: no
 * container outlives the machine.
 */
export function writeWhole(path: string, content: string): void {
  const draft = `${path}.new`
  writeFileSync(draft, content, { mode: 0o600 })
  renameSync(draft, path)
}

/** @throws Node's error where it cannot be written. */
export function writeRecord(directory: string, record: ContainerRecord): void {
  writeWhole(files(directory).state, `${JSON.stringify(record)}\n`)
}

/** @throws IsoError `ISO_NO_CONTAINER` where there is none of that name. */
export function readRecord(root: string, id: string): ContainerRecord {
  const directory = directoryOf(root, id)
  let text
  try {
    text = readFileSync(files(directory).state, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause
    throw new IsoError('ISO_NO_CONTAINER', `Cannot find container ${JSON.stringify(id)}: container does not exist`, {
      path: directory,
    })
  }
  return JSON.parse(text) as ContainerRecord
}

/** Directory of a container. @throws TypeError for an id that is no name of a file. */
export function directoryOf(root: string, id: string): string {
  if (id === '' || id.length > 1024 || !/^[A-Za-z0-9_+.-]+$/.test(id) || id === '.' || id === '..')
    throw new TypeError(`Cannot use container id ${JSON.stringify(id)}: wanted letters, digits, "_", "+", "-" and "."`)
  return join(root, id)
}
