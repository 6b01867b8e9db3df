// Options -> plan. Every part adds its steps; the linker of @iso/native sorts them by side and phase.

import { randomBytes } from 'node:crypto'
import type { LaunchOptions, Step } from '@iso/native'
import { sealRoot } from '@iso/overlay'
import type { IdMaps } from '@iso/userns'
import { devicesOf, deviceSteps } from './devices.js'
import { environment } from './environment.js'
import { identitySteps, resolveUser, type Identity } from './identity/user.js'
import { absolutePath, flag, knownKeys, list, show, text, wholeNumber } from './internal/check.js'
import type { Context } from './internal/context.js'
import { ours } from './internal/origin.js'
import { durationMs, sizeBytes } from './internal/units.js'
import { cgroupPlan, type CgroupPlace } from './limits.js'
import { cgroupMounts } from './mounts/cgroup.js'
import { defaultMounts } from './mounts/defaults.js'
import { maskSteps } from './mounts/masked.js'
import { userMounts } from './mounts/user.js'
import { chooseNamespaces, hostnameOf, namespaceSteps } from './namespaces.js'
import { breakablePromise, cannotKeep } from './promises.js'
import { RUN_OPTION_KEYS, type RunOptions } from './options.js'
import { rlimitSteps, setsNofile } from './rlimits.js'
import { directoryRoot } from './root/directory.js'
import { hostResolver, hostRoot, hostSecrets, sealHost } from './root/host.js'
import { isRootless } from './rootless.js'
import { securityOf, securitySteps, type Security } from './security.js'
import { sysctlSteps } from './sysctls.js'
import { checkMapped, hasGroup, outside, usernsPlan, type UsernsPlan } from './user-namespace.js'

/** A container as data: what would be launched. */
export interface ContainerPlan {
  id: string
  name: string
  argv: readonly string[]
  steps: Step[]
  launchOptions: LaunchOptions
  /** Where its limits are; absent where it has no cgroup. */
  cgroup?: CgroupPlace
  /** What a later exec() starts from. */
  defaults: ExecDefaults
}

/** What programs in the container share. */
export interface ExecDefaults {
  env: Readonly<Record<string, string>>
  cwd: string
  user: string | number | undefined
  groupAdd: readonly (string | number)[]
  security: Security
  /** The container has a user namespace of its own. */
  userns: boolean
  /** Which ids of the host exist inside; absent where all do. */
  maps?: IdMaps
  /** setgroups(2) works inside. */
  setgroups: boolean
  /** What a program with CAP_SYS_ADMIN inside could undo; absent: nothing that was promised. */
  breakable?: string
  oomScoreAdj?: number
}

/**
 * Turn options into a plan. No kernel state is changed; read are: the user files of the root, the cgroups above, and what the machine offers.
 *
 * @param argv program and arguments; `entrypoint` comes before them.
 * @throws TypeError or RangeError for options, with the value; IsoError `ISO_ROOTFS`, `ISO_USER`, `ISO_DEVICE`, `ISO_CGROUP_…` for what is not there.
 * @example
 * ```ts
 * import { explain } from '@iso/native'
 * import { planContainer } from '@iso/runtime'
 * const { steps } = planContainer(['true'], { image: 'host', memory: '64m' })
 * console.log(explain(steps).split('\n').length > 40) // true
 * ```
 */
export function planContainer(argv: readonly string[], options: RunOptions): ContainerPlan {
  checkOptions(options)
  const id = options.id ?? randomBytes(32).toString('hex')
  const privileged = flag('privileged', options.privileged, false)
  const rootless = isRootless(options)
  const userns = usernsPlan(options, rootless)
  const context: Context = {
    id,
    options,
    rootless,
    userns: userns.steps.length > 0,
    idmap: userns.idmap,
    privileged,
    ttyGroup: hasGroup(userns.maps, TTY_GROUP),
  }
  const host = options.image === 'host'
  const readonly = flag('readonly', options.readonly, false)
  const root = host ? hostRoot(context) : directoryRoot(context)
  const identity = resolveUser(options.rootfs ?? '/', options)
  checkMapped(userns.maps, identity)
  const own = chooseNamespaces(context)
  const security = securityOf(options, context.userns)
  const devices = devicesOf(context)
  const breakable = breakablePromise(context, root)
  if (breakable !== undefined && security.caps.includes('CAP_SYS_ADMIN')) throw cannotKeep(breakable)
  const cgroup = cgroupPlan(context, own, devices)
  const tty = options.tty !== undefined && options.tty !== false
  const cwd = cwdOf(options)
  const steps: Step[] = [
    ...cgroup.steps,
    ...userns.steps,
    ...namespaceSteps(context, own),
    ...root,
    ...defaultMounts(context, own),
    ...(own.cgroup ? cgroupMounts(context, cgroup.steps) : []),
    ...deviceSteps(context, devices),
    ...(host ? hostSecrets(readonly) : []),
    ...(host && !own.net ? hostResolver() : []),
    ...userMounts(context),
    ...sysctlSteps(options.sysctls, own),
    ...(security.systemPaths === 'masked' ? maskSteps() : []),
    ...(tty ? terminalSteps(options, identity) : []),
    ...(cwd === '/'
      ? []
      : [{ op: 'mkdir', in: 'root', path: cwd.slice(1), mode: 0o755, why: 'working directory' } as const]),
    ...(readonly ? sealRoot() : []),
    ...(readonly && host ? sealHost(root) : []),
    ...rlimitSteps(options.ulimits),
    ...(options.oomScoreAdj === undefined
      ? []
      : [{ op: 'oomScoreAdj', value: wholeNumber('oomScoreAdj', options.oomScoreAdj, -1000, 1000) } as const]),
    ...identitySteps(identity, userns.setgroups),
    { op: 'chdir', path: cwd, why: 'working directory' },
    ...fdSteps(options.fds),
    ...securitySteps(security, identity.uid, context.userns),
    ...(flag('init', options.init, false) ? [{ op: 'initProcess', why: 'a PID 1 that reaps' } as const] : []),
  ]
  const env = environment(options, { home: identity.home, hostname: own.uts ? hostnameOf(context) : undefined })
  return {
    id,
    name: options.name ?? id.slice(0, 12),
    argv: programOf(argv, options),
    steps: ours(steps),
    launchOptions: launchOptions(options, env, identity, userns),
    ...(cgroup.place !== undefined && { cgroup: cgroup.place }),
    defaults: {
      env,
      cwd,
      user: options.user,
      groupAdd: options.groupAdd ?? [],
      security,
      userns: context.userns,
      ...(userns.maps !== undefined && { maps: userns.maps }),
      setgroups: userns.setgroups,
      ...(breakable !== undefined && { breakable }),
      ...(options.oomScoreAdj !== undefined && { oomScoreAdj: options.oomScoreAdj }),
    },
  }
}

/** Group of terminals, in every distribution. */
const TTY_GROUP = 5

const KEYS = Object.keys(RUN_OPTION_KEYS)

function checkOptions(options: RunOptions): void {
  if (typeof options !== 'object' || options === null)
    throw new TypeError(`Cannot run: options are ${show(options)}; wanted an object`)
  knownKeys('run()', options, KEYS)
  if (options.image !== undefined && options.image !== 'host')
    throw new TypeError(`Cannot run image ${show(options.image)}: wanted "host"; other images belong to the engine`)
  if (options.image === undefined && options.rootfs === undefined)
    throw new TypeError('Cannot run without a root: wanted image: "host" or rootfs')
  if (options.image !== undefined && options.rootfs !== undefined)
    throw new TypeError('Cannot run with image and rootfs: choose one')
  if (options.id !== undefined && !/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$/.test(text('id', options.id)))
    throw new TypeError(`Cannot use id ${show(options.id)}: wanted letters, digits, "_", "." and "-"`)
  if (options.name !== undefined && !/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(text('name', options.name)))
    throw new TypeError(
      `Cannot use name ${show(options.name)}: wanted a letter or digit, then letters, digits, "_", "." and "-"`
    )
}

function programOf(argv: readonly string[], { entrypoint }: RunOptions): string[] {
  if (!Array.isArray(argv)) throw new TypeError(`Cannot run ${show(argv)}: wanted argv as an array of strings`)
  const before =
    entrypoint === undefined || entrypoint === ''
      ? []
      : typeof entrypoint === 'string'
        ? [entrypoint]
        : list('entrypoint', entrypoint)
  const all = [...before, ...(argv as readonly string[])]
  if (all.length === 0) throw new TypeError('Cannot run: argv is empty; wanted a program')
  return all
}

function cwdOf({ cwd = '/' }: RunOptions): string {
  const parts = absolutePath('cwd', cwd)
    .split('/')
    .filter((part) => part !== '' && part !== '.')
  if (parts.includes('..')) throw new TypeError(`Cannot use cwd ${show(cwd)}: wanted a path without ".."`)
  return `/${parts.join('/')}`
}

function terminalSteps({ tty }: RunOptions, { uid }: Identity): Step[] {
  const size =
    typeof tty === 'object'
      ? {
          rows: wholeNumber('tty rows', tty.rows, 0, 0xffff),
          columns: wholeNumber('tty columns', tty.columns, 0, 0xffff),
        }
      : {}
  return [
    { op: 'makePty', in: 'dev', path: 'pts/ptmx', ...size, uid, console: 'console', slot: 'terminal', why: 'terminal' },
    { op: 'controllingTerminal', slot: 'terminal' },
  ]
}

const slotOfFd = (number: string) => `fd:${number}`

function fdSteps(fds: RunOptions['fds']): Step[] {
  return Object.entries(fds ?? {}).map(([number, fd]): Step => {
    wholeNumber('descriptor of fds', fd, 0)
    return {
      op: 'inheritFd',
      slot: slotOfFd(number),
      number: wholeNumber('number of fds', Number(number), 3, 1023),
      why: 'descriptor that was asked for',
    }
  })
}

function launchOptions(
  options: RunOptions,
  env: Record<string, string>,
  identity: Identity,
  userns: UsernsPlan
): LaunchOptions {
  const owner = outside(userns.maps, identity.uid, identity.gid)
  return {
    env,
    ...(options.stdin !== undefined && { stdin: options.stdin }),
    ...(options.stdout !== undefined && { stdout: options.stdout }),
    ...(options.stderr !== undefined && { stderr: options.stderr }),
    ...(owner !== undefined &&
      process.geteuid?.() === 0 &&
      (owner.uid !== 0 || owner.gid !== 0) && { stdioOwner: owner }),
    ...(options.tty !== undefined && options.tty !== false && { tty: options.tty }),
    ...(options.timeout !== undefined && { timeoutMs: durationMs('timeout', options.timeout) }),
    ...(options.outputLimit !== undefined && { outputLimitBytes: sizeBytes('outputLimit', options.outputLimit, 1) }),
    ...(options.signal !== undefined && { signal: options.signal }),
    ...(options.umask !== undefined && { umask: wholeNumber('umask', options.umask, 0, 0o777) }),
    ...(options.fds !== undefined && {
      fds: Object.fromEntries(Object.entries(options.fds).map(([number, fd]) => [slotOfFd(number), fd])),
    }),
    // A limit that was asked for is set from outside, at any time: the reset must not lower it afterwards.
    ...(setsNofile(options.ulimits) && { nofileSoft: 0 }),
    detached: flag('detached', options.detached, false),
    parked: flag('parked', options.parked, false),
  }
}
