// Download a kernel's package with apt, which checks its signature, without touching the machine's own sources and lists.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { run } from '../../scripts/lib/command.mjs'
import { InfrastructureError } from '../infrastructure-error.mjs'
import { META_PACKAGE } from './catalogue.mjs'

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'

/**
 * @param {import('./catalogue.mjs').KernelChoice} kernel
 * @param {string} directory an empty one, in which to work
 * @returns {Promise<string>} path of the downloaded package
 */
export async function downloadKernel(kernel, directory) {
  if (!existsSync(KEYRING)) throw new InfrastructureError(`${KEYRING} is missing: install debian-archive-keyring`)
  const options = prepare(kernel, directory)
  await apt(['apt-get', ...options, 'update'], directory)
  const shown = await apt(['apt-cache', ...options, 'show', META_PACKAGE], directory)
  const image = /^Depends: (linux-image-\S+)/m.exec(shown)?.[1]
  if (image === undefined)
    throw new InfrastructureError(`${META_PACKAGE} of ${kernel.source.suite} names no image:\n${shown}`)
  await apt(['apt-get', ...options, 'download', image], directory)
  const found = readdirSync(directory).find((name) => name.endsWith('.deb'))
  if (found === undefined) throw new InfrastructureError(`apt-get download ${image} left no package in ${directory}`)
  return join(directory, found)
}

function prepare({ source }, directory) {
  for (const needed of ['lists/partial', 'cache/archives/partial'])
    mkdirSync(join(directory, needed), { recursive: true })
  const sources = join(directory, 'sources.list')
  writeFileSync(sources, `deb [arch=amd64 signed-by=${KEYRING}] ${source.mirror} ${source.suite} main\n`)
  rmSync(join(directory, 'empty'), { recursive: true, force: true })
  mkdirSync(join(directory, 'empty'))
  const settings = {
    'Dir::Etc::sourcelist': sources,
    'Dir::Etc::sourceparts': join(directory, 'empty'),
    'Dir::State::lists': join(directory, 'lists'),
    'Dir::Cache': join(directory, 'cache'),
    // The unprivileged user of apt cannot write here.
    'APT::Sandbox::User': 'root',
  }
  return ['--quiet', '--quiet', ...Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])]
}

async function apt(argv, cwd) {
  const { code, output } = await run(argv, { hold: true, cwd, timeoutMs: 10 * 60_000 })
  if (code !== 0)
    throw new InfrastructureError(`${argv[0]} ${argv.at(-1)} ended with ${code}; is the mirror reachable?\n${output}`)
  return output
}
