import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs'
import { release, tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

import { nameOf, type Answer, type Need } from './need.js'

const MET: Answer = { met: true }
const no = (reason: string, enable: string): Answer => ({ met: false, reason, enable })
const answers = new Map<string, Answer>()

/**
 * Ask the machine whether it has what a test needs. The answer is kept: a machine does not change during a test run.
 *
 * @param need what is asked for
 * @returns whether it is there; where it is not, the reason and how to enable it
 */
export function probe(need: Need): Answer {
  const name = nameOf(need)
  const known = answers.get(name)
  if (known !== undefined) return known
  const answer = typeof need === 'string' ? NAMED[need]() : probeOne(need)
  answers.set(name, answer)
  return answer
}

const NAMED: Record<Extract<Need, string>, () => Answer> = {
  root: () => (process.geteuid?.() === 0 ? MET : no(`the tests run as uid ${process.geteuid?.()}`, 'run them as root')),
  ordinaryUser: () => runAs(65534, ['true'], 'cannot start a program as uid 65534', 'run the tests as root'),
  userns: () =>
    runAs(
      65534,
      ['unshare', '--user', '--map-root-user', 'true'],
      'an ordinary user cannot create a user namespace',
      'set user.max_user_namespaces above 0, and kernel.unprivileged_userns_clone=1 and ' +
        'kernel.apparmor_restrict_unprivileged_userns=0 where they exist'
    ),
  cgroup1: () =>
    hierarchies('cgroup').length > 0 ? MET : no('no cgroup v1 hierarchy is mounted', 'mount -t cgroup -o pids …'),
  cgroup2: () =>
    hierarchies('cgroup2').length > 0
      ? MET
      : no('no cgroup v2 hierarchy is mounted', 'mount -t cgroup2 none /sys/fs/cgroup/unified'),
  cgroup2Only: () =>
    hierarchies('cgroup2').length > 0 && hierarchies('cgroup').length === 0
      ? MET
      : no(
          'controllers are bound to cgroup v1 here',
          'boot with systemd.unified_cgroup_hierarchy=1, or run in test-vm/'
        ),
  overlay: () =>
    fileHas('/proc/filesystems', /\toverlay$/m) ? MET : no('the kernel has no overlay file system', 'modprobe overlay'),
  idmappedRoot: () =>
    rootIsOverlay()
      ? no('the root is an overlay, which takes no id map', 'run on a machine whose / is a file system of a disk')
      : MET,
  overlayTwice: () =>
    rootIsOverlay()
      ? no('the root is an overlay, and two above one another are the most', 'run on a machine whose / is none')
      : MET,
  diskForTemporaries: () => {
    const { dev } = statSync(tmpdir())
    const number = `${(dev >> 8) & 0xfff}:${(dev & 0xff) | ((dev >> 12) & 0xfff00)}`
    return existsSync(`/sys/dev/block/${number}`)
      ? MET
      : no(`${tmpdir()} is on no disk of its own (${number})`, 'set TMPDIR to a directory on one')
  },
  sysResource: () => capability('CAP_SYS_RESOURCE'),
}

function rootIsOverlay(): boolean {
  return fileHas('/proc/self/mounts', /^\S+ \/ overlay /m)
}

function probeOne(need: Exclude<Need, string>): Answer {
  if ('kernel' in need) return kernel(need.kernel)
  if ('program' in need) return program(need.program)
  if ('capability' in need) return capability(need.capability)
  if ('controller' in need) return controller(need.controller, need.version)
  if ('file' in need) return existsSync(need.file) ? MET : no(`${need.file} is not there`, `provide ${need.file}`)
  return process.arch === need.arch ? MET : no(`this machine is ${process.arch}`, `run on ${need.arch}`)
}

function kernel(wanted: string): Answer {
  const numbers = (text: string): number[] => text.split(/[.-]/, 2).map(Number)
  const [major = 0, minor = 0] = numbers(release())
  const [wantedMajor = 0, wantedMinor = 0] = numbers(wanted)
  const enough = major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)
  return enough ? MET : no(`the kernel is ${release()}`, `boot Linux ${wanted} or newer`)
}

function program(name: string): Answer {
  for (const directory of (process.env['PATH'] ?? '').split(delimiter)) {
    try {
      accessSync(join(directory, name), constants.X_OK)
      return MET
    } catch {
      // Not in this directory.
    }
  }
  return no(`${name} is not installed`, `install ${name}`)
}

// Bit numbers of the capabilities that tests ask for; @iso/caps has all of them, but this package stands below it.
// prettier-ignore
const CAPABILITY_BITS: Record<string, number> = {
  CAP_CHOWN: 0, CAP_NET_ADMIN: 12, CAP_SYS_MODULE: 16, CAP_SYS_CHROOT: 18, CAP_SYS_PTRACE: 19, CAP_SYS_ADMIN: 21,
  CAP_SYS_NICE: 23, CAP_SYS_RESOURCE: 24, CAP_SYS_TIME: 25, CAP_MKNOD: 27, CAP_SETFCAP: 31, CAP_SYSLOG: 34,
  CAP_PERFMON: 38, CAP_BPF: 39,
}

function capability(name: string): Answer {
  const bit = CAPABILITY_BITS[name]
  if (bit === undefined)
    throw new TypeError(`Cannot probe capability ${JSON.stringify(name)}: add its number to probe.ts`)
  const mask = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'
  return (BigInt(`0x${mask}`) >> BigInt(bit)) & 1n
    ? MET
    : no(`this process lacks ${name}`, `run the tests with ${name}`)
}

function controller(name: string, version: 1 | 2 | undefined): Answer {
  const inV1 = hierarchies('cgroup').some(({ options }) => options.split(',').includes(name))
  const inV2 = hierarchies('cgroup2').some(({ path }) =>
    fileHas(join(path, 'cgroup.controllers'), new RegExp(`\\b${name}\\b`))
  )
  const met = version === 1 ? inV1 : version === 2 ? inV2 : inV1 || inV2
  const where = version === undefined ? 'any cgroup hierarchy' : `a cgroup v${version} hierarchy`
  return met ? MET : no(`the ${name} controller is not in ${where}`, `mount it, or boot a kernel that has it`)
}

function hierarchies(type: 'cgroup' | 'cgroup2'): { path: string; options: string }[] {
  const rows = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
  return rows.filter((row) => row[2] === type).map((row) => ({ path: row[1] ?? '', options: row[3] ?? '' }))
}

function fileHas(path: string, pattern: RegExp): boolean {
  try {
    return pattern.test(readFileSync(path, 'utf8'))
  } catch {
    return false
  }
}

function runAs(uid: number, argv: [string, ...string[]], reason: string, enable: string): Answer {
  const identity = process.geteuid?.() === 0 ? { uid, gid: uid } : {}
  const done = spawnSync(argv[0], argv.slice(1), { ...identity, cwd: '/', encoding: 'utf8' })
  if (done.status === 0) return MET
  return no(`${reason} (${(done.error?.message ?? done.stderr).trim()})`, enable)
}
