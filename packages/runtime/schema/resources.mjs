import { boolean, int64, list, map, object, pattern, string, uint16, uint32, uint64 } from './kinds.mjs'

const disk = (more) => object({ major: int64, minor: int64, ...more }, 'major', 'minor')
const throttles = list(disk({ rate: uint64 }))

const memory = object({
  limit: int64,
  reservation: int64,
  swap: int64,
  kernel: int64,
  kernelTCP: int64,
  swappiness: uint64,
  disableOOMKiller: boolean,
  useHierarchy: boolean,
  checkBeforeUpdate: boolean,
})

const cpu = object({
  shares: uint64,
  quota: int64,
  burst: uint64,
  period: uint64,
  realtimeRuntime: int64,
  realtimePeriod: uint64,
  cpus: string,
  mems: string,
  idle: int64,
})

const blockIO = object({
  weight: uint16,
  leafWeight: uint16,
  weightDevice: list(disk({ weight: uint16, leafWeight: uint16 })),
  throttleReadBpsDevice: throttles,
  throttleWriteBpsDevice: throttles,
  throttleReadIOPSDevice: throttles,
  throttleWriteIOPSDevice: throttles,
})

export const resources = object({
  unified: map(string),
  devices: list(
    object(
      { allow: boolean, type: pattern('^[abcup]?$'), major: int64, minor: int64, access: pattern('^[rwm]*$') },
      'allow'
    )
  ),
  memory,
  cpu,
  pids: object({ limit: int64 }),
  blockIO,
  hugepageLimits: list(object({ pageSize: pattern('^[1-9][0-9]*[KMG]B$'), limit: uint64 }, 'pageSize', 'limit')),
  network: object({
    classID: uint32,
    priorities: list(object({ name: string, priority: uint32 }, 'name', 'priority')),
  }),
  rdma: map(object({ hcaHandles: uint32, hcaObjects: uint32 })),
})
