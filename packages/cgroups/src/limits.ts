// Every limit of a cgroup, checked once, and the writes it becomes on v1 and v2.

import { IsoError } from '@iso/native'

import { knownKeys } from './internal/check.js'
import { validateCpu, type Cpu, type CpuLimits } from './options/cpu.js'
import { validateCpuset, type CpusetLimits } from './options/cpuset.js'
import { validateDevices, type DeviceRule } from './options/devices.js'
import { validateHugetlb, type HugetlbLimits } from './options/hugetlb.js'
import { validateIo, type Io, type IoLimits } from './options/io.js'
import { validateMemory, type Memory, type MemoryLimits } from './options/memory.js'
import { validateMisc, type MiscLimits } from './options/misc.js'
import { validateNetClass, validateNetPriorities, type NetClass, type NetPriorities } from './options/net.js'
import { validatePids, type PidsLimit } from './options/pids.js'
import { validateRdma, type RdmaLimits } from './options/rdma.js'
import type { Size } from './units.js'

/** Limits and priorities of a cgroup, by controller. What is absent is left as the kernel has it. */
export interface Limits {
  /** CPUs, such as 1.5: short for `cpu: { cpus: 1.5 }`. */
  cpus?: number
  cpu?: CpuLimits
  cpuset?: CpusetLimits
  /** A size alone is the hard limit: `'512m'` is short for `{ max: '512m' }`. */
  memory?: Size | MemoryLimits
  pids?: PidsLimit
  io?: IoLimits
  /** Rules of device access in their order; see {@link DOCKER_DEVICES}. */
  devices?: readonly DeviceRule[]
  hugetlb?: HugetlbLimits
  rdma?: RdmaLimits
  /** v2 only. */
  misc?: MiscLimits
  /** v1 only; on v2 filter by cgroup path in nft(8) (`socket cgroupv2`). */
  netCls?: NetClass
  /** v1 only. */
  netPrio?: NetPriorities
  /** v1 only: be in a group perf(1) can watch. On v2 every group is one. */
  perfEvent?: boolean
  /** v2 only: any file, by its name, such as `{ 'memory.high': '100000000' }`; written last, in this order. */
  unified?: Readonly<Record<string, string>>
}

const KEYS = [
  'cpus',
  'cpu',
  'cpuset',
  'memory',
  'pids',
  'io',
  'devices',
  'hugetlb',
  'rdma',
  'misc',
  'netCls',
  'netPrio',
  'perfEvent',
  'unified',
]

/** {@link Limits} checked and in the kernel's units. */
export interface CheckedLimits {
  cpu?: Cpu
  cpuset?: CpusetLimits
  memory?: Memory
  pids?: PidsLimit
  io?: Io
  devices?: readonly DeviceRule[]
  hugetlb?: Record<string, number | 'max'>
  rdma?: RdmaLimits
  misc?: MiscLimits
  netCls?: number
  netPrio?: NetPriorities
  perfEvent?: true
  unified?: Readonly<Record<string, string>>
}

/**
 * Check limits without touching the kernel (paths of block devices are looked up).
 *
 * @throws TypeError or RangeError that carries the value; IsoError `ISO_CGROUP_DEVICE` for a path that is no block device.
 */
export function validate(limits: Limits): CheckedLimits {
  if (typeof limits !== 'object' || limits === null)
    throw new TypeError(`Cannot set limits: ${String(limits)} is not an object`)
  knownKeys('limits', limits, KEYS)
  const { cpus, cpu, cpuset, memory, pids, io, devices, hugetlb, rdma, misc, netCls, netPrio, perfEvent, unified } =
    limits
  const checked: CheckedLimits = {}
  if (cpus !== undefined || cpu !== undefined)
    checked.cpu = validateCpu({ ...cpu, ...(cpus !== undefined && { cpus }) })
  if (cpuset !== undefined) checked.cpuset = validateCpuset(cpuset)
  if (memory !== undefined) checked.memory = validateMemory(memory)
  if (pids !== undefined) checked.pids = validatePids(pids)
  if (io !== undefined) checked.io = validateIo(io)
  if (devices !== undefined) checked.devices = validateDevices(devices)
  if (hugetlb !== undefined) checked.hugetlb = validateHugetlb(hugetlb)
  if (rdma !== undefined) checked.rdma = validateRdma(rdma)
  if (misc !== undefined) checked.misc = validateMisc(misc)
  if (netCls !== undefined) checked.netCls = validateNetClass(netCls)
  if (netPrio !== undefined) checked.netPrio = validateNetPriorities(netPrio)
  if (perfEvent) checked.perfEvent = true
  if (unified !== undefined) checked.unified = validateUnified(unified)
  return checked
}

function validateUnified(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const [file, value] of Object.entries(files)) {
    if (!/^[a-z0-9_]+(\.[\w.]+)+$/i.test(file))
      throw new RangeError(`Cannot write "${file}": it is no name of a cgroup file`)
    if (typeof value !== 'string') throw new TypeError(`Cannot write "${file}": ${String(value)} is not a string`)
    // Membership and delegation are add() and the parent's business; kill would end what has not begun.
    if (file.startsWith('cgroup.') && !/^cgroup\.(max\.|pressure$)/.test(file))
      throw new RangeError(`Cannot write "${file}": it is no limit`)
  }
  return files
}

/** The error for a limit whose controller is neither in v1 nor in v2 on this machine. */
export function missingController(controller: string, hint: string): IsoError {
  return new IsoError('ISO_CGROUP_CONTROLLER', `Cannot limit ${controller}: the controller is not available`, { hint })
}
