// Kernels on this machine, ready to boot: vmlinux and modules of each, and the checksums they had when they were unpacked.
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'

import { run } from '../../scripts/lib/command.mjs'
import { InfrastructureError } from '../infrastructure-error.mjs'
import { MODULES } from './catalogue.mjs'
import { orderModules } from './modules.mjs'
import { downloadKernel } from './packages.mjs'
import { extractVmlinux } from './vmlinux.mjs'

const MANIFEST = 'kernel.json'

/** Where kernels are kept between runs. */
export function cacheDirectory(env = process.env) {
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'iso/test-vm')
}

/**
 * @typedef {object} Kernel
 * @property {string} package file name of the package, with its full version
 * @property {string} release what `uname -r` will say
 * @property {string} vmlinux path
 * @property {string[]} modules paths, in the order to load them
 */

/**
 * A kernel from the cache, or downloaded and put there.
 *
 * @param {import('./catalogue.mjs').KernelChoice} choice
 * @param {{ directory?: string, update?: boolean }} options update: ask the mirror for a newer one
 * @returns {Promise<Kernel>}
 */
export async function provideKernel(choice, { directory = cacheDirectory(), update = false } = {}) {
  const home = join(directory, choice.name)
  const kept = update ? undefined : readKept(home)
  if (kept !== undefined) return kept
  console.log(`test-vm: downloading kernel ${choice.name} from ${choice.source.suite}`)
  mkdirSync(directory, { recursive: true })
  const work = mkdtempSync(join(directory, `${choice.name}-`))
  try {
    const deb = await downloadKernel(choice, work)
    await unpackKernel(deb, work)
    rmSync(home, { recursive: true, force: true })
    renameSync(join(work, 'kernel'), home)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  const made = readKept(home)
  if (made === undefined) throw new InfrastructureError(`${home} changed while it was made`)
  return made
}

async function unpackKernel(deb, work) {
  const content = join(work, 'content')
  const { code, output } = await run(['dpkg-deb', '--extract', deb, content], { hold: true })
  if (code !== 0) throw new InfrastructureError(`dpkg-deb cannot extract ${deb}:\n${output}`)
  const [release] = readdirSync(join(content, 'lib/modules'))
  const files = orderModules(join(content, 'lib/modules', release), MODULES).map(({ name, content }, index) => ({
    name: `modules/${String(index).padStart(3, '0')}-${name}.ko`,
    content,
  }))
  files.push({ name: 'vmlinux', content: extractVmlinux(readFileSync(join(content, 'boot', `vmlinuz-${release}`))) })
  const home = join(work, 'kernel')
  mkdirSync(join(home, 'modules'), { recursive: true })
  for (const { name, content } of files) writeFileSync(join(home, name), content)
  const checksums = Object.fromEntries(files.map(({ name, content }) => [name, sha256(content)]))
  const manifest = { package: basename(deb), sha256: sha256(readFileSync(deb)), release, wanted: MODULES, checksums }
  writeFileSync(join(home, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`)
}

// Undefined where anything is missing, has changed, or was made for another list of modules.
function readKept(home) {
  if (!existsSync(join(home, MANIFEST))) return undefined
  const manifest = JSON.parse(readFileSync(join(home, MANIFEST), 'utf8'))
  if (JSON.stringify(manifest.wanted) !== JSON.stringify(MODULES)) return undefined
  const names = Object.keys(manifest.checksums)
  const intact = names.every(
    (name) => existsSync(join(home, name)) && sha256(readFileSync(join(home, name))) === manifest.checksums[name]
  )
  if (!intact) return undefined
  return {
    package: manifest.package,
    release: manifest.release,
    vmlinux: join(home, 'vmlinux'),
    modules: names.filter((name) => name.startsWith('modules/')).map((name) => join(home, name)),
  }
}

function sha256(content) {
  return createHash('sha256').update(content).digest('hex')
}
