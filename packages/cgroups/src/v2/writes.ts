import type { CheckedLimits } from '../limits.js'
import type { Write } from '../write.js'
import * as cpu from './cpu.js'
import * as cpuset from './cpuset.js'
import * as hugetlb from './hugetlb.js'
import * as io from './io.js'
import * as memory from './memory.js'
import * as misc from './misc.js'
import * as pids from './pids.js'
import * as rdma from './rdma.js'

/** Controllers of v2 that must be enabled in the parent, with the limit they serve. Devices need none: they are an eBPF program. */
export const V2_CONTROLLERS = {
  cpu: 'cpu',
  cpuset: 'cpuset',
  memory: 'memory',
  pids: 'pids',
  io: 'io',
  hugetlb: 'hugetlb',
  rdma: 'rdma',
  misc: 'misc',
} as const satisfies Readonly<Record<string, keyof CheckedLimits>>

/** What one v2 controller writes for the limits; empty where none concerns it. */
export function writesV2(controller: keyof typeof V2_CONTROLLERS, limits: CheckedLimits): Write[] {
  switch (controller) {
    case 'cpu':
      return limits.cpu === undefined ? [] : cpu.limits(limits.cpu)
    case 'cpuset':
      return limits.cpuset === undefined ? [] : cpuset.limits(limits.cpuset)
    case 'memory':
      return limits.memory === undefined ? [] : memory.limits(limits.memory)
    case 'pids':
      return limits.pids === undefined ? [] : pids.limits(limits.pids)
    case 'io':
      return limits.io === undefined ? [] : io.limits(limits.io)
    case 'hugetlb':
      return limits.hugetlb === undefined ? [] : hugetlb.limits(limits.hugetlb)
    case 'rdma':
      return limits.rdma === undefined ? [] : rdma.limits(limits.rdma)
    case 'misc':
      return limits.misc === undefined ? [] : misc.limits(limits.misc)
  }
}

/** The raw files of `unified`. */
export function writesUnified(limits: CheckedLimits): Write[] {
  return Object.entries(limits.unified ?? {}).map(([file, value]) => ({ file, value }))
}
