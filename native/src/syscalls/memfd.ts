// Anonymous files in memory.

import { writeSync } from 'node:fs'
import { binding } from '../binding.js'
import { checkFd, toBits } from '../internal/check.js'

/** Seals by name: what nobody can do to the file any more. */
export const SEALS = { seal: 1, shrink: 2, grow: 4, write: 8, futureWrite: 16, exec: 32 } as const

/** Options of {@link memfdCreate}. */
export interface MemfdOptions {
  /** The file is to be executed (MFD_EXEC). Default: false (MFD_NOEXEC_SEAL); kernels before 6.3 do not tell them apart. */
  executable?: boolean
  /** Seal it once it is written: true for all of `seal shrink grow write`, or names. Default: true. */
  seal?: boolean | readonly (keyof typeof SEALS)[]
}

/**
 * Make an anonymous file with memfd_create(2), fill it and seal it.
 *
 * @param name shown in /proc/PID/fd, up to 249 bytes.
 * @param bytes the content.
 * @returns a close-on-exec descriptor; close it with `closeFd()`.
 * @throws IsoError `ISO_SYSCALL`: EACCES, vm.memfd_noexec=2 forbids executable ones; EMFILE.
 * @remarks Linux 3.17.
 * @example
 * ```ts
 * import { closeFd, memfdCreate } from '@iso/native'
 * import { readFileSync } from 'node:fs'
 * const fd = memfdCreate('greeting', Buffer.from('hello'))
 * console.log(readFileSync(`/proc/self/fd/${fd}`, 'utf8'))
 * closeFd(fd)
 * ```
 * @see https://man7.org/linux/man-pages/man2/memfd_create.2.html
 */
export function memfdCreate(name: string, bytes: Uint8Array, options: MemfdOptions = {}): number {
  if (typeof name !== 'string' || name.includes('\0') || Buffer.byteLength(name) > 249)
    throw new TypeError(`Cannot make an anonymous file: name ${JSON.stringify(name)} is not up to 249 bytes of text`)
  const fd = binding().memfdCreate(name, options.executable === true ? 1 : 0)
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at)
    const seal = options.seal ?? true
    if (seal !== false) addSeals(fd, seal === true ? ['seal', 'shrink', 'grow', 'write'] : seal)
  } catch (error) {
    binding().close(fd)
    throw error
  }
  return fd
}

/**
 * Seal an anonymous file with fcntl(2) F_ADD_SEALS.
 *
 * @throws IsoError `ISO_SYSCALL`: EPERM, it is sealed against seals; EBUSY, it is mapped for writing; EINVAL, no memfd.
 */
export function addSeals(fd: number, seals: readonly (keyof typeof SEALS)[]): void {
  binding().addSeals(checkFd(fd), toBits(seals, SEALS, 'seals'))
}

/** Read the seals of an anonymous file with fcntl(2) F_GET_SEALS. @throws IsoError `ISO_SYSCALL`: EINVAL, no memfd. */
export function getSeals(fd: number): (keyof typeof SEALS)[] {
  const bits = binding().getSeals(checkFd(fd))
  return (Object.keys(SEALS) as (keyof typeof SEALS)[]).filter((name) => (bits & SEALS[name]) !== 0)
}
