import { join } from 'node:path'

import { readIfPresent } from '../internal/files.js'
import { parseNested } from '../internal/parse.js'
import type { Io, IoDevice } from '../options/io.js'
import type { IoCounters, IoStats } from '../stats.js'
import type { Write } from '../write.js'

/** Writes for io.weight (io.bfq.weight where only BFQ has weights; its scale is that of v1), io.max and io.latency. */
export function limits(io: Io): Write[] {
  const writes: Write[] = []
  if (io.weight !== undefined && io.blkioWeight !== undefined) writes.push(weight('default', io.weight, io.blkioWeight))
  for (const device of io.devices) {
    if (device.weight !== undefined && device.blkioWeight !== undefined)
      writes.push(weight(device.device, device.weight, device.blkioWeight))
    const rates = maximum(device)
    if (rates !== '') writes.push({ file: 'io.max', value: `${device.device}${rates}` })
    if (device.latencyTargetUs !== undefined)
      writes.push({ file: 'io.latency', value: `${device.device} target=${device.latencyTargetUs}` })
  }
  return writes
}

/** Bytes and requests by device. */
export async function stat(directory: string): Promise<IoStats> {
  return parseIoStat(await readIfPresent(join(directory, 'io.stat')))
}

/** The text of io.stat. */
export function parseIoStat(text: string | undefined): IoStats {
  const total: IoCounters = { readBytes: 0, writeBytes: 0, readOps: 0, writeOps: 0 }
  const devices: Record<string, IoCounters> = {}
  for (const [device, row] of Object.entries(parseNested(text))) {
    const counters = {
      readBytes: row['rbytes'] ?? 0,
      writeBytes: row['wbytes'] ?? 0,
      readOps: row['rios'] ?? 0,
      writeOps: row['wios'] ?? 0,
    }
    devices[device] = counters
    for (const key of Object.keys(total) as (keyof IoCounters)[]) total[key] += counters[key]
  }
  return { ...total, devices }
}

function maximum(device: IoDevice): string {
  const pairs = [
    ['rbps', device.readBps],
    ['wbps', device.writeBps],
    ['riops', device.readIops],
    ['wiops', device.writeIops],
  ]
  return pairs
    .filter(([, rate]) => rate !== undefined)
    .map(([key, rate]) => ` ${key}=${rate}`)
    .join('')
}

function weight(device: string, value: number, bfqValue: number): Write {
  return {
    file: 'io.weight',
    value: `${device} ${value}`,
    otherwise: { file: 'io.bfq.weight', value: `${device} ${bfqValue}` },
  }
}
