import { statSync } from 'node:fs'

import { IsoError } from '@iso/native'

import { isSystemError } from '../internal/files.js'
import { knownKeys, wholeNumber } from '../internal/check.js'
import { parseLimitSize, type Size } from '../units.js'
import { blkioWeightToIoWeight, ioWeightToBlkioWeight } from '../weight.js'

/** Limits and priority of block I/O: the `blkio` controller of v1, `io` of v2. */
export interface IoLimits {
  /** Priority on the scale of v2, 1 to 10000, default 100; converted for v1. Works where the scheduler is BFQ, or on v2 io.cost. */
  weight?: number
  /** Priority on the scale of v1, 10 to 1000, default 500; converted for v2. */
  blkioWeight?: number
  /** Limits of single disks. */
  devices?: readonly IoDeviceLimits[]
}

/** Limits of one disk. */
export interface IoDeviceLimits {
  /** Block device by path (`/dev/vda`; links are followed) or as `major:minor`. The kernel limits whole disks, not partitions. */
  device: string
  /** Bytes a second. */
  readBps?: Size
  writeBps?: Size
  /** Requests a second, from 1; `'max'`: no limit. */
  readIops?: number | 'max'
  writeIops?: number | 'max'
  /** Priority on this disk, on the scale of v2. */
  weight?: number
  /** Priority on this disk, on the scale of v1. */
  blkioWeight?: number
  /** v2 only: latency to protect, in microseconds. io.latency. */
  latencyTargetUs?: number
}

/** {@link IoLimits} checked, with both scales and devices as numbers. */
export interface Io {
  weight?: number
  blkioWeight?: number
  devices: readonly IoDevice[]
}

/** One disk with its limits. */
export interface IoDevice {
  /** `major:minor`. */
  device: string
  readBps?: number | 'max'
  writeBps?: number | 'max'
  readIops?: number | 'max'
  writeIops?: number | 'max'
  weight?: number
  blkioWeight?: number
  latencyTargetUs?: number
}

/** Check I/O limits. @throws TypeError or RangeError with the value; IsoError `ISO_CGROUP_DEVICE` where a path is no block device. */
export function validateIo(options: IoLimits): Io {
  knownKeys('io limits', options, ['weight', 'blkioWeight', 'devices'])
  const devices = (options.devices ?? []).map(validateDevice)
  return { devices, ...bothScales(options) }
}

function validateDevice(options: IoDeviceLimits): IoDevice {
  knownKeys('io device limits', options, [
    'device',
    'readBps',
    'writeBps',
    'readIops',
    'writeIops',
    'weight',
    'blkioWeight',
    'latencyTargetUs',
  ])
  const device: IoDevice = { device: deviceNumber(options.device) }
  for (const key of ['readBps', 'writeBps'] as const) {
    const size = options[key]
    if (size !== undefined) device[key] = parseLimitSize(`io ${key}`, size, 1)
  }
  for (const key of ['readIops', 'writeIops'] as const) {
    const rate = options[key]
    if (rate !== undefined) device[key] = rate === 'max' ? rate : wholeNumber(`io ${key}`, rate, 1)
  }
  Object.assign(device, bothScales(options))
  if (options.latencyTargetUs !== undefined)
    device.latencyTargetUs = wholeNumber('io latency', options.latencyTargetUs, 0)
  return device
}

function bothScales({ weight, blkioWeight }: { weight?: number; blkioWeight?: number }): {
  weight?: number
  blkioWeight?: number
} {
  if (weight !== undefined && blkioWeight !== undefined)
    throw new TypeError('Cannot set weight and blkioWeight: they are the same priority')
  if (blkioWeight !== undefined) return { blkioWeight, weight: blkioWeightToIoWeight(blkioWeight) }
  return weight === undefined ? {} : { weight, blkioWeight: ioWeightToBlkioWeight(weight) }
}

/** `major:minor` of a block device given by path or number. */
export function deviceNumber(device: string): string {
  if (/^\d+:\d+$/.test(device)) return device
  try {
    const stat = statSync(device, { bigint: true })
    if (!stat.isBlockDevice())
      throw new IsoError('ISO_CGROUP_DEVICE', `Cannot limit I/O of "${device}": it is no block device`, {
        path: device,
      })
    return formatDevice(stat.rdev)
  } catch (error) {
    if (!isSystemError(error)) throw error
    throw new IsoError('ISO_CGROUP_DEVICE', `Cannot limit I/O of "${device}"`, {
      errno: Math.abs(error.errno),
      syscall: 'stat',
      path: device,
      cause: error,
    })
  }
}

/** Take a `dev_t` apart, as makedev(3) puts it together. */
function formatDevice(device: bigint): string {
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & ~0xfffn)
  const minor = (device & 0xffn) | ((device >> 12n) & 0xffffff00n)
  return `${major}:${minor}`
}
