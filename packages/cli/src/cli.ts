// From words to an exit status.

import { findSubcommand } from './subcommands.js'
import { print } from './output/write.js'
import { version } from './version.js'

/**
 * Do what a command line of `iso` asks for.
 *
 * @param words what stands after `iso`.
 * @returns the exit status; whatever went wrong has been said on standard error.
 */
export async function main(words: readonly string[]): Promise<number> {
  try {
    if (words[0] === '--version' || words[0] === '-V') {
      print(version())
      return 0
    }
    const { found, rest } = findSubcommand(words) ?? {}
    if (found === undefined || rest === undefined) return await (await import('./commands/top.js')).main(words)
    return await (await found.load()).main(rest)
  } catch (error) {
    return (await import('./errors/report.js')).report(error)
  }
}
