import { checksOf, type Check } from '../check.js'
import type { Machine } from '../machine.js'

const { ok, bad } = checksOf('risk')
const risk = (name: string, found: string, cause: string, remedy?: string) => bad('risk', name, found, cause, remedy)

/** How the host is weaker than it could be. A container shares its kernel. */
export function checkRisks(machine: Machine): Check[] {
  return [
    ...age(machine),
    ...securityModules(machine),
    ...swap(machine),
    ...corePattern(machine),
    ...sysctls(machine),
    ...processor(machine),
    ...lock(machine),
  ]
}

// The oldest series that kernel.org still maintains as this is written.
function age(machine: Machine): Check[] {
  if (machine.atLeast(5, 10)) return []
  return [
    risk(
      'old-kernel',
      machine.kernel,
      'older than any series that kernel.org maintains: known holes stay open, unless a distribution closes them',
      'boot Linux 5.10 or newer'
    ),
  ]
}

function securityModules(machine: Machine): Check[] {
  const list = machine.read('/sys/kernel/security/lsm')
  if (list === undefined)
    return [
      risk(
        'lsm',
        '/sys/kernel/security/lsm is not readable',
        'whether a security module stands behind the other walls is unknown',
        'mount -t securityfs none /sys/kernel/security'
      ),
    ]
  const mandatory = ['apparmor', 'selinux', 'smack', 'tomoyo'].filter((name) => list.split(',').includes(name))
  const landlock = list.includes('landlock')
    ? []
    : [
        bad(
          'note',
          'landlock',
          `LSM: ${list}`,
          'programs cannot confine themselves with Landlock',
          'boot with lsm=landlock,…'
        ),
      ]
  if (mandatory.length > 0) return [ok('lsm', list), ...landlock]
  return [
    risk(
      'lsm',
      list,
      'no AppArmor or SELinux: a mistake in the kernel or in a mount is not caught by a second wall',
      'boot with AppArmor or SELinux'
    ),
    ...landlock,
  ]
}

function swap(machine: Machine): Check[] {
  const areas = (machine.read('/proc/swaps') ?? '')
    .split('\n')
    .slice(1)
    .map((line) => line.split(/\s+/)[0] ?? '')
  const open = areas.filter((area) => area !== '' && !/zram|dm-|mapper/.test(area))
  if (open.length === 0) return [ok('swap', areas.length === 0 ? 'none' : areas.join(', '))]
  return [
    risk(
      'swap',
      open.join(', '),
      'memory of containers, secrets included, may be written to disk; without --memory-swap they may use it beyond --memory',
      'encrypt it, use zram, or swapoff'
    ),
  ]
}

function corePattern(machine: Machine): Check[] {
  const pattern = machine.read('/proc/sys/kernel/core_pattern')
  if (pattern?.startsWith('|') !== true) return []
  return [
    risk(
      'core-pattern',
      pattern,
      'a crash inside a container starts this program on the host, as root, with its memory as input',
      'sysctl -w kernel.core_pattern=core, or iso run --ulimit core=0'
    ),
  ]
}

/** Name, the values that are fine, and what follows from others. */
const SYSCTLS: readonly (readonly [name: string, fine: RegExp, cause: string, remedy: string])[] = [
  [
    'kernel.unprivileged_bpf_disabled',
    /^[12]$/,
    'any program may load BPF, a frequent source of holes; the default filter forbids it inside',
    '1',
  ],
  ['kernel.yama.ptrace_scope', /^[123]$/, 'a program may trace any other of its user', '1'],
  ['kernel.kptr_restrict', /^[12]$/, 'addresses of the kernel can be read', '1'],
  ['kernel.dmesg_restrict', /^1$/, 'the log of the kernel can be read by anybody', '1'],
  ['fs.protected_symlinks', /^1$/, 'links in shared directories are followed for others', '1'],
  ['fs.protected_hardlinks', /^1$/, 'files of others can be linked', '1'],
  ['dev.tty.legacy_tiocsti', /^0$/, 'a program can type into the terminal it runs on', '0'],
]

function sysctls(machine: Machine): Check[] {
  return SYSCTLS.flatMap(([name, fine, cause, better]) => {
    const value = machine.read(`/proc/sys/${name.replaceAll('.', '/')}`)
    if (value === undefined || fine.test(value)) return []
    return [risk(name.replaceAll(/[._]/g, '-'), `${name}=${value}`, cause, `sysctl -w ${name}=${better}`)]
  })
}

function processor(machine: Machine): Check[] {
  const directory = '/sys/devices/system/cpu/vulnerabilities'
  const open = machine.list(directory).filter((name) => machine.read(`${directory}/${name}`)?.startsWith('Vulnerable'))
  const smt = machine.read('/sys/devices/system/cpu/smt/active') === '1'
  return [
    ...(open.length === 0
      ? []
      : [
          risk(
            'cpu-vulnerabilities',
            open.join(', '),
            'programs may read memory of other containers and of the host',
            'update microcode and kernel; boot with mitigations=auto'
          ),
        ]),
    ...(smt
      ? [
          bad(
            'note',
            'smt',
            'two threads share a core',
            'containers on one core can watch each other through its caches',
            'boot with nosmt, or give each its own cores with --cpuset-cpus'
          ),
        ]
      : []),
  ]
}

function lock(machine: Machine): Check[] {
  const lockdown = machine.read('/sys/kernel/security/lockdown')
  if (lockdown === undefined || !lockdown.includes('[none]')) return []
  return [
    bad(
      'note',
      'lockdown',
      lockdown,
      'root, also of a privileged container, can change the running kernel',
      'boot with lockdown=integrity'
    ),
  ]
}
