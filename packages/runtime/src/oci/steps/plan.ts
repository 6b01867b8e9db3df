// A bundle -> steps. Every part adds its own; the linker of @iso/native sorts them by side and phase.

import { closeFd, openat2, type Step } from '@iso/native'
import { findPasswd } from '../../identity/passwd.js'
import { readRootFile } from '../../identity/root-files.js'
import { ours } from '../../internal/origin.js'
import type { Bundle } from '../config/read-config.js'
import type { Process } from '../spec/process.js'
import { attributeSteps, memoryPolicySteps, personalitySteps, setsNofile } from './attributes.js'
import { cgroupPlan, type CgroupPlan } from './cgroup.js'
import { contextOf, type Context, type MakeOptions } from './context.js'
import { deviceSteps } from './devices.js'
import { hookSteps } from './hooks.js'
import { identitySteps, unknownCapabilities } from './identity.js'
import { mountSteps, sealMountSteps } from './mounts.js'
import { namespaceSteps } from './namespaces.js'
import { netDeviceSteps } from './net-devices.js'
import { pathSteps, propagationSteps, sealSteps } from './paths.js'
import { rootSteps } from './root.js'
import { namespacedSysctlSteps } from './sysctl.js'
import { terminalSteps } from './terminal.js'
import { refuseUnsupported } from './unsupported.js'
import { userNamespace } from './user-namespace.js'

/** What is to be done to make a container. */
export interface OciPlan {
  steps: Step[]
  argv: readonly string[]
  env: Record<string, string>
  cwd: string
  /** Absolute path of the root on the host. */
  rootfs: string
  /** It is in a user namespace of its own. */
  userns: boolean
  cgroup: CgroupPlan
  terminal: boolean
  /** setgroups(2) works inside. */
  setgroups: boolean
  /** The soft limit on open files is part of the configuration. */
  setsNofile: boolean
  warnings: string[]
}

const NO_PROCESS: Process = { cwd: '/' }

/** @throws ConfigError with the JSON path; IsoError for what the machine lacks. */
export function planBundle(bundle: Bundle, options: MakeOptions): OciPlan {
  const context = contextOf(bundle, options)
  const { config } = bundle
  refuseUnsupported(config)
  const process = config.process ?? NO_PROCESS
  const { uid = 0 } = process.user ?? {}
  const user = userNamespace(context)
  const root = rootSteps(context)
  const cgroup = cgroupPlan(context)
  const terminal = process.terminal ?? false
  const steps: Step[] = [
    ...cgroup.steps, // before it becomes root inside, who may not enter v1 groups of the host
    ...user.steps,
    ...namespaceSteps(context),
    ...root,
    ...mountSteps(context, cgroup),
    ...deviceSteps(context),
    ...netDeviceSteps(context),
    ...(terminal ? terminalSteps('root', 'dev/pts/ptmx', process, 'dev/console') : []),
    ...cwdSteps(process),
    ...namespacedSysctlSteps(context),
    ...pathSteps(context),
    ...sealMountSteps(context),
    ...sealSteps(context),
    ...propagationSteps(context),
    ...personalitySteps(config.linux ?? {}),
    ...memoryPolicySteps(config.linux ?? {}),
    ...hookSteps(context),
    { op: 'findProgram', why: 'a missing program is an error of create' },
    ...attributeSteps(process, '$.process'),
    ...identitySteps(process, {
      setgroups: user.setgroups,
      userns: context.userns,
      seccomp: config.linux?.seccomp,
      place: '$.process',
    }),
  ]
  return {
    steps: ours(steps),
    argv: process.args ?? [],
    env: { ...homeOf(context, uid, process), ...environment(process) },
    cwd: process.cwd,
    rootfs: context.rootfs,
    userns: context.userns,
    cgroup,
    terminal,
    setgroups: user.setgroups,
    setsNofile: setsNofile(process),
    warnings: unknownCapabilities(process).map((name) => `capability ${JSON.stringify(name)} is unknown and left out`),
  }
}

/** process.env by name; of two with one name the last counts. */
export function environment({ env = [] }: Process): Record<string, string> {
  return Object.fromEntries(
    env.map((line) => {
      const at = line.indexOf('=')
      return [line.slice(0, at), line.slice(at + 1)]
    })
  )
}

function cwdSteps({ cwd }: Process): Step[] {
  return cwd === '/' ? [] : [{ op: 'mkdir', in: 'root', path: cwd.slice(1), mode: 0o755, why: 'working directory' }]
}

// runc gives a program the home directory of its user where the configuration names none.
function homeOf({ rootfs }: Context, uid: number, { env = [] }: Process): Record<string, string> {
  if (env.some((line) => line.startsWith('HOME='))) return {}
  const root = openat2(null, rootfs, { flags: ['path', 'directory'] })
  try {
    const home = findPasswd(readRootFile(root, '/etc/passwd') ?? '', (entry) => entry.uid === uid)?.home
    return { HOME: home?.startsWith('/') ? home : '/' }
  } finally {
    closeFd(root)
  }
}
