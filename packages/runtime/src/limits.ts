// Limits in Docker's words to those of @iso/cgroups, and the cgroup of the container.

import { accessSync, constants } from 'node:fs'
import { IsoError, type Step } from '@iso/native'
import {
  cgroup,
  detectLayout,
  DOCKER_DEVICES,
  parseDeviceRule,
  parseMemory,
  type ControllerName,
  type DeviceRule,
  type IoDeviceLimits,
  type Layout,
  type Limits,
} from '@iso/cgroups'
import type { Device } from './devices.js'
import type { Context } from './internal/context.js'
import { list, show, text, wholeNumber } from './internal/check.js'
import type { NamespaceChoice } from './namespaces.js'
import type { DeviceRate, LimitOptions, Size } from './options.js'

/** Joined without a limit, for the receipt; those that are not there are left out. */
const ACCOUNTED: readonly ControllerName[] = ['memory', 'pids', 'io', 'cpuacct', 'freezer']
const DEFAULT_PARENT = 'iso'

/** Where the cgroup of a container is; what `Cgroup.open()` takes. */
export interface CgroupPlace {
  name: string
  parent: string
}

/** The cgroup as steps, and where it is; no place where an ordinary user may not make one. */
export interface CgroupPlan {
  steps: Step[]
  place?: CgroupPlace
}

/** @throws TypeError or RangeError with the value; IsoError `ISO_CGROUP_…` where a limit cannot be set on this machine. */
export function cgroupPlan(context: Context, own: NamespaceChoice, devices: readonly Device[]): CgroupPlan {
  const { id, options, rootless, privileged } = context
  const limits = limitsOf(options)
  if (rootless && !writable(detectLayout())) {
    const asked = Object.keys(limits)
    if (asked.length === 0) return { steps: [] }
    throw new IsoError('ISO_NO_CGROUP', `Cannot limit ${asked.join(', ')}: this user may not make a cgroup`, {
      hint: 'have one delegated (systemd: Delegate=yes, on cgroup v2), or run as root',
    })
  }
  const rules = privileged || rootless ? [] : deviceRules(devices, list('deviceCgroupRules', options.deviceCgroupRules))
  const place = {
    name: id,
    parent: options.cgroupParent === undefined ? DEFAULT_PARENT : text('cgroupParent', options.cgroupParent),
  }
  const steps = cgroup({
    ...limits,
    ...place,
    ...(rules.length > 0 && { devices: rules }),
    controllers: ACCOUNTED,
    namespace: own.cgroup,
  })
  return { steps, place }
}

function writable(layout: Layout): boolean {
  const directory = layout.v2?.directory ?? Object.values(layout.v1)[0]?.directory
  if (directory === undefined) return false
  try {
    accessSync(directory, constants.W_OK)
    return true
  } catch {
    return false
  }
}

function deviceRules(devices: readonly Device[], extra: readonly string[]): DeviceRule[] {
  return [
    ...DOCKER_DEVICES,
    ...devices.map(({ type, major, minor, access }): DeviceRule => ({ allow: true, type, major, minor, access })),
    ...extra.map((rule) => parseDeviceRule(rule)),
  ]
}

/** @throws TypeError or RangeError with the value. */
export function limitsOf(options: LimitOptions): Limits {
  const limits: Limits = {}
  const memory = memoryLimits(options)
  if (Object.keys(memory).length > 0) limits.memory = memory
  const { cpus, cpuShares, cpuQuotaUs, cpuPeriodUs, cpusetCpus, cpusetMems, pids, blkioWeight } = options
  if (cpus !== undefined && !(typeof cpus === 'number' && cpus >= 0.01)) {
    throw new RangeError(
      `Cannot set cpus: ${show(cpus)} is ${typeof cpus === 'number' && cpus < 0 ? 'negative' : 'out of range'}; wanted a number from 0.01`
    )
  }
  const cpu = {
    ...(cpus !== undefined && { cpus }),
    ...(cpuShares !== undefined && { shares: cpuShares }),
    ...(cpuQuotaUs !== undefined && { quotaUs: cpuQuotaUs < 0 ? ('max' as const) : cpuQuotaUs }),
    ...(cpuPeriodUs !== undefined && { periodUs: cpuPeriodUs }),
  }
  if (Object.keys(cpu).length > 0) limits.cpu = cpu
  if (cpusetCpus !== undefined || cpusetMems !== undefined)
    limits.cpuset = {
      ...(cpusetCpus !== undefined && { cpus: cpusetCpus }),
      ...(cpusetMems !== undefined && { mems: cpusetMems }),
    }
  if (pids !== undefined) limits.pids = pids === 0 || pids === -1 ? 'max' : wholeNumber('pids limit', pids, 1)
  const devices = ioDevices(options)
  if (blkioWeight !== undefined || devices.length > 0)
    limits.io = { ...(blkioWeight !== undefined && { blkioWeight }), ...(devices.length > 0 && { devices }) }
  return limits
}

function memoryLimits(options: LimitOptions): Exclude<Limits['memory'], Size | undefined> {
  const { memorySwap, memoryReservation, memorySwappiness, oomKillDisable } = options
  const max = options.memory === undefined ? undefined : bytes('memory', options.memory)
  if (memorySwap !== undefined && max === undefined)
    throw new TypeError(`Cannot set memorySwap: ${show(memorySwap)} without memory; it is memory and swap together`)
  return {
    ...(max !== undefined && { max }),
    ...(memorySwap !== undefined
      ? { withSwap: Number(memorySwap) === -1 ? ('max' as const) : bytes('memorySwap', memorySwap) }
      : max === undefined
        ? {}
        : { withSwap: 2 * max, swapIfAccounted: true }),
    ...(memoryReservation !== undefined && { low: bytes('memoryReservation', memoryReservation) }),
    ...(memorySwappiness !== undefined && { swappiness: memorySwappiness }),
    ...(oomKillDisable !== undefined && { oomKillDisable }),
  }
}

const bytes = (what: string, size: Size): number =>
  typeof size === 'string' ? parseMemory(size) : wholeNumber(what, size, 1)

function ioDevices(options: LimitOptions): IoDeviceLimits[] {
  const devices = new Map<string, IoDeviceLimits>()
  const put = (
    key: 'readBps' | 'writeBps' | 'readIops' | 'writeIops',
    given: readonly (string | DeviceRate)[] | undefined
  ) => {
    for (const one of list(key, given)) {
      const { device, rate } = typeof one === 'string' ? parseRate(one) : one
      const value = key.endsWith('Bps') ? bytes(key, rate) : Number(rate)
      devices.set(device, { ...(devices.get(device) ?? { device }), [key]: value })
    }
  }
  put('readBps', options.deviceReadBps)
  put('writeBps', options.deviceWriteBps)
  put('readIops', options.deviceReadIops)
  put('writeIops', options.deviceWriteIops)
  return [...devices.values()]
}

function parseRate(line: string): DeviceRate {
  const [, device, rate] = /^(\/.+):([^:]+)$/.exec(line) ?? []
  if (device === undefined || rate === undefined)
    throw new TypeError(`Cannot set a device limit: ${show(line)} is no PATH:RATE such as "/dev/sda:1mb"`)
  return { device, rate }
}
