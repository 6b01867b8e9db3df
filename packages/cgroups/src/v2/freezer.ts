import { join } from 'node:path'

import { readKernelFile } from '../internal/files.js'
import { parseFlat } from '../internal/parse.js'
import type { Write } from '../write.js'

/** Write for cgroup.freeze. Linux 5.2. Done when cgroup.events says so: see freeze(). */
export function limits(frozen: boolean): Write[] {
  return [{ file: 'cgroup.freeze', value: frozen ? '1' : '0' }]
}

/** Whether every process has stopped. */
export async function stat(directory: string): Promise<boolean> {
  return parseFlat(await readKernelFile(join(directory, 'cgroup.events')))['frozen'] === 1
}
