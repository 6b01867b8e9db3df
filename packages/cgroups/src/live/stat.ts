import { join } from 'node:path'

import { readIfPresent } from '../internal/files.js'
import { defined, parseFlat } from '../internal/parse.js'
import type { Place } from '../place.js'
import type { CpuStats, Stats } from '../stats.js'
import * as blkio from '../v1/blkio.js'
import * as v1Cpu from '../v1/cpu.js'
import * as cpuacct from '../v1/cpuacct.js'
import * as v1Cpuset from '../v1/cpuset.js'
import * as v1Freezer from '../v1/freezer.js'
import * as v1Hugetlb from '../v1/hugetlb.js'
import * as v1Memory from '../v1/memory.js'
import * as netCls from '../v1/net-cls.js'
import * as netPrio from '../v1/net-prio.js'
import * as pids from '../v1/pids.js'
import * as rdma from '../v1/rdma.js'
import * as v2Cpu from '../v2/cpu.js'
import * as v2Cpuset from '../v2/cpuset.js'
import * as v2Hugetlb from '../v2/hugetlb.js'
import * as io from '../v2/io.js'
import * as v2Memory from '../v2/memory.js'
import * as misc from '../v2/misc.js'
import * as pressure from '../v2/pressure.js'

/** Read every figure the places of a group have. Where v1 and v2 both count CPU time, v2's is taken: it never lags behind. */
export async function stat(places: readonly Place[]): Promise<Stats> {
  const parts = await Promise.all(places.map((place) => (place.version === 1 ? statV1(place) : statV2(place))))
  const cpu = merge<CpuStats>(parts.map((part) => part.cpu))
  return { ...merge<Stats>(parts), ...(Object.keys(cpu).length > 0 && { cpu }) }
}

/** Later members win. */
function merge<T extends object>(parts: readonly (Partial<T> | undefined)[]): Partial<T> {
  return parts.reduce<Partial<T>>((all, part) => ({ ...all, ...part }), {})
}

async function statV1({ directory, controllers }: Place): Promise<Stats> {
  const has = <T>(name: string, read: (directory: string) => Promise<T>) =>
    controllers.includes(name) ? read(directory) : undefined
  const [cpu, cpuTime, memory, pidsStats, ioStats, hugetlb, rdmaStats, cpuset, frozen, netClass, netPriorities] =
    await Promise.all([
      has('cpu', v1Cpu.stat),
      has('cpuacct', cpuacct.stat),
      has('memory', v1Memory.stat),
      has('pids', pids.stat),
      has('blkio', blkio.stat),
      has('hugetlb', v1Hugetlb.stat),
      has('rdma', rdma.stat),
      has('cpuset', v1Cpuset.stat),
      has('freezer', v1Freezer.stat),
      has('net_cls', netCls.stat),
      has('net_prio', netPrio.stat),
    ])
  const times = cpu || cpuTime ? { ...cpu, ...cpuTime } : undefined
  return defined<Stats>({
    cpu: times,
    memory,
    pids: pidsStats,
    io: ioStats,
    hugetlb,
    rdma: rdmaStats,
    cpuset,
    frozen,
    netClass,
    netPriorities,
  })
}

async function statV2({ directory, controllers }: Place): Promise<Stats> {
  const has = <T>(name: string, read: (directory: string) => Promise<T>) =>
    controllers.includes(name) ? read(directory) : undefined
  const [cpu, memory, pidsStats, ioStats, hugetlb, rdmaStats, miscStats, cpuset, stalls, events] = await Promise.all([
    v2Cpu.stat(directory),
    has('memory', v2Memory.stat),
    has('pids', pids.stat),
    has('io', io.stat),
    has('hugetlb', v2Hugetlb.stat),
    has('rdma', rdma.stat),
    has('misc', misc.stat),
    has('cpuset', v2Cpuset.stat),
    pressure.stat(directory),
    readIfPresent(join(directory, 'cgroup.events')),
  ])
  const { populated, frozen } = parseFlat(events)
  return defined<Stats>({
    cpu,
    memory,
    pids: pidsStats,
    io: ioStats,
    hugetlb,
    rdma: rdmaStats,
    misc: miscStats,
    cpuset,
    pressure: stalls,
    // frozen: Linux 5.2.
    populated: populated === undefined ? undefined : populated === 1,
    frozen: frozen === undefined ? undefined : frozen === 1,
  })
}
