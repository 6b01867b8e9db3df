import type { CheckedLimits } from '../limits.js'
import type { Write } from '../write.js'
import * as blkio from './blkio.js'
import * as cpu from './cpu.js'
import * as cpuset from './cpuset.js'
import * as devices from './devices.js'
import * as hugetlb from './hugetlb.js'
import * as memory from './memory.js'
import * as netCls from './net-cls.js'
import * as netPrio from './net-prio.js'
import * as perfEvent from './perf-event.js'
import * as pids from './pids.js'
import * as rdma from './rdma.js'

/** Controllers of v1 as the kernel names them, with the limit they serve. */
export const V1_CONTROLLERS = {
  cpu: 'cpu',
  cpuset: 'cpuset',
  memory: 'memory',
  pids: 'pids',
  blkio: 'io',
  devices: 'devices',
  hugetlb: 'hugetlb',
  rdma: 'rdma',
  net_cls: 'netCls',
  net_prio: 'netPrio',
  perf_event: 'perfEvent',
} as const satisfies Readonly<Record<string, keyof CheckedLimits>>

/** What one v1 controller writes for the limits; empty where none concerns it. */
export function writesV1(controller: keyof typeof V1_CONTROLLERS, limits: CheckedLimits): Write[] {
  switch (controller) {
    case 'cpu':
      return limits.cpu === undefined ? [] : cpu.limits(limits.cpu)
    case 'cpuset':
      return limits.cpuset === undefined ? [] : cpuset.limits(limits.cpuset)
    case 'memory':
      return limits.memory === undefined ? [] : memory.limits(limits.memory)
    case 'pids':
      return limits.pids === undefined ? [] : pids.limits(limits.pids)
    case 'blkio':
      return limits.io === undefined ? [] : blkio.limits(limits.io)
    case 'devices':
      return limits.devices === undefined ? [] : devices.limits(limits.devices)
    case 'hugetlb':
      return limits.hugetlb === undefined ? [] : hugetlb.limits(limits.hugetlb)
    case 'rdma':
      return limits.rdma === undefined ? [] : rdma.limits(limits.rdma)
    case 'net_cls':
      return limits.netCls === undefined ? [] : netCls.limits(limits.netCls)
    case 'net_prio':
      return limits.netPrio === undefined ? [] : netPrio.limits(limits.netPrio)
    case 'perf_event':
      return perfEvent.limits()
  }
}
