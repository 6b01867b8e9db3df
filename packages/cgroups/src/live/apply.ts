import { join } from 'node:path'

import { IsoError } from '@iso/native'

import { hasErrno, readKernelFile, writeKernelFile } from '../internal/files.js'
import type { Write } from '../write.js'

/** Write a value, or what stands in for it on this kernel, and read it back where the kernel may have stored something else. */
export async function apply(directory: string, write: Write): Promise<void> {
  const path = join(directory, write.file)
  try {
    await writeKernelFile(path, write.value)
  } catch (error) {
    if (!hasErrno(error, 'ENOENT')) throw error
    if (write.ifPresent) return
    if (write.otherwise !== undefined) return apply(directory, write.otherwise)
    throw error
  }
  if (write.readback === undefined) return
  const found = await readKernelFile(path)
  if (found === write.readback) return
  throw new IsoError(
    'ISO_CGROUP_READBACK',
    `Cannot write "${write.value}" to "${path}": it holds "${found}" afterwards`,
    { path }
  )
}
