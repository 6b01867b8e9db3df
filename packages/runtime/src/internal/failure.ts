// Failures of a launch that have a plainer name than the step that met them.

import { IsoError, type FailedStep } from '@iso/native'

/** What a refusal means for whoever asked for a container. */
export function plainer(error: unknown): unknown {
  if (!(error instanceof IsoError) || error.step === undefined) return error
  const { step, errnoName, path } = error
  if (isHold(step) && (errnoName === 'ELOOP' || errnoName === 'ENOTDIR' || errnoName === 'ESTALE')) {
    return rename(error, 'ISO_ROOTFS', `Cannot use the root: /${path ?? ''} is a link or no directory`)
  }
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
    return rename(error, 'ISO_CGROUP_WRITE', `Cannot set ${path} of the cgroup`)
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
  (op === 'bind' && why === 'bind') || (op === 'openTree' && why === 'shared with the host')
const isHold = (step: FailedStep) => step.op === 'open' && step.origin === '@iso/runtime'

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
