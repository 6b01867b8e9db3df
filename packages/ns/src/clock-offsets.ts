import type { Step } from '@iso/native'

/** Offsets from the clocks of the initial time namespace, in seconds; may be negative and have a fraction down to a nanosecond. */
export interface ClockOffsets {
  /** CLOCK_MONOTONIC and what goes with it. */
  monotonicSec?: number
  /** CLOCK_BOOTTIME, which /proc/uptime shows. */
  boottimeSec?: number
}

const CLOCKS = ['monotonic', 'boottime'] as const

/**
 * Set the clocks of the program's new time namespace: a write to /proc/self/timens_offsets.
 *
 * @param offsets - at least one. The wall clock has none: it is the machine's.
 * @throws TypeError, RangeError naming the value. The launch fails with ERANGE where a clock would go below 0 or beyond 146 years.
 * @remarks Put `namespaces('time')` before it. CAP_SYS_TIME over the user namespace; Linux 5.6.
 * @example
 * ```ts
 * import { launch } from '@iso/native'
 * import { clockOffsets, namespaces } from '@iso/ns'
 * const steps = [...namespaces('time'), ...clockOffsets({ boottimeSec: 86400 })]
 * await using child = await launch(['cat', '/proc/uptime'], steps, { stdout: 'inherit' }) // a day more than on the host
 * await child.exit
 * ```
 * @see https://man7.org/linux/man-pages/man7/time_namespaces.7.html
 */
export function clockOffsets(offsets: ClockOffsets): Step[] {
  const unknown = Object.keys(offsets).find((key) => !CLOCKS.some((clock) => key === `${clock}Sec`))
  if (unknown !== undefined)
    throw new TypeError(`Cannot set clock offsets: ${unknown} is unknown; wanted monotonicSec, boottimeSec`)
  const lines = CLOCKS.flatMap((clock) => {
    const seconds = offsets[`${clock}Sec`]
    return seconds === undefined ? [] : [line(clock, seconds)]
  })
  if (lines.length === 0)
    throw new TypeError('Cannot set clock offsets: none was given; wanted monotonicSec or boottimeSec')
  return [
    {
      origin: '@iso/ns',
      op: 'writeFile',
      side: 'child',
      path: '/proc/self/timens_offsets',
      data: lines.join(''),
      fs: 'proc',
      why: 'clocks of its own',
    },
  ]
}

// The nanoseconds count upwards from the whole second below, as in a timespec.
function line(clock: string, seconds: number): string {
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || Math.abs(seconds) > Number.MAX_SAFE_INTEGER) {
    throw new RangeError(`Cannot set clock offsets: ${clock}Sec is ${String(seconds)}; wanted a number of seconds`)
  }
  const whole = Math.floor(seconds)
  return `${clock} ${whole} ${Math.min(999_999_999, Math.round((seconds - whole) * 1e9))}\n`
}
