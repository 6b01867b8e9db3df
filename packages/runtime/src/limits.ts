// The cgroup of the container.

import { accessSync, constants } from 'node:fs'
import { IsoError, type Step } from '@iso/native'
import {
  cgroup,
  detectLayout,
  DOCKER_DEVICES,
  parseDeviceRule,
  type ControllerName,
  type DeviceRule,
  type Layout,
} from '@iso/cgroups'
import type { Device } from './devices.js'
import type { Context } from './internal/context.js'
import { list, text } from './internal/check.js'
import type { NamespaceChoice } from './namespaces.js'
import { limitsOf } from './resources.js'

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
  return { steps: context.idmap === undefined ? steps : enterAsHost(steps), place }
}

// Only root of the host may enter a v1 group of its own, and that is what the process is until it becomes root inside: it enters first.
function enterAsHost(steps: readonly Step[]): Step[] {
  const enters = (step: Step) => step.op === 'writeFile' && step.side === 'child' && step.path === 'tasks'
  return [
    ...steps.filter(enters).map((step): Step => ({ ...step, phase: 'reset' })),
    ...steps.filter((step) => !enters(step)),
  ]
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
