// The freezer, without waiting: what is to die must run.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CgroupDirectory } from '../steps/cgroup.js'

/** Let the processes of these groups go on. */
export function thawDirectories(cgroups: readonly CgroupDirectory[]): void {
  for (const { names, version, directory } of cgroups) {
    if (version === 2) write(join(directory, 'cgroup.freeze'), '0')
    else if (names.includes('freezer')) write(join(directory, 'freezer.state'), 'THAWED')
  }
}

function write(path: string, value: string): void {
  try {
    writeFileSync(path, value)
  } catch {
    // The group is gone, or was never made: then nothing in it is frozen.
  }
}
