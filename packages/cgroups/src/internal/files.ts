// Reading and writing kernel files, with errors that say what was tried and what would help.

import { constants } from 'node:fs'
import { open, readFile } from 'node:fs/promises'

import { IsoError } from '@iso/native'

/** What Node throws for a failed system call. */
export interface SystemError extends Error {
  errno: number
  code: string
  syscall?: string
}

/** Whether Node threw this for a failed system call. */
export function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && typeof (error as Partial<SystemError>).errno === 'number'
}

/** Whether `error` carries one of the error names, be it Node's or ours. */
export function hasErrno(error: unknown, ...names: string[]): boolean {
  if (error instanceof IsoError) return names.includes(error.errnoName ?? '')
  return isSystemError(error) && names.includes(error.code)
}

/** Turn what Node threw into an {@link IsoError}; anything else comes back as it is. */
export function wrap(error: unknown, code: string, message: string, path: string, hint?: string): unknown {
  if (!isSystemError(error)) return error
  return new IsoError(code, message, {
    errno: Math.abs(error.errno),
    path,
    cause: error,
    ...(error.syscall !== undefined && { syscall: error.syscall }),
    ...(hint !== undefined && { hint }),
  })
}

/**
 * Write a value to a kernel file in one write(2).
 *
 * Not `fs.writeFile`: its O_CREAT makes a missing cgroup file an EACCES, which hides that the controller is not there.
 *
 * @param hint What would help after a certain error; the usual hints serve where it is silent.
 */
export async function writeKernelFile(
  path: string,
  value: string,
  hint?: (error: unknown) => string | undefined
): Promise<void> {
  try {
    const file = await open(path, constants.O_WRONLY | constants.O_TRUNC)
    try {
      await file.write(value)
    } finally {
      await file.close()
    }
  } catch (error) {
    throw wrap(
      error,
      'ISO_CGROUP_WRITE',
      `Cannot write "${value}" to "${path}"`,
      path,
      hint?.(error) ?? writeHint(error)
    )
  }
}

/** Read a kernel file as text, white space at the end removed. */
export async function readKernelFile(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trimEnd()
  } catch (error) {
    throw wrap(error, 'ISO_CGROUP_READ', `Cannot read "${path}"`, path)
  }
}

/** Read a kernel file that older kernels, or roots of hierarchies, do not have; undefined where it is missing. */
export async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readKernelFile(path)
  } catch (error) {
    // ENODEV: the group was removed in between. EOPNOTSUPP: pressure files with PSI switched off.
    if (hasErrno(error, 'ENOENT', 'ENODEV', 'EOPNOTSUPP', 'ENOTSUP')) return undefined
    throw error
  }
}

function writeHint(error: unknown): string | undefined {
  if (hasErrno(error, 'ENOENT'))
    return 'the controller is not enabled for this cgroup, the kernel lacks the file, or the cgroup is gone'
  if (hasErrno(error, 'EACCES', 'EPERM')) return 'the cgroup belongs to another user or is not delegated to this one'
  if (hasErrno(error, 'EROFS')) return 'the cgroup file system is mounted read-only, as inside most containers'
  if (hasErrno(error, 'ENODEV')) return 'there is no such device, or the cgroup is gone'
  if (hasErrno(error, 'EINVAL')) return 'the kernel does not take this value here'
  return undefined
}
