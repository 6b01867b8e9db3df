// Whether somebody has stopped a cgroup: pause(), or anyone else who may write to it or to a group above it.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Read from both freezers, v1's and v2's: either stops the processes. One that is about to stop them counts.
 *
 * @param directories of the cgroup, by controller; `unified` for v2
 */
export function isFrozen({ unified, freezer }: Readonly<Record<string, string>>): boolean {
  return (
    (unified !== undefined &&
      (/^frozen 1$/m.test(read(unified, 'cgroup.events')) || read(unified, 'cgroup.freeze') === '1')) ||
    (freezer !== undefined && ['FROZEN', 'FREEZING'].includes(read(freezer, 'freezer.state')))
  )
}

// A file that is not there (Linux before 5.2, a group that has gone) stops nobody.
function read(directory: string, file: string): string {
  try {
    return readFileSync(join(directory, file), 'utf8').trim()
  } catch {
    return ''
  }
}
