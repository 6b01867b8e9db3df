// Our side of the rows: full containers, started from this Node.
import { launch } from '../../native/dist/index.js'
import { ENVIRONMENT } from './docker-defaults.mjs'

export const QUIET = { stdin: 'ignore', stdout: 'ignore', stderr: 'ignore', env: ENVIRONMENT }

/** One container with the program that does nothing; the making of its steps is counted. @returns milliseconds */
export async function timeContainer(make) {
  const start = performance.now()
  const child = await launch(['/bin/true'], make(), QUIET)
  const { exitCode } = await child.exit
  const exit = performance.now() - start
  await child.closed
  const closed = performance.now() - start
  await child.close()
  if (exitCode !== 0) throw new Error(`/bin/true ended with status ${exitCode}`)
  return { exit, closed }
}

/** Containers that stay, for rows that need running ones. */
export async function startSleeping(make) {
  return launch(['/bin/sleep', '3600'], make(), QUIET)
}
