import { join } from 'node:path'

import { ROOT, run } from '../lib/command.mjs'
import { SetupError } from './setup-error.mjs'

/** Bundle the `iso` command, the program its package names. Half a second: not worth finding out whether anything has changed. */
export async function buildCommand() {
  const { code, output } = await run([process.execPath, join(ROOT, 'packages/cli/scripts/bundle.mjs')], { hold: true })
  if (code !== 0) throw new SetupError(`The iso command could not be bundled:\n${output}`)
}
