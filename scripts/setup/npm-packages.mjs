import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { ROOT, run } from '../lib/command.mjs'
import { say, SetupError } from './setup-error.mjs'

/** Install what package-lock.json lists, where node_modules does not hold it yet. No install script of a dependency runs. */
export async function installNpmPackages() {
  if (current()) return
  say('installing npm packages')
  const { code, output } = await run(
    ['npm', 'ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      hold: true,
    }
  )
  if (code !== 0) throw new SetupError(`npm ci failed with status ${code}; is the npm registry reachable?\n${output}`)
}

// npm writes beside the packages which ones they are; `npm ci` itself would begin by removing all of them.
function current() {
  const wanted = read('package-lock.json')
  const found = read('node_modules/.package-lock.json')
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes('node_modules/') || entry.optional) return true
    return found[path] !== undefined && found[path].version === entry.version
  })
}

function read(name) {
  try {
    return JSON.parse(readFileSync(join(ROOT, name), 'utf8')).packages
  } catch (error) {
    if (error.code === 'ENOENT') return {}
    throw error
  }
}
