// Figures in the form of `runc events`, which engines read.

import type { IoCounters, Stats } from '@iso/cgroups'

const ns = (us: number | undefined) => (us ?? 0) * 1000
// As runc has it: 0 where there is no limit.
const limit = (value: number | null | undefined) => value ?? 0

/** `{ type: 'stats', id, data }`. */
export function statsEvent(id: string, stats: Stats): object {
  const { cpu, memory, pids, io, hugetlb } = stats
  return {
    type: 'stats',
    id,
    data: {
      cpu: {
        usage: { total: ns(cpu?.usageUs), kernel: ns(cpu?.systemUs), user: ns(cpu?.userUs) },
        throttling: {
          periods: cpu?.periods ?? 0,
          throttledPeriods: cpu?.throttledPeriods ?? 0,
          throttledTime: ns(cpu?.throttledUs),
        },
      },
      cpuset: {},
      memory: {
        cache: memory?.fileBytes ?? 0,
        usage: {
          limit: limit(memory?.limitBytes),
          usage: memory?.usageBytes ?? 0,
          max: memory?.peakBytes ?? 0,
          failcnt: memory?.limitHits ?? 0,
        },
        swap: { limit: limit(memory?.swapLimitBytes), usage: memory?.swapBytes ?? 0, failcnt: 0 },
        kernel: { limit: 0, usage: memory?.kernelBytes ?? 0, failcnt: 0 },
        kernelTCP: { limit: 0, failcnt: 0 },
        raw: {
          inactive_file: memory?.inactiveFileBytes ?? 0,
          pgfault: memory?.pageFaults ?? 0,
          pgmajfault: memory?.majorPageFaults ?? 0,
        },
      },
      pids: { current: pids?.current ?? 0, limit: limit(pids?.limit) },
      blkio: blkio(io?.devices ?? {}),
      hugetlb: Object.fromEntries(
        Object.entries(hugetlb ?? {}).map(([size, one]) => [
          size,
          { usage: one.usageBytes ?? 0, max: one.peakBytes ?? 0, failcnt: one.limitHits ?? 0 },
        ])
      ),
      intel_rdt: {},
      network_interfaces: null,
    },
  }
}

function blkio(devices: Readonly<Record<string, IoCounters>>): object {
  const entries = (read: keyof IoCounters, write: keyof IoCounters) =>
    Object.entries(devices).flatMap(([device, counters]) => {
      const [major = 0, minor = 0] = device.split(':').map(Number)
      return [
        { major, minor, op: 'Read', value: counters[read] },
        { major, minor, op: 'Write', value: counters[write] },
      ]
    })
  return {
    ioServiceBytesRecursive: entries('readBytes', 'writeBytes'),
    ioServicedRecursive: entries('readOps', 'writeOps'),
  }
}
