import { readFileSync, watch } from 'node:fs'

import { hasErrno, wrap } from '../internal/files.js'
import { parseFlat } from '../internal/parse.js'

/** Something that runs until it is closed; closing twice is safe. */
export interface Closable {
  close(): void
}

/**
 * Call back with the counters of a kernel file and those before, whenever the kernel says that it has changed (inotify IN_MODIFY, which
 * cgroup.events, memory.events and pids.events send). Several changes may come as one.
 *
 * @returns undefined where the file does not exist.
 */
export function watchCounters(path: string, changed: (now: Record<string, number>, before: Record<string, number>) => void): Closable | undefined {
  let before = read(path)
  if (before === undefined) return undefined
  const look = () => {
    const now = read(path)
    // The group was removed.
    if (now === undefined) return watcher.close()
    const last = before!
    before = now
    changed(now, last)
  }
  const watcher = start(path, look)
  // What happened between the first look and the start of the watch.
  look()
  return watcher
}

function start(path: string, changed: () => void): Closable {
  try {
    return watch(path, { persistent: false }, changed).on('error', () => {})
  } catch (error) {
    throw wrap(error, 'ISO_CGROUP_WATCH', `Cannot watch "${path}"`, path, hasErrno(error, 'EMFILE', 'ENOSPC') ? 'fs.inotify.max_user_instances or max_user_watches is reached' : undefined)
  }
}

function read(path: string): Record<string, number> | undefined {
  try {
    return parseFlat(readFileSync(path, 'utf8'))
  } catch (error) {
    if (hasErrno(error, 'ENOENT', 'ENODEV')) return undefined
    throw error
  }
}
