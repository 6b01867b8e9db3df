// create: everything but the program. What is made is written down before it is made, so that a crash leaves nothing unknown.

import { existsSync, readFileSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { closeFd, create as createParked, IsoError, pidfdSendSignal, type Created, type Step } from '@iso/native'
import { ConfigError } from '../config/config-error.js'
import { readBundle, type Bundle } from '../config/read-config.js'
import { claim } from '../state/root.js'
import { processStat } from '../state/process-identity.js'
import { files, writeRecord, writeWhole, type ContainerRecord } from '../state/record.js'
import { planBundle, type OciPlan } from '../steps/plan.js'
import { removeCgroups } from './cgroups.js'
import { handOver } from './hand-over.js'
import { inheritedFds } from './inherited-fds.js'
import { notifySocket } from './notify-socket.js'
import { writePidFile } from './pid-file.js'

/** What `create` and `run` take. */
export interface CreateRequest {
  root: string
  id: string
  /** Absolute path. */
  bundle: string
  consoleSocket?: string
  /** The caller takes the terminal itself: `run` without `--detach`. */
  keepTerminal?: boolean
  pidFile?: string
  preserveFds?: number
  noPivot?: boolean
  noNewKeyring?: boolean
  systemdCgroup?: boolean
  /** Where what is left out, but wanted, is told. */
  warn?: (message: string) => void
}

/** A container that waits for start. */
export interface CreatedContainer {
  record: ContainerRecord
  /** It belongs to the caller. */
  pidfd: number
  /** Master of its terminal, where the caller keeps it. */
  terminal?: number
}

/** @throws ConfigError, IsoError, TypeError; nothing is left then. */
export async function createContainer(request: CreateRequest): Promise<CreatedContainer> {
  const bundle = readBundle(request.bundle)
  const plan = planBundle(bundle, request)
  checkTerminal(plan, request)
  for (const warning of plan.warnings) request.warn?.(warning)
  const directory = claim(request.root, request.id)
  let made: Created | undefined
  let record = recordOf(request, bundle, plan)
  try {
    writeWhole(files(directory).config, JSON.stringify(bundle.config))
    writeRecord(directory, record)
    clearStaleCgroups(plan)
    made = await park(request, plan, files(directory).socket)
    const startTime = processStat(made.pid)?.startTime
    if (startTime === undefined) throw new IsoError('ISO_LAUNCHER', 'Cannot create: the container process has ended')
    record = { ...record, process: { pid: made.pid, startTime } }
    writeRecord(directory, record)
    const terminal = await passTerminal(made, request)
    if (request.pidFile !== undefined) writePidFile(request.pidFile, made.pid)
    return { record, pidfd: made.pidfd, ...(terminal !== undefined && { terminal }) }
  } catch (error) {
    if (made !== undefined) abandon(made)
    await removeCgroups(made === undefined ? [] : record.cgroups)
    rmSync(directory, { recursive: true, force: true })
    throw error
  }
}

function checkTerminal({ terminal, argv }: OciPlan, { consoleSocket, keepTerminal }: CreateRequest): void {
  if (argv.length === 0) throw new ConfigError('$.process.args', 'it is missing or empty')
  if (terminal && consoleSocket === undefined && keepTerminal !== true)
    throw new IsoError('ISO_CONSOLE_SOCKET', 'Cannot allocate a terminal: nobody takes it', {
      hint: 'wanted --console-socket, or process.terminal false',
    })
  if (!terminal && consoleSocket !== undefined)
    throw new IsoError('ISO_CONSOLE_SOCKET', 'Cannot use --console-socket: process.terminal is false')
}

function recordOf({ id }: CreateRequest, { path, config }: Bundle, plan: OciPlan): ContainerRecord {
  const { poststart, poststop } = config.hooks ?? {}
  const { listenerPath, listenerMetadata = '' } = config.linux?.seccomp ?? {}
  return {
    version: 1,
    id,
    ociVersion: config.ociVersion,
    bundle: path,
    rootfs: plan.rootfs,
    ...(config.annotations !== undefined && { annotations: config.annotations }),
    created: new Date().toISOString(),
    cgroups: plan.cgroup.directories,
    ...(plan.cgroup.place !== undefined && { cgroupPlace: plan.cgroup.place }),
    userns: plan.userns,
    setgroups: plan.setgroups,
    hooks: { ...(poststart !== undefined && { poststart }), ...(poststop !== undefined && { poststop }) },
    ...(listenerPath && { seccompListener: { path: listenerPath, metadata: listenerMetadata } }),
  }
}

// As in runc a group that is there, but empty, is taken over: an engine may have made it.
function clearStaleCgroups({ cgroup: { directories } }: OciPlan): void {
  for (const { directory } of directories) {
    if (!existsSync(directory)) continue
    if (readFileSync(join(directory, 'cgroup.procs'), 'utf8') !== '')
      throw new IsoError('ISO_CGROUP_EXISTS', `Cannot use cgroup ${JSON.stringify(directory)}: it is not empty`, {
        path: directory,
      })
    rmdirSync(directory)
  }
}

function park(request: CreateRequest, plan: OciPlan, socket: string): Promise<Created> {
  const inherited = inheritedFds(request.preserveFds ?? 0)
  const notify = notifySocket()
  const steps: Step[] = [...plan.steps, ...notify.steps, ...inherited.steps]
  return createParked(socket, plan.argv, steps, {
    env: { ...plan.env, ...inherited.env, ...notify.env },
    cwd: plan.cwd,
    fds: inherited.fds,
    keyring: request.noNewKeyring !== true,
    ...(plan.setsNofile && { nofileSoft: 0 }),
  })
}

async function passTerminal(
  made: Created,
  { consoleSocket, keepTerminal }: CreateRequest
): Promise<number | undefined> {
  if (made.terminal === undefined || keepTerminal === true) return made.terminal
  try {
    if (consoleSocket !== undefined) await handOver(consoleSocket, '/dev/ptmx', made.terminal)
  } finally {
    closeFd(made.terminal)
  }
  return undefined
}

function abandon({ pidfd }: Created): void {
  try {
    pidfdSendSignal(pidfd, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
  closeFd(pidfd)
}
