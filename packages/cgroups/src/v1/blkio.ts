import { join } from 'node:path'

import { readIfPresent } from '../internal/files.js'
import type { Io } from '../options/io.js'
import type { IoCounters, IoStats } from '../stats.js'
import { unsupported, type Write } from '../write.js'

const THROTTLE = {
  readBps: 'read_bps_device',
  writeBps: 'write_bps_device',
  readIops: 'read_iops_device',
  writeIops: 'write_iops_device',
} as const

/** Writes for blkio.weight (blkio.bfq.weight where BFQ is the scheduler with weights: Linux 5.0 and later) and blkio.throttle.*. */
export function limits(io: Io): Write[] {
  const writes: Write[] = []
  if (io.blkioWeight !== undefined) writes.push(weight('weight', `${io.blkioWeight}`))
  for (const device of io.devices) {
    if (device.latencyTargetUs !== undefined) throw unsupported('io latency', 1)
    if (device.blkioWeight !== undefined) writes.push(weight('weight_device', `${device.device} ${device.blkioWeight}`))
    for (const [key, file] of Object.entries(THROTTLE) as [keyof typeof THROTTLE, string][]) {
      const rate = device[key]
      // 0 takes the limit away.
      if (rate !== undefined)
        writes.push({ file: `blkio.throttle.${file}`, value: `${device.device} ${rate === 'max' ? 0 : rate}` })
    }
  }
  return writes
}

/** Bytes and requests by device. */
export async function stat(directory: string): Promise<IoStats> {
  const read = async (file: string) =>
    (await readIfPresent(join(directory, `blkio.throttle.${file}_recursive`))) ??
    (await readIfPresent(join(directory, `blkio.throttle.${file}`)))
  const [bytes, operations] = await Promise.all([read('io_service_bytes'), read('io_serviced')])
  return parseBlkio(bytes, operations)
}

/** Put blkio.throttle.io_service_bytes and io_serviced (`254:0 Read 4096`) together. */
export function parseBlkio(bytes: string | undefined, operations: string | undefined): IoStats {
  const devices: Record<string, IoCounters> = {}
  const total: IoCounters = { readBytes: 0, writeBytes: 0, readOps: 0, writeOps: 0 }
  const add = (text: string | undefined, names: Readonly<Record<string, keyof IoCounters>>) => {
    for (const line of (text ?? '').split('\n')) {
      const [device, operation, value] = line.split(' ')
      const name = names[operation ?? '']
      if (device === undefined || name === undefined) continue
      const row = (devices[device] ??= { readBytes: 0, writeBytes: 0, readOps: 0, writeOps: 0 })
      row[name] += Number(value)
      total[name] += Number(value)
    }
  }
  add(bytes, { Read: 'readBytes', Write: 'writeBytes' })
  add(operations, { Read: 'readOps', Write: 'writeOps' })
  return { ...total, devices }
}

function weight(file: string, value: string): Write {
  return { file: `blkio.${file}`, value, otherwise: { file: `blkio.bfq.${file}`, value } }
}
