// From the record a supervisor sends to an IsoError that says what was attempted, on what, what the kernel said, and what helps.

import { sinceHint } from '../internal/since.js'
import { errnoName, IsoError, type FailedStep } from '../iso-error.js'
import type { Plan } from '../plan/link.js'
import { planSteps } from '../plan/explain.js'

/** @internal */
export interface Failure {
  index: number
  errno: number
  syscall: string
  path: string
  note: string
}

const EXEC_CODES: Readonly<Record<string, string>> = {
  ENOENT: 'ISO_NOT_FOUND',
  ENOTDIR: 'ISO_NOT_FOUND',
  EACCES: 'ISO_NOT_EXECUTABLE',
  EPERM: 'ISO_NOT_EXECUTABLE',
  ENOEXEC: 'ISO_NOT_EXECUTABLE',
  ELIBACC: 'ISO_NOT_EXECUTABLE',
  EISDIR: 'ISO_NOT_EXECUTABLE',
  E2BIG: 'ISO_TOO_BIG',
}

const HINTS: readonly { syscall?: string; op?: string; errno?: string; hint: string }[] = [
  { syscall: 'execve', errno: 'ENOEXEC', hint: 'the file is for another architecture, or a script without a #! line' },
  { syscall: 'execve', errno: 'ENOENT', hint: 'no such program in the PATH of the container' },
  { syscall: 'execve', errno: 'EACCES', hint: 'the file is not executable, or its file system is mounted noexec' },
  { syscall: 'clone3', errno: 'EPERM', hint: 'new namespaces need root, or a user namespace that this machine allows' },
  {
    syscall: 'clone3',
    errno: 'ENOSPC',
    hint: 'a limit in /proc/sys/user/max_*_namespaces, or the nesting depth, is reached',
  },
  { syscall: 'clone3', errno: 'EAGAIN', hint: 'a limit on processes is reached' },
  {
    syscall: 'pivot_root',
    errno: 'EINVAL',
    hint: 'the root is a ramfs, which cannot pivot, or not a mount of its own',
  },
  {
    syscall: 'setgroups',
    errno: 'EPERM',
    hint: 'a user namespace with setgroups=deny keeps the groups of its creator',
  },
  { syscall: 'setresuid', errno: 'EINVAL', hint: 'the user ID has no mapping in this user namespace' },
  { syscall: 'setresgid', errno: 'EINVAL', hint: 'the group ID has no mapping in this user namespace' },
  { syscall: 'chdir', errno: 'ENOENT', hint: 'the working directory does not exist in the root' },
  {
    op: 'fsMount',
    errno: 'EROFS',
    hint: 'the kernel cannot use the upper or work directory (not writable, idmapped, or already in use)',
  },
  {
    errno: 'ESTALE',
    hint: 'the file is not on the file system it must be on: something else is mounted or linked there',
  },
  { errno: 'EBADE', hint: 'the kernel kept another value than the one that was written' },
]

const NO_STEP = 0xffffffff // ISO_ABSENT of init/decode.h: no step failed but the program's start

/** @internal */
export function launchError(plan: Plan, failure: Failure): IsoError {
  const { errno, syscall, path, note } = failure
  const name = errnoName(errno)
  const found = planSteps(plan)[failure.index]?.step
  const step: FailedStep | undefined = found && {
    index: failure.index,
    op: found.op,
    ...(found.origin === undefined ? {} : { origin: found.origin }),
    ...(found.why === undefined ? {} : { why: found.why }),
  }
  // A container that was created by somebody else is started without its plan: then the step has a number alone.
  const code =
    syscall === 'execve' && failure.index === NO_STEP ? (EXEC_CODES[name] ?? 'ISO_NOT_EXECUTABLE') : 'ISO_STEP'
  const what =
    code === 'ISO_STEP'
      ? `run step ${step === undefined ? syscall : `${step.index} ${step.op} (${syscall})`}`
      : 'execute'
  const table = HINTS.find(
    (h) => (h.syscall ?? syscall) === syscall && (h.op ?? step?.op) === step?.op && (h.errno ?? name) === name
  )?.hint
  const since = name === 'ENOSYS' ? sinceHint(syscall) : undefined
  const hint = [note, table, since].filter((text) => text !== undefined && text !== '').join('; ')
  return new IsoError(code, `Cannot ${what}${path === '' ? '' : ` ${JSON.stringify(path)}`}`, {
    errno,
    ...(syscall === '' ? {} : { syscall }),
    ...(path === '' ? {} : { path }),
    ...(step === undefined ? {} : { step }),
    ...(hint === '' ? {} : { hint }),
  })
}
