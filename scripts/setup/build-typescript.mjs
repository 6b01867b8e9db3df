import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import { ROOT, run, tool } from '../lib/command.mjs'
import { workspaces } from '../lib/workspaces.mjs'
import { SetupError } from './setup-error.mjs'

/** Compile what has changed, and remove what a source that is gone once compiled to. */
export async function buildTypescript() {
  for (const directory of workspaces()) prune(join(ROOT, directory, 'dist'), join(ROOT, directory, 'src'))
  const { code, output } = await run([...tool('typescript/bin/tsc'), '-b'], { hold: true })
  if (code !== 0) throw new SetupError(`TypeScript found errors:\n${output}`)
}

// A stale x.test.js would go on being run.
function prune(dist, src) {
  if (!existsSync(dist)) return
  for (const entry of readdirSync(dist, { withFileTypes: true })) {
    if (entry.isDirectory()) {
      prune(join(dist, entry.name), join(src, entry.name))
      continue
    }
    const module = /^(.*)\.(?:js|d\.ts)(?:\.map)?$/.exec(entry.name)?.[1]
    if (module !== undefined && !existsSync(join(src, `${module}.ts`))) rmSync(join(dist, entry.name))
  }
}
