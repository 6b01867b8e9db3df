// linux.resources -> the limits of @iso/cgroups.

import type { DeviceRule, IoDeviceLimits, Limits } from '@iso/cgroups'
import { toNumber, type BigNumber } from '../config/big-numbers.js'
import type { DeviceRuleEntry, Resources, Throttle } from '../spec/resources.js'
import type { Context } from './context.js'

/** Limits of a new container. @internal */
export function limitsOf({ config, userns, rootless }: Context): Limits {
  const resources = config.linux?.resources ?? {}
  const limits = resourceLimits(resources)
  // A privileged engine decides about devices; an ordinary user cannot reach any that his files do not open to him.
  if (!rootless && !userns) limits.devices = deviceRules(resources.devices ?? [])
  return limits
}

/** Limits without device rules: what `update` may change, too. 0 means absent, as runc has it; -1 without limit. */
export function resourceLimits(resources: Resources): Limits {
  const limits: Limits = {
    ...section('memory', memoryLimits(resources.memory ?? {})),
    ...section('cpu', cpuLimits(resources.cpu ?? {})),
    ...section('cpuset', cpusetLimits(resources.cpu ?? {})),
    ...section('io', ioLimits(resources.blockIO ?? {})),
  }
  const pids = resources.pids?.limit
  if (pids !== undefined && toNumber(pids) !== 0) limits.pids = toNumber(pids) < 0 ? 'max' : toNumber(pids)
  if (resources.hugepageLimits?.length)
    limits.hugetlb = Object.fromEntries(resources.hugepageLimits.map(({ pageSize, limit }) => [pageSize, size(limit)]))
  const { classID, priorities } = resources.network ?? {}
  if (classID) limits.netCls = classID
  if (priorities?.length) limits.netPrio = Object.fromEntries(priorities.map(({ name, priority }) => [name, priority]))
  if (resources.rdma && Object.keys(resources.rdma).length > 0) limits.rdma = resources.rdma
  if (resources.unified && Object.keys(resources.unified).length > 0) limits.unified = resources.unified
  return limits
}

function section<K extends keyof Limits>(key: K, value: NonNullable<Limits[K]> & object): Pick<Limits, K> | object {
  return Object.keys(value).length === 0 ? {} : { [key]: value }
}

const size = (value: BigNumber): number | 'max' =>
  toNumber(value) < 0 || toNumber(value) >= 2 ** 62 ? 'max' : toNumber(value)
const given = (value: BigNumber | undefined): value is BigNumber => value !== undefined && toNumber(value) !== 0

type MemoryLimits = Exclude<NonNullable<Limits['memory']>, string | number>

function memoryLimits(memory: NonNullable<Resources['memory']>): MemoryLimits {
  const { limit, swap, reservation, swappiness, kernelTCP, disableOOMKiller } = memory
  return {
    ...(given(limit) && { max: size(limit) }),
    ...(given(swap) && { withSwap: size(swap), swapIfAccounted: true }),
    ...(given(reservation) && { low: size(reservation) }),
    ...(given(kernelTCP) && { kernelTcp: size(kernelTCP) }),
    ...(swappiness !== undefined && { swappiness: toNumber(swappiness) }),
    ...(disableOOMKiller && { oomKillDisable: true }),
  }
}

function cpuLimits(cpu: NonNullable<Resources['cpu']>): NonNullable<Limits['cpu']> {
  const { shares, quota, period, burst, idle, realtimeRuntime, realtimePeriod } = cpu
  return {
    // runc takes what is outside of the kernel's range for its ends.
    ...(given(shares) && { shares: Math.min(262_144, Math.max(2, toNumber(shares))) }),
    ...(given(quota) && { quotaUs: toNumber(quota) < 0 ? ('max' as const) : toNumber(quota) }),
    ...(given(period) && { periodUs: toNumber(period) }),
    ...(given(burst) && { burstUs: toNumber(burst) }),
    ...(given(idle) && { idle: true }),
    ...(given(realtimeRuntime) && { rtRuntimeUs: toNumber(realtimeRuntime) }),
    ...(given(realtimePeriod) && { rtPeriodUs: toNumber(realtimePeriod) }),
  }
}

function cpusetLimits({ cpus, mems }: NonNullable<Resources['cpu']>): NonNullable<Limits['cpuset']> {
  return { ...(cpus && { cpus }), ...(mems && { mems }) }
}

function ioLimits(io: NonNullable<Resources['blockIO']>): NonNullable<Limits['io']> {
  const devices = new Map<string, IoDeviceLimits>()
  const put = (major: number, minor: number, more: Partial<IoDeviceLimits>) => {
    const device = `${major}:${minor}`
    devices.set(device, { ...(devices.get(device) ?? { device }), ...more })
  }
  const rates = (key: 'readBps' | 'writeBps' | 'readIops' | 'writeIops', list: readonly Throttle[] = []) => {
    for (const { major, minor, rate } of list) put(major, minor, { [key]: given(rate) ? toNumber(rate) : 'max' })
  }
  rates('readBps', io.throttleReadBpsDevice)
  rates('writeBps', io.throttleWriteBpsDevice)
  rates('readIops', io.throttleReadIOPSDevice)
  rates('writeIops', io.throttleWriteIOPSDevice)
  for (const { major, minor, weight } of io.weightDevice ?? []) if (weight) put(major, minor, { blkioWeight: weight })
  return {
    ...(io.weight && { blkioWeight: io.weight }),
    ...(devices.size > 0 && { devices: [...devices.values()] }),
  }
}

const rule = (type: 'c' | 'b', major: number | undefined, minor: number | undefined, access = 'rwm'): DeviceRule => ({
  allow: true,
  type,
  access,
  ...(major !== undefined && { major }),
  ...(minor !== undefined && { minor }),
})

// What every container may use, whatever the configuration says (runtime-spec, "Default Devices").
const DEFAULT_RULES: readonly DeviceRule[] = [
  rule('c', undefined, undefined, 'm'),
  rule('b', undefined, undefined, 'm'),
  rule('c', 1, 3),
  rule('c', 1, 5),
  rule('c', 1, 7),
  rule('c', 1, 8),
  rule('c', 1, 9),
  rule('c', 5, 0),
  rule('c', 5, 1),
  rule('c', 5, 2),
  rule('c', 136, undefined),
]

/** Device rules in their order, and the default devices behind them. */
export function deviceRules(entries: readonly DeviceRuleEntry[]): DeviceRule[] {
  const rules = entries.map(({ allow, type, major, minor, access }): DeviceRule => {
    const any = (number: number | undefined) => number === undefined || number < 0
    if (type === undefined || type === '' || type === 'a') return { allow, type: 'a', access: 'rwm' }
    return {
      allow,
      type: type === 'b' ? 'b' : 'c',
      access: access === undefined || access === '' ? 'rwm' : access,
      ...(!any(major) && { major: major ?? 0 }),
      ...(!any(minor) && { minor: minor ?? 0 }),
    }
  })
  // As in runc nothing is allowed at first; with everything allowed there is nothing to add.
  if (rules[0]?.type !== 'a') rules.unshift({ allow: false, type: 'a', access: 'rwm' })
  return rules.findLast(({ type }) => type === 'a')?.allow === true ? rules : [...rules, ...DEFAULT_RULES]
}
