// A further program in a running container: a throw-away stage joins, the program is born inside (kernel-notes 18).

import {
  closeFd,
  IsoError,
  launch,
  openat2,
  pidfdSendSignal,
  type Child,
  type ExitStatus,
  type LaunchOptions,
  type Step,
  type Stdio,
} from '@iso/native'
import { joinCgroup } from '@iso/cgroups'
import { environment } from './environment.js'
import { identitySteps, resolveUser } from './identity/user.js'
import { absolutePath, flag, knownKeys, wholeNumber } from './internal/check.js'
import { plainer } from './internal/failure.js'
import { ours } from './internal/origin.js'
import { durationMs, sizeBytes } from './internal/units.js'
import type { CgroupPlace } from './limits.js'
import type { Duration, RunOptions, Size } from './options.js'
import type { ExecDefaults } from './plan.js'
import { cannotKeep } from './promises.js'
import { securityOf, securitySteps, type Security } from './security.js'
import { checkMapped, outside } from './user-namespace.js'

/** Options of `container.exec()`. What is absent is as in the container. */
export interface ExecOptions {
  /** Added to the environment of the container. */
  env?: RunOptions['env']
  envFile?: RunOptions['envFile']
  /** Absolute; must exist. Default: that of the container. */
  cwd?: string
  user?: string | number
  groupAdd?: readonly (string | number)[]
  tty?: boolean | { rows: number; columns: number }
  stdin?: Stdio
  stdout?: Stdio
  stderr?: Stdio
  umask?: number
  /** All capabilities and no filter. */
  privileged?: boolean
  capAdd?: readonly string[]
  noNewPrivileges?: boolean
  timeout?: Duration
  outputLimit?: Size
  signal?: AbortSignal
  detached?: boolean
}

const KEYS: Record<keyof ExecOptions, true> = {
  env: true,
  envFile: true,
  cwd: true,
  user: true,
  groupAdd: true,
  tty: true,
  stdin: true,
  stdout: true,
  stderr: true,
  umask: true,
  privileged: true,
  capAdd: true,
  noNewPrivileges: true,
  timeout: true,
  outputLimit: true,
  signal: true,
  detached: true,
}

/** A program that was started by `container.exec()`: streams, `exit`, `kill()`, `resize()`, `close()`. */
export type ExecProcess = Child
/** How it ended. */
export type ExecStatus = ExitStatus

/** The container a program is started in. @internal */
export interface ExecTarget {
  pid: number
  pidfd: number
  cgroup: CgroupPlace | undefined
  defaults: ExecDefaults
}

/** @internal */
export async function execIn(target: ExecTarget, argv: readonly string[], options: ExecOptions): Promise<ExecProcess> {
  knownKeys('exec()', options, Object.keys(KEYS))
  const { defaults } = target
  const root = openRoot(target)
  let identity
  try {
    identity = resolveUser(root, {
      user: options.user ?? defaults.user,
      groupAdd: options.groupAdd ?? defaults.groupAdd,
    })
  } finally {
    closeFd(root)
  }
  checkMapped(defaults.maps, identity)
  const tty = options.tty !== undefined && options.tty !== false
  const security =
    options.privileged || options.capAdd || options.noNewPrivileges !== undefined
      ? execSecurity(defaults, options)
      : defaults.security
  if (defaults.breakable !== undefined && security.caps.includes('CAP_SYS_ADMIN')) throw cannotKeep(defaults.breakable)
  const steps: Step[] = [
    ...joinSteps(target),
    ...(defaults.userns
      ? [{ op: 'becomeRoot', why: 'what is made from here on belongs to root inside' } as const]
      : []),
    ...(tty ? terminalSteps(options, identity.uid) : []),
    ...identitySteps(identity, defaults.setgroups),
    { op: 'chdir', path: absolutePath('cwd', options.cwd ?? defaults.cwd), why: 'working directory' },
    ...securitySteps(security, identity.uid, defaults.userns),
  ]
  const base = {
    ...defaults.env,
    ...(options.user === undefined ? {} : { HOME: identity.home }),
    ...(tty ? { TERM: 'xterm' } : {}),
  }
  const added = environment(
    {
      ...(options.env !== undefined && { env: options.env }),
      ...(options.envFile !== undefined && { envFile: options.envFile }),
    },
    { home: '' }
  )
  const env = { ...base, ...withoutDefaults(added, options) }
  try {
    return await launch(argv, ours(steps), launchOptions(target, options, env, identity))
  } catch (error) {
    throw plainer(error)
  }
}

// PATH and HOME of environment() are defaults of a container, not of a program in it.
function withoutDefaults(env: Record<string, string>, { env: given, envFile }: ExecOptions): Record<string, string> {
  if (given === undefined && envFile === undefined) return {}
  const { HOME, PATH, ...rest } = env
  const named = (name: string) =>
    envFile !== undefined ||
    (Array.isArray(given)
      ? (given as readonly string[]).some((line) => line.startsWith(`${name}=`))
      : Object.hasOwn(given as object, name))
  return {
    ...rest,
    ...(named('HOME') && HOME !== undefined && HOME !== '' ? { HOME } : {}),
    ...(named('PATH') && PATH !== undefined ? { PATH } : {}),
  }
}

function execSecurity({ security, userns }: ExecDefaults, options: ExecOptions): Security {
  const wider = securityOf(
    {
      ...(options.privileged !== undefined && { privileged: flag('privileged', options.privileged, false) }),
      ...(options.capAdd && { capAdd: options.capAdd, capDrop: ['ALL'] }),
    },
    userns
  )
  return {
    ...security,
    ...(options.privileged
      ? wider
      : { caps: options.capAdd ? [...new Set([...security.caps, ...wider.caps])] : security.caps }),
    ...(options.noNewPrivileges !== undefined && {
      noNewPrivileges: flag('noNewPrivileges', options.noNewPrivileges, true),
    }),
  }
}

// The stage enters the v1 groups itself, before it enters namespaces from which it may not; the program inherits them. The v2 group the
// program is born in, and it joins the cgroup namespace itself: cgroup2 with nsdelegate forbids a birth across its boundary from inside.
function joinSteps({ cgroup, defaults }: ExecTarget): Step[] {
  const joins =
    cgroup === undefined
      ? []
      : joinCgroup(cgroup).map((step): Step => (step.op === 'writeFile' ? { ...step, side: 'stage' } : step))
  return [
    ...scoreSteps(defaults.oomScoreAdj),
    { op: 'undumpable', why: 'nobody inside may trace a process that is half outside (CVE-2016-9962)' },
    ...joins,
    {
      op: 'setns',
      slot: 'exec:target',
      namespaces: ['user', 'mnt', 'pid', 'uts', 'ipc', 'net', 'time'],
      why: 'join the container',
    },
    { op: 'setns', side: 'child', slot: 'exec:target', namespaces: ['cgroup'], why: 'join the container' },
  ]
}

// The program inherits it from the stage; from outside an ordinary user may not write it for a process that is not dumpable.
function scoreSteps(value: number | undefined): Step[] {
  if (value === undefined) return []
  return [
    {
      op: 'writeFile',
      side: 'stage',
      path: '/proc/self/oom_score_adj',
      data: String(value),
      fs: 'proc',
      why: 'as in the container',
    },
  ]
}

function terminalSteps({ tty }: ExecOptions, uid: number): Step[] {
  const size =
    typeof tty === 'object'
      ? {
          rows: wholeNumber('tty rows', tty.rows, 0, 0xffff),
          columns: wholeNumber('tty columns', tty.columns, 0, 0xffff),
        }
      : {}
  return [
    { op: 'makePty', path: '/dev/pts/ptmx', ...size, uid, slot: 'terminal', why: 'terminal' },
    { op: 'controllingTerminal', slot: 'terminal' },
  ]
}

// The pid is used once, and the process it meant proven alive afterwards: the root cannot be that of a recycled number.
function openRoot({ pid, pidfd }: ExecTarget): number {
  const root = openat2(null, `/proc/${pid}/root`, { flags: ['path', 'directory'] })
  try {
    pidfdAlive(pidfd)
    return root
  } catch (error) {
    closeFd(root)
    throw error
  }
}

function pidfdAlive(pidfd: number): void {
  try {
    pidfdSendSignal(pidfd, 0)
  } catch (cause) {
    if (!(cause instanceof IsoError) || cause.errnoName !== 'ESRCH') throw cause
    throw new IsoError('ISO_NOT_RUNNING', 'Cannot execute in a container: it has ended', { cause })
  }
}

function launchOptions(
  target: ExecTarget,
  options: ExecOptions,
  env: Record<string, string>,
  { uid, gid }: { uid: number; gid: number }
): LaunchOptions {
  const owner = outside(target.defaults.maps, uid, gid)
  return {
    env,
    fds: { 'exec:target': target.pidfd },
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
    detached: flag('detached', options.detached, false),
  }
}
