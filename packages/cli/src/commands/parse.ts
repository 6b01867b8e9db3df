// Commander, told to throw instead of printing and exiting.

import type { Command } from 'commander'

import { write } from '../output/write.js'

/**
 * Parse words. Help goes to standard output.
 *
 * @returns the same command, with `args` and `opts()` filled.
 * @throws CommanderError for whatever is wrong, and (with exit code 0) when help was shown.
 */
export function parse(command: Command, words: readonly string[]): Command {
  const own = command.exitOverride().configureOutput({ writeOut: (text) => write(1, text), writeErr: () => undefined })
  return own.parse([...words], { from: 'user' })
}
