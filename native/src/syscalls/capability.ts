// Reading capabilities and process attributes. There are no setters: they would change one thread of Node.

import { binding } from '../binding.js'
import { whole } from '../internal/check.js'

/** Three of the five capability sets, as masks. The other two are in /proc/PID/status. */
export interface CapabilityMasks {
  effective: bigint
  permitted: bigint
  inheritable: bigint
}

/**
 * Read the capability sets of a process with capget(2).
 *
 * @param pid process or thread ID; 0, the default: the calling thread.
 * @throws IsoError `ISO_SYSCALL`: ESRCH, there is no such process.
 * @example
 * ```ts
 * import { capget } from '@iso/native'
 * const { effective } = capget()
 * console.log((effective >> 21n & 1n) === 1n ? 'may mount' : 'may not mount') // CAP_SYS_ADMIN is 21
 * ```
 * @see https://man7.org/linux/man-pages/man2/capget.2.html
 */
export function capget(pid = 0): CapabilityMasks {
  return binding().capget(whole(pid, 'process ID', 0, 0x7fffffff))
}

// PR_ numbers of linux/prctl.h: those that read and return a number.
const READERS: Readonly<Record<PrctlReader, readonly [option: number, wantsCapability: boolean]>> = {
  dumpable: [3, false],
  keepCaps: [7, false],
  seccomp: [21, false],
  boundingCapability: [23, true],
  securebits: [27, false],
  timerSlackNs: [30, false],
  noNewPrivs: [39, false],
  thpDisable: [42, false],
  ambientCapability: [47, true],
}

/** What {@link prctl} can read of the calling thread. */
export type PrctlReader =
  | 'dumpable'
  | 'keepCaps'
  | 'seccomp'
  | 'boundingCapability'
  | 'securebits'
  | 'timerSlackNs'
  | 'noNewPrivs'
  | 'thpDisable'
  | 'ambientCapability'

const PR_CAP_AMBIENT_IS_SET = 1

/**
 * Read an attribute of the calling thread with prctl(2).
 *
 * @param what `boundingCapability` and `ambientCapability` tell whether one capability is in that set.
 * @param capability number of that capability, 0 to 63; for those two only.
 * @returns the value; 0 and 1 for no and yes.
 * @throws IsoError `ISO_SYSCALL`: EINVAL, the kernel does not know the capability.
 * @see https://man7.org/linux/man-pages/man2/prctl.2.html
 */
export function prctl(what: PrctlReader, capability?: number): number {
  if (!Object.hasOwn(READERS, what))
    throw new TypeError(
      `Cannot read a process attribute: '${what}' is unknown; wanted ${Object.keys(READERS).join(', ')}`
    )
  const [option, wantsCapability] = READERS[what]
  if (!wantsCapability) return binding().prctl(option, 0, 0)
  const number = whole(capability ?? Number.NaN, 'capability', 0, 63)
  return what === 'ambientCapability'
    ? binding().prctl(option, PR_CAP_AMBIENT_IS_SET, number)
    : binding().prctl(option, number, 0)
}
