import { join } from 'node:path'

import { readKernelFile } from '../internal/files.js'
import type { Write } from '../write.js'

/** Write for net_cls.classid. */
export function limits(classid: number): Write[] {
  return [{ file: 'net_cls.classid', value: `${classid}`, readback: `${classid}` }]
}

/** The class in force; 0: none. */
export async function stat(directory: string): Promise<number> {
  return Number(await readKernelFile(join(directory, 'net_cls.classid')))
}
