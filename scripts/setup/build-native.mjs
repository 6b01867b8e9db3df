import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { ROOT, run } from '../lib/command.mjs'
import { say, SetupError } from './setup-error.mjs'

const SOURCES = ['native/binding.gyp', 'native/addon', 'native/init']
const BUILT = 'native/build/Release'

/** Compile the addon and iso-init where they are missing or older than their sources. */
export async function buildNative() {
  if (oldest(BUILT) >= Math.max(...SOURCES.map(newest))) return
  say('compiling the native binding')
  const { code, output } = await run(['npm', 'run', 'build', '--workspace', '@iso/native', '--loglevel=error'], {
    env: environment(),
    hold: true,
  })
  if (code !== 0) throw new SetupError(`The native build failed with status ${code}:\n${output}`)
}

/**
 * Environment for node-gyp. Everything is C: gcc links it, where node-gyp would ask for g++. Where Node brings its headers
 * along they need not be downloaded.
 */
export function environment() {
  const prefix = dirname(dirname(process.execPath))
  const headers = existsSync(join(prefix, 'include/node/node_api.h')) ? { npm_config_nodedir: prefix } : {}
  return { LINK: 'gcc', ...headers }
}

function newest(path) {
  const full = join(ROOT, path)
  const status = statSync(full)
  if (!status.isDirectory()) return status.mtimeMs
  return Math.max(status.mtimeMs, ...readdirSync(full).map((entry) => newest(join(path, entry))))
}

// Only the results count: object files below keep their own dates.
function oldest(path) {
  const full = join(ROOT, path)
  if (!existsSync(full)) return 0
  const files = readdirSync(full, { withFileTypes: true }).filter(
    (entry) => entry.isFile() && /\.node$|^iso-init$/.test(entry.name)
  )
  const names = files.map(({ name }) => name)
  if (!names.includes('iso-init') || !names.some((name) => name.endsWith('.node'))) return 0
  return Math.min(...names.map((name) => statSync(join(full, name)).mtimeMs))
}
