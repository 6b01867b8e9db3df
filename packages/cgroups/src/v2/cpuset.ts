import { join } from 'node:path'

import { readIfPresent } from '../internal/files.js'
import type { CpusetLimits } from '../options/cpuset.js'
import type { Stats } from '../stats.js'
import { unsupported, type Write } from '../write.js'

/** Writes for cpuset.cpus, cpuset.mems and cpuset.cpus.partition. */
export function limits(cpuset: CpusetLimits): Write[] {
  if (cpuset.memoryMigrate !== undefined) throw unsupported('cpuset memoryMigrate', 2, 'v2 always moves pages')
  if (cpuset.cpuExclusive !== undefined) throw unsupported('cpuset cpuExclusive', 2, 'use partition: "root"')
  const writes: Write[] = []
  if (cpuset.cpus !== undefined) writes.push({ file: 'cpuset.cpus', value: cpuset.cpus, readback: cpuset.cpus })
  if (cpuset.mems !== undefined) writes.push({ file: 'cpuset.mems', value: cpuset.mems, readback: cpuset.mems })
  // An impossible partition is accepted and reads back as "root invalid (why)".
  if (cpuset.partition !== undefined)
    writes.push({ file: 'cpuset.cpus.partition', value: cpuset.partition, readback: cpuset.partition })
  return writes
}

/** The processors and nodes in force. */
export async function stat(directory: string): Promise<Stats['cpuset']> {
  const [cpus, mems] = await Promise.all([
    readIfPresent(join(directory, 'cpuset.cpus.effective')),
    readIfPresent(join(directory, 'cpuset.mems.effective')),
  ])
  return cpus === undefined || mems === undefined ? undefined : { cpus, mems }
}
