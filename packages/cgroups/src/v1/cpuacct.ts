import { join } from 'node:path'

import { defined, parseNumber } from '../internal/parse.js'
import { readIfPresent } from '../internal/files.js'
import type { CpuStats } from '../stats.js'
import type { Write } from '../write.js'

/** The controller counts; it limits nothing. */
export function limits(): Write[] {
  return []
}

/** CPU time from cpuacct.usage*, which count nanoseconds (cpuacct.stat counts ticks of 10 ms). */
export async function stat(directory: string): Promise<CpuStats> {
  const read = async (file: string) => {
    const ns = parseNumber(await readIfPresent(join(directory, file)))
    return ns === undefined ? undefined : Math.round(ns / 1000)
  }
  const [usageUs, userUs, systemUs] = await Promise.all([
    read('cpuacct.usage'),
    read('cpuacct.usage_user'),
    read('cpuacct.usage_sys'),
  ])
  return defined<CpuStats>({ usageUs, userUs, systemUs })
}
