import { join } from 'node:path'

import { ROOT, run } from '../lib/command.mjs'
import { SetupError } from './setup-error.mjs'

/** Bundle `iso` and `iso-runtime`, the programs their packages name. Half a second: not worth finding out whether anything has changed. */
export async function buildCommand() {
  for (const [name, folder] of [
    ['iso', 'cli'],
    ['iso-runtime', 'runtime'],
  ]) {
    const { code, output } = await run([process.execPath, join(ROOT, `packages/${folder}/scripts/bundle.mjs`)], {
      hold: true,
    })
    if (code !== 0) throw new SetupError(`The ${name} command could not be bundled:\n${output}`)
  }
}
