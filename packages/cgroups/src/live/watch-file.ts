import { readFileSync, watch } from 'node:fs'

import { hasErrno, wrap } from '../internal/files.js'
import { parseFlat } from '../internal/parse.js'

/** Something that runs until it is closed; closing twice is safe. */
export interface Closable {
  /** Stop. Safe to call twice. */
  close(): void
}

/** Told what a file counts now, and what it counted when it was last told. */
export type Changed = (now: Record<string, number>, before: Record<string, number>) => void

/**
 * Call back with the counters of a kernel file whenever the kernel says that it has changed (inotify IN_MODIFY, which v2's cgroup.events,
 * memory.events and pids.events send). Several changes may come as one.
 *
 * @returns undefined where the file does not exist.
 */
export function watchCounters(path: string, changed: Changed): Closable | undefined {
  const look = compare(path, changed, () => watcher.close())
  if (look === undefined) return undefined
  const watcher = start(path, look)
  // What happened between the first look and the start of the watch.
  look()
  return watcher
}

// Often enough for a person, and a read of some microseconds.
const POLL_MS = 50

/** The same for files that change without a word: those of v1 (release_agent, its way to tell, serves a whole hierarchy). */
export function pollCounters(path: string, changed: Changed): Closable | undefined {
  const look = compare(path, changed, () => clearInterval(timer))
  if (look === undefined) return undefined
  const timer = setInterval(look, POLL_MS).unref()
  return { close: () => clearInterval(timer) }
}

function compare(path: string, changed: Changed, gone: () => void): (() => void) | undefined {
  let before = read(path)
  if (before === undefined) return undefined
  return () => {
    const now = read(path)
    // The group was removed.
    if (now === undefined) return gone()
    const last = before!
    before = now
    changed(now, last)
  }
}

function start(path: string, changed: () => void): Closable {
  try {
    return watch(path, { persistent: false }, changed).on('error', () => {})
  } catch (error) {
    throw wrap(
      error,
      'ISO_CGROUP_WATCH',
      `Cannot watch "${path}"`,
      path,
      hasErrno(error, 'EMFILE', 'ENOSPC') ? 'fs.inotify.max_user_instances or max_user_watches is reached' : undefined
    )
  }
}

// cgroup.procs has no counters: that anybody is listed is what counts. memory.failcnt is one counter, without a name.
function read(path: string): Record<string, number> | undefined {
  try {
    const text = readFileSync(path, 'utf8')
    if (path.endsWith('/cgroup.procs')) return { populated: text === '' ? 0 : 1 }
    return path.endsWith('/memory.failcnt') ? { max: Number(text) } : parseFlat(text)
  } catch (error) {
    if (hasErrno(error, 'ENOENT', 'ENODEV')) return undefined
    throw error
  }
}
