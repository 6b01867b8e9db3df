// iso run

import type { Command } from 'commander'

import { RUN_OPTIONS } from '../options/all.js'
import { dockerToCommander } from '../parse/argv.js'
import { makeSources, missingSources } from '../parse/volume.js'
import { runSyntax, understand, type RunCommand } from '../run/parse-run.js'
import { parse } from './parse.js'

/** Options and arguments of `iso run`. */
export function syntax(): Command {
  return runSyntax('iso run').description(
    "Run a program in a container of its own: namespaces, resource limits, a private root, Docker's default capabilities and system call filter. " +
      'IMAGE is host (this machine, read-only below a private layer in memory, its secrets hidden) or a directory. ' +
      'The exit status is that of the program; 125: iso failed; 126: it cannot be executed; 127: it was not found; 128+n: signal n ended it.'
  )
}

/** Run a container. */
export async function main(words: readonly string[]): Promise<number> {
  const parsed = parse(syntax(), dockerToCommander(words, RUN_OPTIONS))
  const command = understand(parsed)
  const { runContainer } = await import('../run/run-container.js')
  try {
    return await runContainer(command, await prepareSources(command))
  } catch (error) {
    throw (await import('../run/name-option.js')).nameOption(error, parsed)
  }
}

// Nothing is made for a command that is refused: everything else is checked first.
async function prepareSources({ argv, options }: RunCommand): Promise<() => void> {
  const missing = missingSources((options.binds ?? []).filter((bind) => typeof bind === 'string'))
  if (missing.length === 0) return () => undefined
  const { planContainer } = await import('@iso/runtime')
  planContainer(argv, options)
  return makeSources(missing)
}
