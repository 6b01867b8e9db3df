// The order of a plan: which sides there are, and the phases of each in the order they run.

import type { Side } from '../step.js'

/** Phases of each side, in order. A step's phase comes from the operation table, or from its own `phase`. */
export const PHASES: Readonly<Record<Side, readonly string[]>> = {
  parent: ['before', 'clone', 'beside'],
  stage: ['join'],
  child: ['wait', 'reset', 'setup', 'root', 'late', 'park', 'beside', 'identity', 'lockdown', 'exec'],
  after: ['receipt', 'undo'],
}

// Inside these phases the order is the kernel's, not the caller's: dropping the bounding set needs CAP_SETPCAP, which setuid
// takes; the filter comes last because it may forbid everything before it.
const FIXED: Readonly<Record<string, readonly string[]>> = {
  identity: ['prlimit', 'capBounding', 'setgroups', 'setgid', 'setuid', 'umask', 'chdir'],
  lockdown: ['inheritFd', 'closeFds', 'securebits', 'capSet', 'noNewPrivs', 'seccomp'],
}

/** Where an operation stands within its phase; 0 where the given order is kept. */
export function rank(phase: string, op: string): number {
  const order = FIXED[phase]
  if (order === undefined) return 0
  const at = order.indexOf(op)
  return at < 0 ? order.length : at
}
