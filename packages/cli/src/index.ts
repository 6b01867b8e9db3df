/**
 * The `iso` command, and its understanding of Docker's command line for programs.
 *
 * @example
 * ```ts
 * import { parseRun } from '@iso/cli'
 *
 * const { argv, options, tty } = parseRun(['-it', '--cpus=1', '-m=2048m', '--pids-limit=1000', 'host', 'sh'])
 * console.log(argv, options.cpus, options.memory, options.pids, tty) // [ 'sh' ] 1 2048m 1000 true
 * ```
 *
 * @packageDocumentation
 */
export { main } from './cli.js'
export { parseRun, type RunCommand } from './run/parse-run.js'
