// process.terminal: a pseudo-terminal of the container's own devpts.

import type { Step } from '@iso/native'
import type { Process } from '../spec/process.js'

/** @param root slot beneath which the paths lie. */
export function terminalSteps(root: string | undefined, ptmx: string, process: Process, console?: string): Step[] {
  const { consoleSize, user } = process
  return [
    {
      op: 'makePty',
      ...(root !== undefined && { in: root }),
      path: ptmx,
      ...(consoleSize !== undefined && { rows: consoleSize.height, columns: consoleSize.width }),
      uid: user?.uid ?? 0,
      ...(console !== undefined && { console }),
      slot: 'terminal',
      why: 'terminal',
    },
    { op: 'controllingTerminal', slot: 'terminal' },
  ]
}
