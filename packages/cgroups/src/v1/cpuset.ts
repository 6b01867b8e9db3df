import { join } from 'node:path'

import { readIfPresent } from '../internal/files.js'
import type { CpusetLimits } from '../options/cpuset.js'
import type { Stats } from '../stats.js'
import { unsupported, type Write } from '../write.js'

/** Writes for cpuset.cpus and cpuset.mems. A new v1 group has neither, and takes no process until it has both. */
export function limits(cpuset: CpusetLimits): Write[] {
  if (cpuset.partition !== undefined) throw unsupported('cpuset partition', 1, 'cpuExclusive is what comes nearest')
  const writes: Write[] = []
  if (cpuset.memoryMigrate !== undefined)
    writes.push({ file: 'cpuset.memory_migrate', value: cpuset.memoryMigrate ? '1' : '0' })
  if (cpuset.cpus !== undefined) writes.push({ file: 'cpuset.cpus', value: cpuset.cpus, readback: cpuset.cpus })
  if (cpuset.mems !== undefined) writes.push({ file: 'cpuset.mems', value: cpuset.mems, readback: cpuset.mems })
  if (cpuset.cpuExclusive !== undefined)
    writes.push({ file: 'cpuset.cpu_exclusive', value: cpuset.cpuExclusive ? '1' : '0' })
  return writes
}

/** The processors and nodes in force. */
export async function stat(directory: string): Promise<Stats['cpuset']> {
  const read = async (list: 'cpus' | 'mems') =>
    (await readIfPresent(join(directory, `cpuset.effective_${list}`))) ??
    (await readIfPresent(join(directory, `cpuset.${list}`)))
  const [cpus, mems] = await Promise.all([read('cpus'), read('mems')])
  return cpus === undefined || mems === undefined ? undefined : { cpus, mems }
}
