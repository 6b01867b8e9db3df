import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

import { hasErrno, readKernelFile, writeKernelFile } from '../internal/files.js'
import type { Place } from '../place.js'

/** Process IDs in a group and everything beneath it; empty where the group is gone. 0 stands for a process outside of the reader's PID namespace. */
export async function pids(directory: string): Promise<number[]> {
  try {
    const [own, entries] = await Promise.all([
      readKernelFile(join(directory, 'cgroup.procs')),
      readdir(directory, { withFileTypes: true }),
    ])
    const below = await Promise.all(
      entries.filter((entry) => entry.isDirectory()).map((entry) => pids(join(directory, entry.name)))
    )
    return [...new Set([...own.split('\n').filter(Boolean).map(Number), ...below.flat()])]
  } catch (error) {
    if (hasErrno(error, 'ENOENT', 'ENODEV')) return []
    throw error
  }
}

/** The place whose list of processes counts: v2, else the freezer, else any. */
export function mainPlace(places: readonly Place[]): Place {
  return (
    places.find((place) => place.version === 2) ??
    places.find((place) => place.controllers.includes('freezer')) ??
    places[0]!
  )
}

/** Move a process with all its threads into every place. v2 last: what watches it then sees a process that is under its limits. */
export async function add(places: readonly Place[], pid: number): Promise<void> {
  for (const place of [...places].sort((a, b) => a.version - b.version)) {
    const path = join(place.directory, 'cgroup.procs')
    await writeKernelFile(path, `${pid}`, addHint)
  }
}

function addHint(error: unknown): string | undefined {
  if (hasErrno(error, 'ESRCH')) return 'there is no such process, or it has ended'
  if (hasErrno(error, 'EBUSY')) return 'the group hands controllers down to groups beneath it and so takes no process'
  if (hasErrno(error, 'ENOSPC')) return 'its cpuset has no processors or no memory nodes'
  if (hasErrno(error, 'EAGAIN')) return 'it is not allowed to fork there (pids.max), or is a kernel thread'
  return undefined
}
