import { join } from 'node:path'

import { readIfPresent } from '../internal/files.js'
import type { Write } from '../write.js'

/** Write for freezer.state. FREEZING is what it says until every task has stopped: see freeze(). */
export function limits(frozen: boolean): Write[] {
  return [{ file: 'freezer.state', value: frozen ? 'FROZEN' : 'THAWED' }]
}

/** Whether every process has stopped. The root of the hierarchy has no such file, and never stops. */
export async function stat(directory: string): Promise<boolean> {
  return (await readIfPresent(join(directory, 'freezer.state'))) === 'FROZEN'
}
