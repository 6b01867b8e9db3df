import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'

import { installed, run } from '../lib/command.mjs'
import { say, SetupError } from './setup-error.mjs'

// What is looked for, the Debian package that has it, and what it is for. Without the optional ones iso-init is linked with
// the C library there is, and tests that need them are skipped with that reason.
const BUILD = [
  { there: () => installed('gcc'), name: 'gcc', debian: 'gcc', use: 'compiles the native binding' },
  {
    there: () => existsSync('/usr/include/stdio.h'),
    name: 'C headers',
    debian: 'libc6-dev',
    use: 'compiles the native binding',
  },
  { there: () => installed('make'), name: 'make', debian: 'make', use: 'node-gyp builds with it' },
  { there: () => installed('python3'), name: 'python3', debian: 'python3', use: 'node-gyp is written in it' },
  {
    there: () => installed('musl-gcc'),
    name: 'musl-gcc',
    debian: 'musl-tools',
    use: 'makes iso-init small and quick to start',
    optional: true,
  },
]
const TESTS = [
  { there: () => installed('newuidmap'), name: 'newuidmap', debian: 'uidmap', use: 'rootless containers' },
  { there: () => installed('ps'), name: 'ps', debian: 'procps', use: 'tests look at processes' },
  { there: () => installed('ip'), name: 'ip', debian: 'iproute2', use: 'tests look at interfaces' },
  { there: () => installed('getcap'), name: 'getcap', debian: 'libcap2-bin', use: 'an oracle for capabilities' },
  {
    there: () => existsSync('/usr/include/sys/capability.h'),
    name: 'libcap',
    debian: 'libcap-dev',
    use: 'an oracle for text forms of capabilities',
  },
  {
    there: () => existsSync('/usr/include/seccomp.h'),
    name: 'libseccomp',
    debian: 'libseccomp-dev',
    use: 'an oracle for seccomp filters',
  },
  { there: () => installed('getfattr'), name: 'getfattr', debian: 'attr', use: 'an oracle for extended attributes' },
  { there: () => installed('bsdtar'), name: 'bsdtar', debian: 'libarchive-tools', use: 'an oracle for archives' },
  { there: () => installed('zstd'), name: 'zstd', debian: 'zstd', use: 'compresses layers' },
  { there: () => installed('skopeo'), name: 'skopeo', debian: 'skopeo', use: 'reads and writes images beside us' },
  { there: () => installed('umoci'), name: 'umoci', debian: 'umoci', use: 'reads and writes images beside us' },
  {
    there: () => installed('docker-registry'),
    name: 'docker-registry',
    debian: 'docker-registry',
    use: 'a registry to pull from and push to',
  },
  { there: () => installed('htpasswd'), name: 'htpasswd', debian: 'apache2-utils', use: 'passwords of that registry' },
  { there: () => installed('openssl'), name: 'openssl', debian: 'openssl', use: 'certificates of that registry' },
  { there: () => installed('getfattr'), name: 'getfattr', debian: 'attr', use: 'an oracle for extended attributes' },
  {
    there: () => existsSync('/usr/include/sys/capability.h'),
    name: 'libcap',
    debian: 'libcap-dev',
    use: 'an oracle for capability texts',
  },
  {
    there: () => existsSync('/usr/include/seccomp.h'),
    name: 'libseccomp',
    debian: 'libseccomp-dev',
    use: 'an oracle for system call filters',
  },
  {
    there: () => installed('clang'),
    name: 'clang',
    debian: 'clang libclang-rt-dev',
    use: 'feeds random plans to the decoder, with sanitizers',
  },
  { there: () => installed('busybox'), name: 'busybox', debian: 'busybox-static', use: 'runs inside containers' },
  { there: () => installed('clang'), name: 'clang', debian: 'clang', use: 'fuzzes the decoder of plans' },
  {
    there: () => !installed('clang') || hasFuzzer(),
    name: 'libFuzzer',
    debian: 'libclang-rt-dev',
    use: 'fuzzes the decoder of plans',
  },
].map((one) => ({ ...one, optional: true }))

// A library of clang's own, in a package of its own.
function hasFuzzer() {
  try {
    const directory = execFileSync('clang', ['-print-runtime-dir'], { encoding: 'utf8' }).trim()
    return readdirSync(directory).some((name) => name.startsWith('libclang_rt.fuzzer'))
  } catch {
    return false
  }
}

/** Install the programs that are missing, where we may; otherwise say which they are, and go on if they are optional. */
export function installPrograms(tests) {
  return installMissing([...BUILD, ...(tests ? TESTS : [])])
}

/** The same for another list. */
export async function installMissing(programs) {
  const missing = programs.filter(({ there }) => !there())
  if (missing.length === 0) return
  const list = missing.map(({ name, debian, use }) => `  ${name} (Debian package ${debian}): ${use}`).join('\n')
  const packages = missing.flatMap(({ debian }) => debian.split(' '))
  if (installed('apt-get') && process.geteuid() === 0) return install(packages, list)
  const advice = installed('apt-get')
    ? `Missing:\n${list}\nAs root: apt-get install --yes ${packages.join(' ')}`
    : `This is not Debian or a relative of it, and these are missing:\n${list}\nInstall them, then start again.`
  if (missing.some(({ optional }) => !optional)) throw new SetupError(advice)
  say(`going on without what is optional. ${advice}`)
}

async function install(packages, list) {
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
