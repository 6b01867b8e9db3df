// From words to an exit status.

import { findSubcommand } from './subcommands.js'

/**
 * Do what a command line of `iso` asks for.
 *
 * @param words what stands after `iso`.
 * @returns the exit status; whatever went wrong has been said on standard error.
 */
export async function main(words: readonly string[]): Promise<number> {
  try {
    const { found, rest } = findSubcommand(words) ?? {}
    if (found === undefined || rest === undefined) return await (await import('./commands/top.js')).main(words)
    return await (await found.load()).main(rest)
  } catch (error) {
    return fail(error)
  }
}

/** Say what went wrong, in one line. @returns the exit status. */
export async function fail(error: unknown): Promise<number> {
  return (await import('./errors/report.js')).report(error)
}
