// Colours for people; none where standard output is no terminal, or NO_COLOR is set.

import { isatty } from 'node:tty'

import pc from 'picocolors'

/** Functions that wrap text in colours, or return it as it is. */
export type Colours = ReturnType<typeof pc.createColors>

/** Colours for what stands on standard output. */
export function colours(): Colours {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env
  const asked = FORCE_COLOR !== undefined && FORCE_COLOR !== '0'
  return pc.createColors(asked || (isatty(1) && (NO_COLOR ?? '') === '' && TERM !== 'dumb'))
}
