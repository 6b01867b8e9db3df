import type { BigNumber } from '../config/big-numbers.js'

/** A rule of device access. Numbers that are absent or -1 mean any. */
export interface DeviceRuleEntry {
  allow: boolean
  type?: string
  major?: number
  minor?: number
  access?: string
}

/** A rate of one disk. */
export interface Throttle {
  major: number
  minor: number
  rate?: BigNumber
}

/** A priority on one disk. */
export interface WeightDevice {
  major: number
  minor: number
  weight?: number
  leafWeight?: number
}

/** Limits in the words of cgroups v1. */
export interface Resources {
  unified?: Readonly<Record<string, string>>
  devices?: readonly DeviceRuleEntry[]
  memory?: {
    limit?: BigNumber
    reservation?: BigNumber
    swap?: BigNumber
    kernel?: BigNumber
    kernelTCP?: BigNumber
    swappiness?: BigNumber
    disableOOMKiller?: boolean
    useHierarchy?: boolean
    checkBeforeUpdate?: boolean
  }
  cpu?: {
    shares?: BigNumber
    quota?: BigNumber
    burst?: BigNumber
    period?: BigNumber
    realtimeRuntime?: BigNumber
    realtimePeriod?: BigNumber
    cpus?: string
    mems?: string
    idle?: BigNumber
  }
  pids?: { limit?: BigNumber }
  blockIO?: {
    weight?: number
    leafWeight?: number
    weightDevice?: readonly WeightDevice[]
    throttleReadBpsDevice?: readonly Throttle[]
    throttleWriteBpsDevice?: readonly Throttle[]
    throttleReadIOPSDevice?: readonly Throttle[]
    throttleWriteIOPSDevice?: readonly Throttle[]
  }
  hugepageLimits?: readonly { pageSize: string; limit: BigNumber }[]
  network?: { classID?: number; priorities?: readonly { name: string; priority: number }[] }
  rdma?: Readonly<Record<string, { hcaHandles?: number; hcaObjects?: number }>>
}
