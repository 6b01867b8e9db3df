// Paths of /proc and /sys that are hidden or read-only: Docker's lists.

import { readdirSync } from 'node:fs'
import type { Step } from '@iso/native'
import { ours } from '../internal/origin.js'

const MASKED: readonly string[] = [
  '/proc/acpi',
  '/proc/asound',
  '/proc/interrupts',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/sys/devices/virtual/powercap',
  '/sys/firmware',
]
const READONLY: readonly string[] = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger']

/** Hidden and read-only paths; after the sysctls, which are written through what is read-only then. */
export function maskSteps(): readonly Step[] {
  return (made ??= makeSteps())
}

let made: readonly Step[] | undefined

function makeSteps(): Step[] {
  return ours([
    ...[...MASKED, ...thermalThrottle()].map((path): Step => ({
      op: 'mask',
      ...split(path),
      why: 'tells about the host',
    })),
    ...READONLY.map((path): Step => ({
      op: 'readonly',
      ...split(path),
      recursive: true,
      why: 'would change the host',
    })),
  ])
}

// '/proc/kcore' -> in the slot `proc`, 'kcore'.
function split(path: string): { in: string; path: string } {
  const at = path.indexOf('/', 1)
  return { in: path.slice(1, at), path: path.slice(at + 1) }
}

const CPUS = '/sys/devices/system/cpu'

// How hot a processor runs tells what its neighbours do (Docker 28). Virtual machines have no such files.
function thermalThrottle(): string[] {
  return entries(CPUS)
    .filter((name) => /^cpu\d+$/.test(name))
    .map((name) => `${CPUS}/${name}/thermal_throttle`)
    .filter((path) => entries(path).length > 0)
}

function entries(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}
