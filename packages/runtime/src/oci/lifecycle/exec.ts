// exec: another program in a running container. A throw-away stage joins by pidfd, not dumpable; the program is born inside.

import { readFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { joinCgroup } from '@iso/cgroups'
import {
  closeFd,
  create,
  IsoError,
  launch,
  openat2,
  pidfdOpen,
  pidfdSendSignal,
  start,
  undo,
  type Child,
  type LaunchOptions,
  type Step,
} from '@iso/native'
import { findPasswd } from '../../identity/passwd.js'
import { readRootFile } from '../../identity/root-files.js'
import { checkProcessMeaning } from '../config/check-meaning.js'
import type { Config } from '../spec/config.js'
import type { Process } from '../spec/process.js'
import { directoryOf, files, readRecord, type ContainerRecord } from '../state/record.js'
import { processStat } from '../state/process-identity.js'
import { statusOf } from '../state/status.js'
import { attributeSteps, cpuList, setsNofile } from '../steps/attributes.js'
import { identitySteps } from '../steps/identity.js'
import { environment } from '../steps/plan.js'
import { terminalSteps } from '../steps/terminal.js'
import { refuseLabels } from '../steps/unsupported.js'
import { handOver } from './hand-over.js'
import { inheritedFds } from './inherited-fds.js'
import { writePidFile } from './pid-file.js'
import { subgroupSteps } from './subgroup.js'

/** What `exec` takes. */
export interface ExecRequest {
  root: string
  id: string
  /** What is executed, out of what the container's own process is. */
  process: (own: Process) => Process
  consoleSocket?: string
  pidFile?: string
  preserveFds?: number
  /** Groups beneath the container's: `[CONTROLLER:]PATH`. */
  cgroups?: readonly string[]
  ignorePaused?: boolean
}

interface ExecPlan {
  process: Process
  steps: Step[]
  options: LaunchOptions
  directory: string
  close: () => void
}

/** Run a program in the foreground: with our streams, or with a terminal of its own. */
export async function execHere(request: ExecRequest): Promise<Child> {
  const plan = planExec(request)
  try {
    const terminal = plan.process.terminal ?? false
    return await launch(plan.process.args ?? [], plan.steps, {
      ...plan.options,
      ...(!terminal && { stdin: 'inherit', stdout: 'inherit', stderr: 'inherit' }),
    })
  } finally {
    plan.close()
  }
}

/** Leave a program behind: child of whoever adopts, with nothing of ours above it. @returns its process ID. */
export async function execDetached(request: ExecRequest): Promise<number> {
  const plan = planExec(request)
  const socket = join(plan.directory, `exec-${randomBytes(6).toString('hex')}.sock`)
  try {
    if (plan.process.terminal && request.consoleSocket === undefined)
      throw new IsoError('ISO_CONSOLE_SOCKET', 'Cannot allocate a terminal: nobody takes it', {
        hint: 'wanted --console-socket, or no --detach',
      })
    const made = await create(socket, plan.process.args ?? [], plan.steps, plan.options)
    try {
      if (made.terminal !== undefined && request.consoleSocket !== undefined)
        await handOver(request.consoleSocket, '/dev/ptmx', made.terminal)
      if (request.pidFile !== undefined) writePidFile(request.pidFile, made.pid)
      await start(socket)
      return made.pid
    } catch (error) {
      kill(made.pidfd)
      throw error
    } finally {
      if (made.terminal !== undefined) closeFd(made.terminal)
      closeFd(made.pidfd)
      await undo(made.undo)
    }
  } finally {
    plan.close()
  }
}

function kill(pidfd: number): void {
  try {
    pidfdSendSignal(pidfd, 'SIGKILL')
  } catch {
    // It has ended.
  }
}

/** @throws IsoError `ISO_NOT_RUNNING`, `ISO_PAUSED`. */
function planExec(request: ExecRequest): ExecPlan {
  const { root, id } = request
  const record = readRecord(root, id)
  const status = statusOf(root, record)
  if (status === 'paused' && request.ignorePaused !== true)
    throw new IsoError('ISO_PAUSED', `Cannot exec in container ${JSON.stringify(id)}: it is paused`)
  if ((status !== 'running' && status !== 'created' && status !== 'paused') || record.process === undefined)
    throw new IsoError('ISO_NOT_RUNNING', `Cannot exec in container ${JSON.stringify(id)}: container not running`)
  const directory = directoryOf(root, id)
  const config = JSON.parse(readFileSync(files(directory).config, 'utf8')) as Config
  const program = request.process(config.process ?? { cwd: '/' })
  checkProcessMeaning(program, '$')
  refuseLabels(program, '$')
  const pidfd = openProcess(record, record.process)
  const inherited = inheritedFds(request.preserveFds ?? 0)
  const terminal = program.terminal ?? false
  const { initial } = program.execCPUAffinity ?? {}
  const final = program.execCPUAffinity?.final ?? initial
  const steps: Step[] = [
    ...joinSteps(record, request.cgroups ?? []),
    ...(terminal ? terminalSteps(undefined, '/dev/pts/ptmx', program) : []),
    ...(final === undefined ? [] : [{ op: 'affinity', cpus: cpuList(final, '$.execCPUAffinity') } as const]),
    ...attributeSteps(program, '$'),
    ...identitySteps(program, {
      setgroups: record.setgroups,
      userns: record.userns,
      seccomp: config.linux?.seccomp,
      place: '$',
    }),
    { op: 'chdir', path: program.cwd, why: 'working directory' },
    ...inherited.steps,
  ]
  return {
    process: program,
    steps,
    directory,
    options: {
      env: { ...homeOf(record.process.pid, program), ...environment(program), ...inherited.env },
      fds: { ...inherited.fds, [TARGET]: pidfd },
      ...(setsNofile(program) && { nofileSoft: 0 }),
    },
    close: () => closeFd(pidfd),
  }
}

const TARGET = 'exec:target'

function openProcess({ id }: ContainerRecord, { pid, startTime }: NonNullable<ContainerRecord['process']>): number {
  const pidfd = pidfdOpen(pid)
  if (processStat(pid)?.startTime === startTime) return pidfd
  closeFd(pidfd)
  throw new IsoError('ISO_NOT_RUNNING', `Cannot exec in container ${JSON.stringify(id)}: container not running`)
}

// v1 groups are entered by the stage, before it is in namespaces from which it may not; the v2 group is born into.
function joinSteps(record: ContainerRecord, cgroups: readonly string[]): Step[] {
  const { process: kept } = record
  if (kept === undefined) return []
  const groups = (cgroups.length > 0 ? subgroupSteps(record, cgroups) : joinCgroup({ pid: kept.pid })).map(
    (step): Step => (step.op === 'writeFile' ? { ...step, side: 'stage' } : step)
  )
  return [
    { op: 'undumpable', why: 'nobody inside may trace a process that is half outside (CVE-2016-9962)' },
    ...groups,
    {
      op: 'setns',
      slot: TARGET,
      namespaces: ['user', 'mnt', 'pid', 'uts', 'ipc', 'net', 'time'],
      why: 'join the container',
    },
    { op: 'setns', side: 'child', slot: TARGET, namespaces: ['cgroup'], why: 'join the container' },
    ...(record.userns
      ? [{ op: 'becomeRoot', why: 'what is opened from here on is opened as root inside' } as const]
      : []),
  ]
}

function homeOf(pid: number, { env = [], user }: Process): Record<string, string> {
  if (env.some((line) => line.startsWith('HOME='))) return {}
  const root = openat2(null, `/proc/${pid}/root`, { flags: ['path', 'directory'] })
  try {
    const home = findPasswd(readRootFile(root, '/etc/passwd') ?? '', (entry) => entry.uid === (user?.uid ?? 0))?.home
    return { HOME: home?.startsWith('/') ? home : '/' }
  } finally {
    closeFd(root)
  }
}
