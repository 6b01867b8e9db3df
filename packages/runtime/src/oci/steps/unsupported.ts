// Fields this runtime, or this machine, cannot honour: a named refusal, never a silent weakening.

import { existsSync, readFileSync } from 'node:fs'
import { ConfigError } from '../config/config-error.js'
import type { Config } from '../spec/config.js'
import type { Process } from '../spec/process.js'

/** @throws ConfigError for the first of them. */
export function refuseUnsupported({ linux, process }: Config): void {
  const refuse = (place: string, why: string): never => {
    throw new ConfigError(place, why)
  }
  if (process !== undefined) refuseLabels(process, '$.process')
  if (linux?.mountLabel) refuseSelinux('$.linux.mountLabel')
  if (linux?.intelRdt !== undefined && !existsSync('/sys/fs/resctrl/schemata'))
    refuse('$.linux.intelRdt', 'this machine has no mounted resctrl file system')
  else if (linux?.intelRdt !== undefined) refuse('$.linux.intelRdt', 'it is not supported yet')
  if (Object.keys(linux?.netDevices ?? {}).length > 0 && !linux?.namespaces?.some(({ type }) => type === 'network'))
    refuse('$.linux.netDevices', 'without a network namespace there is nowhere to move them')
}

/** @throws ConfigError for a profile or label: no security module is told anything yet, and a container without it would be weaker. */
export function refuseLabels({ apparmorProfile, selinuxLabel }: Process, place: string): void {
  if (apparmorProfile)
    throw new ConfigError(
      `${place}.apparmorProfile`,
      `${JSON.stringify(apparmorProfile)}: ${state('AppArmor', enabled('/sys/module/apparmor/parameters/enabled', 'Y'))}`
    )
  if (selinuxLabel) refuseSelinux(`${place}.selinuxLabel`)
}

function refuseSelinux(place: string): never {
  throw new ConfigError(place, state('SELinux', existsSync('/sys/fs/selinux/enforce')))
}

const state = (module: string, on: boolean): string =>
  on ? `${module} is not supported yet` : `${module} is not enabled here`

function enabled(file: string, value: string): boolean {
  try {
    return readFileSync(file, 'utf8').trim() === value
  } catch {
    return false
  }
}
