import { readFileSync } from 'node:fs'

import { IsoError } from '@iso/native'

import type { Capability } from './capabilities.js'
import { fromMask, parseHex } from './mask.js'

/** The five sets of a process, as masks. */
export interface CapabilityMaskSets {
  bounding: bigint
  effective: bigint
  permitted: bigint
  inheritable: bigint
  ambient: bigint
}

/** The five sets of a process, by name, and the promise that goes with them. */
export interface CapabilitySets extends Record<keyof CapabilityMaskSets, Capability[]> {
  /** True when execve grants the process no privilege any more. */
  noNewPrivs: boolean
}

const LINES: Readonly<Record<string, keyof CapabilityMaskSets>> = {
  CapBnd: 'bounding',
  CapEff: 'effective',
  CapPrm: 'permitted',
  CapInh: 'inheritable',
  CapAmb: 'ambient',
}

/**
 * Read the capability sets of a process from /proc/PID/status.
 *
 * @param pid - process ID as this process's /proc has it; `'self'`, the default, is this process (its main thread).
 * @throws IsoError `ISO_SYSCALL`: ENOENT or ESRCH, there is no such process; RangeError for a pid below 1.
 * @example
 * ```ts
 * import { readSets } from '@iso/caps'
 * const { permitted, inheritable } = readSets()
 * console.log(permitted.includes('CAP_SYS_ADMIN'), inheritable)
 * ```
 * @see https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
 */
export function readSets(pid: number | 'self' = 'self'): CapabilitySets {
  const text = readStatus(pid)
  const masks = parseSets(text)
  return {
    bounding: fromMask(masks.bounding),
    effective: fromMask(masks.effective),
    permitted: fromMask(masks.permitted),
    inheritable: fromMask(masks.inheritable),
    ambient: fromMask(masks.ambient),
    noNewPrivs: /^NoNewPrivs:\s*1$/m.test(text),
  }
}

/** The five masks in the text of /proc/PID/status; a set the kernel does not have (ambient before 4.3) is empty. */
export function parseSets(status: string): CapabilityMaskSets {
  const masks: CapabilityMaskSets = { bounding: 0n, effective: 0n, permitted: 0n, inheritable: 0n, ambient: 0n }
  for (const [, line, digits] of status.matchAll(/^(Cap\w+):\s*([0-9a-f]+)$/gm)) {
    const set = LINES[line as string]
    if (set !== undefined) masks[set] = parseHex(digits as string)
  }
  return masks
}

function readStatus(pid: number | 'self'): string {
  if (pid !== 'self' && (!Number.isInteger(pid) || pid < 1))
    throw new RangeError(`Cannot read capabilities of process ${pid}: wanted a whole number from 1, or 'self'`)
  const path = `/proc/${pid}/status`
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { errno, syscall } = error as NodeJS.ErrnoException
    const init = { path, syscall: syscall ?? 'open', cause: error, ...(errno !== undefined && { errno: -errno }) }
    throw new IsoError('ISO_SYSCALL', `Cannot read capabilities of process ${pid} from "${path}"`, init)
  }
}
