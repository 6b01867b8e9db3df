// Signals by name or number, as `docker run --stop-signal` and kill(1) take them.

import { constants } from 'node:os'

const REALTIME_MIN = 34
const REALTIME_MAX = 64

/**
 * The number of a signal.
 *
 * @param text `SIGTERM`, `TERM`, `15`, `RTMIN+3` or `RTMAX-1`, in either case.
 * @param what name of the option, for the message.
 * @throws TypeError where there is no such signal.
 */
export function parseSignal(text: string, what: string): number {
  const name = text.toUpperCase().replace(/^SIG/, '')
  const number = /^\d+$/.test(name)
    ? Number(name)
    : ((constants.signals as Record<string, number>)[`SIG${name}`] ?? realtime(name))
  if (number === undefined || number < 1 || number > REALTIME_MAX)
    throw new TypeError(
      `Cannot read ${what}: ${JSON.stringify(text)} is no signal; wanted a name such as SIGTERM, or 1 to ${REALTIME_MAX}`
    )
  return number
}

function realtime(name: string): number | undefined {
  const [, edge, offset = '0'] = /^RT(MIN|MAX)([+-]\d+)?$/.exec(name) ?? []
  if (edge === undefined) return undefined
  const number = (edge === 'MIN' ? REALTIME_MIN : REALTIME_MAX) + Number(offset)
  return number >= REALTIME_MIN ? number : undefined
}
