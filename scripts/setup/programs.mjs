import { existsSync } from 'node:fs'

import { installed, run } from '../lib/command.mjs'
import { say, SetupError } from './setup-error.mjs'

// What is looked for, the Debian package that has it, and what it is for.
const BUILD = [
  { there: () => installed('gcc'), name: 'gcc', package: 'gcc', use: 'compiles the native binding' },
  {
    there: () => existsSync('/usr/include/stdio.h'),
    name: 'C headers',
    package: 'libc6-dev',
    use: 'compiles the native binding',
  },
  { there: () => installed('make'), name: 'make', package: 'make', use: 'node-gyp builds with it' },
  { there: () => installed('python3'), name: 'python3', package: 'python3', use: 'node-gyp is written in it' },
  {
    there: () => installed('musl-gcc'),
    name: 'musl-gcc',
    package: 'musl-tools',
    use: 'makes iso-init small and quick to start',
  },
]
const TESTS = [
  {
    there: () => installed('newuidmap'),
    name: 'newuidmap',
    package: 'uidmap',
    use: 'maps the ids of rootless containers',
  },
  { there: () => installed('ps'), name: 'ps', package: 'procps', use: 'tests look at processes' },
  { there: () => installed('ip'), name: 'ip', package: 'iproute2', use: 'tests look at interfaces' },
  {
    there: () => installed('getcap'),
    name: 'getcap',
    package: 'libcap2-bin',
    use: 'tests compare capabilities with it',
  },
  {
    there: () => installed('busybox'),
    name: 'busybox',
    package: 'busybox-static',
    use: 'tests run it inside containers',
  },
]

/** Install the programs that are missing, where we may; otherwise say which they are. */
export async function installPrograms(tests) {
  const missing = [...BUILD, ...(tests ? TESTS : [])].filter(({ there }) => !there())
  if (missing.length === 0) return
  const list = missing
    .map(({ name, package: debian, use }) => `  ${name} (Debian package ${debian}): ${use}`)
    .join('\n')
  const packages = missing.map((one) => one.package)
  if (!installed('apt-get')) {
    throw new SetupError(`This is not Debian or a relative of it; install these yourself, then start again:\n${list}`)
  }
  if (process.geteuid() !== 0) {
    throw new SetupError(`Missing:\n${list}\nAs root: apt-get install --yes ${packages.join(' ')}`)
  }
  say(`installing ${packages.join(' ')}`)
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  const steps = [
    ['apt-get', 'update', '--quiet', '--quiet'],
    ['apt-get', 'install', '--yes', '--quiet', '--quiet', '--no-install-recommends', ...packages],
  ]
  for (const argv of steps) {
    const { code, output } = await run(argv, { env, hold: true })
    if (code !== 0)
      throw new SetupError(`"${argv.join(' ')}" failed with status ${code}:\n${output}\nMissing:\n${list}`)
  }
}
