// Limits and weights.

import { parseDecimal, parseWhole } from '../parse/number.js'
import { group, type RunOption } from './option.js'

const { flag, value, list } = group('Resources:')
const MOST = Number.MAX_SAFE_INTEGER

/** Options of the cgroup and of setrlimit(2). */
export const resourceOptions: readonly RunOption[] = [
  value(
    '--cpus <number>',
    'processors, such as 1.5, at most those of the machine',
    (d, v) => (d.options.cpus = parseDecimal(v, '--cpus'))
  ),
  value(
    '-c, --cpu-shares <weight>',
    'weight among neighbours, 2 to 262144',
    (d, v) => (d.options.cpuShares = parseWhole(v, '--cpu-shares', 0, 262144))
  ),
  value(
    '--cpu-period <us>',
    'period of the quota, in microseconds',
    (d, v) => (d.options.cpuPeriodUs = parseWhole(v, '--cpu-period', 0, MOST))
  ),
  value(
    '--cpu-quota <us>',
    'CPU time a period, in microseconds',
    (d, v) => (d.options.cpuQuotaUs = parseWhole(v, '--cpu-quota', -1, MOST))
  ),
  value('--cpuset-cpus <list>', 'processors by number: 0-2,4', (d, v) => (d.options.cpusetCpus = v)),
  value('--cpuset-mems <list>', 'memory nodes by number', (d, v) => (d.options.cpusetMems = v)),
  value(
    '-m, --memory <size>',
    'most memory, such as 256m or 2g, from 6m; beyond it the kernel kills',
    (d, v) => (d.options.memory = v)
  ),
  value(
    '--memory-swap <size>',
    'memory and swap together; -1: any amount of swap',
    (d, v) => (d.options.memorySwap = v)
  ),
  value(
    '--memory-reservation <size>',
    'memory the kernel tries to leave to it',
    (d, v) => (d.options.memoryReservation = v)
  ),
  value(
    '--memory-swappiness <percent>',
    '0 to 100 (cgroup v1)',
    (d, v) => (d.options.memorySwappiness = parseWhole(v, '--memory-swappiness', -1, 100))
  ),
  flag(
    '--oom-kill-disable',
    'wait instead of being killed when memory runs out (cgroup v1)',
    (d, on) => (d.options.oomKillDisable = on)
  ),
  value('--oom-score-adj <number>', 'how willingly the kernel kills it for memory, -1000 to 1000', (d, v) => {
    d.options.oomScoreAdj = parseWhole(v, '--oom-score-adj', -1000, 1000)
  }),
  value(
    '--pids-limit <number>',
    'most processes and threads; -1: no limit',
    (d, v) => (d.options.pids = parseWhole(v, '--pids-limit', -1, 4194304))
  ),
  value(
    '--blkio-weight <weight>',
    'weight of block I/O, 10 to 1000',
    (d, v) => (d.options.blkioWeight = parseWhole(v, '--blkio-weight', 0, 1000))
  ),
  list(
    '--blkio-weight-device <device:weight>',
    'weight of block I/O on one disk: /dev/sda:300',
    (d, v) => (d.options.blkioWeightDevice = v)
  ),
  list(
    '--device-read-bps <device:rate>',
    'bytes a second read from a disk: /dev/sda:10m',
    (d, v) => (d.options.deviceReadBps = v)
  ),
  list(
    '--device-write-bps <device:rate>',
    'bytes a second written to a disk',
    (d, v) => (d.options.deviceWriteBps = v)
  ),
  list('--device-read-iops <device:rate>', 'reads a second from a disk', (d, v) => (d.options.deviceReadIops = v)),
  list('--device-write-iops <device:rate>', 'writes a second to a disk', (d, v) => (d.options.deviceWriteIops = v)),
  list('--ulimit <name=soft[:hard]>', 'a resource limit, such as nofile=1024:2048', (d, v) => (d.options.ulimits = v)),
  value(
    '--cgroup-parent <path>',
    "parent cgroup, beneath the caller's own; absolute: from the top",
    (d, v) => (d.options.cgroupParent = v)
  ),
]
