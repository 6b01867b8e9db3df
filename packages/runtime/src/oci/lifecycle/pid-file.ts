import { renameSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** Write a process ID so that a reader never sees half of it. */
export function writePidFile(path: string, pid: number): void {
  const draft = join(dirname(path), `.${basename(path)}`)
  writeFileSync(draft, `${pid}`)
  renameSync(draft, path)
}
