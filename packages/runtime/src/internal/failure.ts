// Failures of a launch that have a plainer name than the step that met them.

import { readFileSync } from 'node:fs'
import { IsoError, type FailedStep } from '@iso/native'
import { IDMAPPED } from '../mounts/handed.js'
import { HANDED, SHARED } from '../mounts/binds.js'

/** What a refusal means for whoever asked for a container. */
export function plainer(error: unknown): unknown {
  if (!(error instanceof IsoError) || error.step === undefined) return error
  const { step, errnoName, path } = error
  if (isHold(step) && (errnoName === 'ELOOP' || errnoName === 'ENOTDIR' || errnoName === 'ESTALE')) {
    return rename(error, 'ISO_ROOTFS', `Cannot use the root: /${path ?? ''} is a link or no directory`)
  }
  const translated = idmapSource(step)
  if (translated !== undefined && NO_IDMAP.includes(errnoName ?? ''))
    return rename(
      error,
      'ISO_IDMAP',
      `Cannot translate the owners of ${JSON.stringify(translated)}`,
      errnoName === 'ENOSYS'
        ? error.hint
        : 'its file system takes no id maps on this kernel; give a directory whose owner is root of the container on the host'
    )
  if ((step.op === 'chdir' && error.syscall === 'chdir') || (step.op === 'mkdir' && step.why === 'working directory'))
    return rename(error, 'ISO_CWD', `Cannot use working directory ${JSON.stringify(path)}`)
  if (isBind(step) && path?.startsWith('/'))
    return rename(
      error,
      'ISO_BIND',
      `Cannot bind ${JSON.stringify(path)}`,
      errnoName === 'ENOENT' ? 'nothing of that name is on the host; make it first' : undefined
    )
  if (step.op === 'writeFile' && step.origin === '@iso/cgroups' && path !== undefined && path !== 'tasks')
    return rename(
      error,
      'ISO_CGROUP_WRITE',
      `Cannot set ${path} of the cgroup`,
      available(path) ?? privilege(errnoName) ?? unweighted(path) ?? error.hint
    )
  if (step.op === 'writeFile' && step.why === 'sysctl' && path !== undefined)
    return rename(
      error,
      error.code,
      `Cannot set sysctl ${path.replace(/^sys\//, '').replaceAll('/', '.')}`,
      errnoName === 'EACCES' ? 'only root of the machine may; root of a user namespace is none' : error.hint
    )
  if (step.op === 'prlimit' && errnoName === 'EPERM')
    return rename(
      error,
      error.code,
      `Cannot set ulimit ${path ?? ''}`,
      'raising a hard limit above the one of this process needs CAP_SYS_RESOURCE'
    )
  return error
}

// A path of the source is absolute; that of a target is resolved inside the root.
const isBind = ({ op, why }: FailedStep) =>
  (op === 'bind' && why === 'bind') || (op === 'openTree' && (why === SHARED || why === HANDED))
const isHold = (step: FailedStep) => step.op === 'open' && step.origin === '@iso/runtime'

const privilege = (errnoName: string | undefined): string | undefined =>
  errnoName === 'EPERM' || errnoName === 'EACCES'
    ? 'that takes root with CAP_SYS_ADMIN, as a container of Docker has it only with --privileged'
    : undefined

const unweighted = (file: string): string | undefined =>
  file.endsWith('weight_device') ? 'the I/O scheduler of the disk has no weights; bfq has' : undefined

// Which numbers there are; the kernel only says that a set has others.
function available(file: string): string | undefined {
  const online = ONLINE[file]
  if (online === undefined) return undefined
  try {
    return `this machine has ${readFileSync(online, 'utf8').trim()}`
  } catch {
    return undefined
  }
}

const ONLINE: Readonly<Record<string, string>> = {
  'cpuset.cpus': '/sys/devices/system/cpu/online',
  'cpuset.mems': '/sys/devices/system/node/online',
}

const NO_IDMAP: readonly string[] = ['EINVAL', 'ENOSYS', 'EPERM']

// The lower directory of an overlay is the root of image `host`, or that of the container.
function idmapSource({ op, why = '' }: FailedStep): string | undefined {
  if (op !== 'mountSetattr') return undefined
  if (why.startsWith(IDMAPPED)) return why.slice(IDMAPPED.length)
  return why === 'owners as the container sees them' ? 'the root' : undefined
}

function rename(error: IsoError, code: string, message: string, hint = error.hint): IsoError {
  return new IsoError(code, message, {
    ...(error.errno !== undefined && { errno: error.errno }),
    ...(error.syscall !== undefined && { syscall: error.syscall }),
    ...(error.path !== undefined && { path: error.path }),
    ...(error.step !== undefined && { step: error.step }),
    ...(hint !== undefined && { hint }),
    cause: error,
  })
}
