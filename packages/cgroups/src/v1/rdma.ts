import { join } from 'node:path'

import { readIfPresent } from '../internal/files.js'
import { parseNested } from '../internal/parse.js'
import { rdmaLine, type RdmaLimits } from '../options/rdma.js'
import type { Write } from '../write.js'

/** Writes for rdma.max, which is the same on v1 and v2. */
export function limits(rdma: RdmaLimits): Write[] {
  return Object.entries(rdma).map(([device, one]) => ({ file: 'rdma.max', value: rdmaLine(device, one) }))
}

/** Handles and objects in use, by device. */
export async function stat(directory: string): Promise<Record<string, Record<string, number>>> {
  return parseNested(await readIfPresent(join(directory, 'rdma.current')))
}
