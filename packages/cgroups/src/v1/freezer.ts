import { join } from 'node:path'

import { readKernelFile } from '../internal/files.js'
import type { Write } from '../write.js'

/** Write for freezer.state. FREEZING is what it says until every task has stopped: see freeze(). */
export function limits(frozen: boolean): Write[] {
  return [{ file: 'freezer.state', value: frozen ? 'FROZEN' : 'THAWED' }]
}

/** Whether every process has stopped. */
export async function stat(directory: string): Promise<boolean> {
  return (await readKernelFile(join(directory, 'freezer.state'))) === 'FROZEN'
}
