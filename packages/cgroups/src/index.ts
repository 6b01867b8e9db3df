/**
 * Control groups v1, v2 and hybrid: limits, priorities, accounting, freezing, killing and events, as steps for a launch or on a live group.
 *
 * @example
 * ```ts
 * import { launch, shutdown } from '@iso/native'
 * import { cgroup, parseReceipt } from '@iso/cgroups'
 * const child = await launch(['true'], cgroup({ memory: '64m', cpus: 1.5, pids: 10 }), { stdout: 'inherit' })
 * const { exitCode, receipt } = await child.exit
 * console.log(exitCode, parseReceipt(receipt).memoryPeakBytes)
 * await shutdown()
 * ```
 *
 * @packageDocumentation
 */
export { cgroup, DEFAULT_CONTROLLERS, type CgroupOptions } from './cgroup.js'
export { cgroupNamespace } from './cgroup-namespace.js'
export { nestCaller } from './delegation.js'
export { dockerLimits, type DockerResources } from './docker.js'
export type { CgroupEvents, LimitEvent, OomEvent, PressureEvent } from './events.js'
export { Cgroup, type CreateOptions, type WaitOptions } from './group.js'
export { joinCgroup, type JoinOptions } from './join-cgroup.js'
export { detectLayout, type DetectOptions, type Hierarchy, type Layout } from './layout.js'
export { validate, type CheckedLimits, type Limits } from './limits.js'
export type { PressureOptions } from './live/watch-pressure.js'
export type { Closable } from './live/watch-file.js'
export { checkName } from './name.js'
export type { Cpu, CpuLimits } from './options/cpu.js'
export type { CpusetLimits } from './options/cpuset.js'
export { DOCKER_DEVICES, parseDeviceRule, type DeviceRule } from './options/devices.js'
export type { HugetlbLimits } from './options/hugetlb.js'
export type { Io, IoDevice, IoDeviceLimits, IoLimits } from './options/io.js'
export type { Memory, MemoryLimits, MemorySizeKey } from './options/memory.js'
export type { MiscLimits } from './options/misc.js'
export type { NetClass, NetPriorities } from './options/net.js'
export type { PidsLimit } from './options/pids.js'
export type { RdmaLimits } from './options/rdma.js'
export type { CgroupOwner } from './owner.js'
export type { ControllerName, PlaceOptions } from './place.js'
export { parseReceipt, type Figure, type Rusage, type UsageReceipt } from './receipt.js'
export type {
  CpuStats,
  HugetlbStats,
  IoCounters,
  IoStats,
  MemoryStats,
  PidsStats,
  Pressure,
  PressureLine,
  Stats,
} from './stats.js'
export { sweep, type SweepOptions, type Swept } from './sweep.js'
export { cpusToQuota, DEFAULT_PERIOD_US, parseLimitSize, parseMemory, type Size } from './units.js'
export { compileDevices } from './v2/devices.js'
export { blkioWeightToIoWeight, ioWeightToBlkioWeight, sharesToWeight, weightToShares } from './weight.js'
