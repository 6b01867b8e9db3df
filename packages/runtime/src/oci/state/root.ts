// Where containers are kept.

import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { IsoError } from '@iso/native'
import { directoryOf } from './record.js'

/** `/run/iso-runtime`, or a directory of the user. */
export function defaultRoot(): string {
  const { XDG_RUNTIME_DIR } = process.env
  if (process.geteuid?.() === 0 || !XDG_RUNTIME_DIR) return '/run/iso-runtime'
  return join(XDG_RUNTIME_DIR, 'iso-runtime')
}

/** Take an id. @throws IsoError `ISO_CONTAINER_EXISTS` where somebody has it. */
export function claim(root: string, id: string): string {
  const directory = directoryOf(root, id)
  mkdirSync(root, { recursive: true, mode: 0o700 })
  try {
    mkdirSync(directory, { mode: 0o711 })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
    throw new IsoError(
      'ISO_CONTAINER_EXISTS',
      `Cannot create container ${JSON.stringify(id)}: container with id exists already`,
      { path: directory }
    )
  }
  return directory
}

/** Ids of all containers. */
export function containerIds(root: string): string[] {
  try {
    return readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
