// The terminal, signals, and how the run ends.

import { parseSignal } from '../parse/signal.js'
import { parseDecimal } from '../parse/number.js'
import { group, type RunOption } from './option.js'

/** Heading of these options, and of --help. */
export const SESSION = 'Session:'

const { flag, value } = group(SESSION)

/** Options of the session between the caller and the container. */
export const sessionOptions: readonly RunOption[] = [
  flag(
    '-i, --interactive',
    'connect standard input; without it the program reads /dev/null',
    (d, on) => (d.interactive = on)
  ),
  flag('-t, --tty', 'give the program a terminal', (d, on) => (d.tty = on)),
  flag(
    '--sig-proxy',
    'pass the signals that iso gets to the program (default: without --tty)',
    (d, on) => (d.sigProxy = on)
  ),
  flag('--rm', 'remove the container when it ends; that is always so here', (_, on) => {
    if (!on) throw new TypeError('Cannot read --rm: nothing keeps a container that has ended; wanted --rm or nothing')
  }),
  value(
    '--stop-signal <signal>',
    'what ends the program gently (default: SIGTERM)',
    (d, v) => (d.options.stopSignal = parseSignal(v, '--stop-signal'))
  ),
  value('--stop-timeout <seconds>', 'how long it has until SIGKILL; -1: for ever (default: 10)', (d, v) => {
    if (v === '-1') return void (d.options.stopTimeoutMs = -1)
    const ms = Math.round(parseDecimal(v, '--stop-timeout') * 1000)
    if (ms > 0xffffffff)
      throw new RangeError(`Cannot read --stop-timeout: ${v} is out of range; wanted at most 49 days`)
    d.options.stopTimeoutMs = Math.max(ms, 1) // 0 is Docker's way to have none
  }),
  value(
    '--timeout <duration>',
    'kill the program after this time: 500ms, 5s, 2m (not in Docker)',
    (d, v) => (d.options.timeout = v)
  ),
  value(
    '--output-limit <size>',
    'kill the program when it has written more than this: 10m (not in Docker)',
    (d, v) => (d.options.outputLimit = v)
  ),
]
