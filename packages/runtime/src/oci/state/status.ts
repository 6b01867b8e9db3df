// What a container is doing, as the kernel says it now.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Status } from '../spec/state.js'
import type { CgroupDirectory } from '../steps/cgroup.js'
import { processStat } from './process-identity.js'
import { directoryOf, files, type ContainerRecord } from './record.js'

/** The state of a container: nothing of it is kept in a file, because nobody of ours watches. */
export function statusOf(root: string, record: ContainerRecord): Status {
  const { process: kept, id, cgroups } = record
  if (kept === undefined) return 'creating'
  const stat = processStat(kept.pid)
  if (stat === undefined || !stat.alive || stat.startTime !== kept.startTime) return 'stopped'
  if (isFrozen(cgroups)) return 'paused'
  return existsSync(files(directoryOf(root, id)).socket) ? 'created' : 'running'
}

/** Whether its processes have been stopped by a freezer. */
export function isFrozen(cgroups: readonly CgroupDirectory[]): boolean {
  return cgroups.some(({ names, version, directory }) => {
    if (version === 2) return /^frozen 1$/m.test(read(join(directory, 'cgroup.events')))
    return names.includes('freezer') && read(join(directory, 'freezer.state')).trim() !== 'THAWED'
  })
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return 'THAWED'
  }
}
