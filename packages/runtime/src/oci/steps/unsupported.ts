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
  if (linux?.mountLabel) requireSelinux('$.linux.mountLabel')
  if (linux?.intelRdt !== undefined && !existsSync('/sys/fs/resctrl/schemata'))
    refuse('$.linux.intelRdt', 'this machine has no mounted resctrl file system')
  else if (linux?.intelRdt !== undefined) refuse('$.linux.intelRdt', 'it is not supported yet')
  if (Object.keys(linux?.netDevices ?? {}).length > 0 && !linux?.namespaces?.some(({ type }) => type === 'network'))
    refuse('$.linux.netDevices', 'without a network namespace there is nowhere to move them')
}

/** @throws ConfigError for a profile or label of a module this kernel does not run. */
export function refuseLabels({ apparmorProfile, selinuxLabel }: Process, place: string): void {
  if (apparmorProfile && !enabled('/sys/module/apparmor/parameters/enabled', 'Y'))
    throw new ConfigError(
      `${place}.apparmorProfile`,
      `${JSON.stringify(apparmorProfile)}: AppArmor is not enabled here`
    )
  if (selinuxLabel) requireSelinux(`${place}.selinuxLabel`)
}

function requireSelinux(place: string): void {
  if (!existsSync('/sys/fs/selinux/enforce')) throw new ConfigError(place, 'SELinux is not enabled here')
}

function enabled(file: string, value: string): boolean {
  try {
    return readFileSync(file, 'utf8').trim() === value
  } catch {
    return false
  }
}
