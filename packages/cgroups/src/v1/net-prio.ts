import { join } from 'node:path'

import { readKernelFile } from '../internal/files.js'
import { parseFlat } from '../internal/parse.js'
import type { NetPriorities } from '../options/net.js'
import type { Write } from '../write.js'

/** Writes for net_prio.ifpriomap: one line a write is all the kernel takes. */
export function limits(priorities: NetPriorities): Write[] {
  return Object.entries(priorities).map(([name, priority]) => ({
    file: 'net_prio.ifpriomap',
    value: `${name} ${priority}`,
  }))
}

/** The priority of every interface. */
export async function stat(directory: string): Promise<Record<string, number>> {
  return parseFlat(await readKernelFile(join(directory, 'net_prio.ifpriomap')))
}
