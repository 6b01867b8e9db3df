// linux.sysctl: parameters of a namespace the container has of its own, and no others.

import type { Step } from '@iso/native'
import { sysctlSteps } from '../../sysctls.js'
import { ConfigError } from '../config/config-error.js'
import { separate, type Context } from './context.js'

/**
 * Before the root is entered the machine's /proc shows the parameters of the writer's namespaces, and nothing an image brought can be
 * in the way (CVE-2025-52881).
 *
 * @throws ConfigError for a parameter of the whole machine.
 */
export function namespacedSysctlSteps(context: Context): Step[] {
  const { sysctl } = context.config.linux ?? {}
  const own = {
    pid: separate(context, 'pid'),
    ipc: separate(context, 'ipc'),
    uts: separate(context, 'uts'),
    net: separate(context, 'network'),
    cgroup: separate(context, 'cgroup'),
  }
  return Object.entries(sysctl ?? {}).flatMap(([name, value]) => {
    try {
      return sysctlSteps({ [name]: value }, own).map((step) => onHostProc(step))
    } catch (error) {
      throw new ConfigError(`$.linux.sysctl[${JSON.stringify(name)}]`, (error as Error).message)
    }
  })
}

function onHostProc(step: Step): Step {
  if (step.op !== 'writeFile') return step
  const { in: _, ...rest } = step
  return { ...rest, path: `/proc/${step.path}` }
}
