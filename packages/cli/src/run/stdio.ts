// Where the standard streams of a container go.

import { isatty } from 'node:tty'

import type { RunOptions } from '@iso/runtime'

import { windowSize } from '../tty/window-size.js'
import type { RunCommand } from './parse-run.js'

/**
 * Choose the streams. Files, pipes and sockets of the caller are handed to the program as they are: nothing is copied. A terminal of
 * the caller's never is: without `-t` the program must not see one, and a container has no business at its controls.
 *
 * @throws TypeError for `-it` where standard input is no terminal, in Docker's words.
 */
export function chooseStdio({
  interactive,
  tty,
}: Pick<RunCommand, 'interactive' | 'tty'>): Pick<RunOptions, 'tty' | 'stdin' | 'stdout' | 'stderr'> {
  if (tty) {
    if (interactive && !isatty(0)) throw new TypeError('the input device is not a TTY')
    return { tty: windowSize(0) ?? windowSize(1) ?? true }
  }
  const own = (fd: number) => (isatty(fd) ? 'pipe' : 'inherit')
  return { stdin: interactive ? own(0) : 'ignore', stdout: own(1), stderr: own(2) }
}
