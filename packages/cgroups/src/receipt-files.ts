// Which files the receipt is made of.

import type { Place } from './place.js'

const V1: Readonly<Record<string, readonly string[]>> = {
  memory: ['memory.max_usage_in_bytes', 'memory.oom_control', 'memory.failcnt'],
  cpuacct: ['cpuacct.usage', 'cpuacct.usage_user', 'cpuacct.usage_sys'],
  cpu: ['cpu.stat'],
  pids: ['pids.peak', 'pids.events'],
  blkio: ['blkio.throttle.io_service_bytes_recursive', 'blkio.throttle.io_serviced_recursive'],
}

const V2: Readonly<Record<string, readonly string[]>> = {
  memory: ['memory.peak', 'memory.events'],
  pids: ['pids.peak', 'pids.events'],
  io: ['io.stat'],
}

/** Files of a place to read once its processes have ended, with their label in the receipt: `cgroup/<controller>/<file>`. */
export function receiptFiles(place: Place): { file: string; label: string }[] {
  if (place.version === 1) {
    return place.controllers.flatMap((controller) =>
      (V1[controller] ?? []).map((file) => ({ file, label: `cgroup/${controller}/${file}` }))
    )
  }
  // cpu.stat is in every v2 group, the cpu controller enabled or not.
  const files = ['cpu.stat', ...place.controllers.flatMap((controller) => V2[controller] ?? [])]
  return files.map((file) => ({ file, label: `cgroup/unified/${file}` }))
}
