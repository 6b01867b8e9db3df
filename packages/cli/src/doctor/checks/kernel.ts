import { checksOf, type Check } from '../check.js'
import type { Machine } from '../machine.js'

const { ok, bad } = checksOf('machine')

const REQUIRED = [5, 6] as const // openat2

/** What newer kernels bring, and what is done without it. */
const FEATURES: readonly (readonly [major: number, minor: number, name: string, without: string])[] = [
  [5, 12, 'mount_setattr', 'recursive read-only binds and idmapped mounts are refused'],
  [5, 14, 'cgroup.kill', 'a cgroup is frozen, signalled and thawed until it is empty'],
  [5, 19, 'memory.peak', 'peak memory comes from getrusage(2), the largest process instead of all of them (cgroup v2)'],
]

/** The kernel, and Node. */
export function checkKernel(machine: Machine): Check[] {
  const { kernel } = machine
  const node = ok('node', `${process.version} ${process.arch}`)
  if (!machine.atLeast(...REQUIRED))
    return [
      node,
      bad(
        'broken',
        'kernel',
        kernel,
        `older than ${REQUIRED.join('.')}: openat2(2) is missing`,
        `boot Linux ${REQUIRED.join('.')} or newer; 6.1 is the oldest that is tested`
      ),
    ]
  const absent = FEATURES.filter(([major, minor]) => !machine.atLeast(major, minor))
  return [
    node,
    ok('kernel', kernel),
    ...absent.map(([major, minor, name, without]) =>
      bad(
        'note',
        `kernel-${name.replaceAll(/[._]/g, '-')}`,
        `no ${name}`,
        without,
        `boot Linux ${major}.${minor} or newer`
      )
    ),
    ...memfd(machine),
  ]
}

function memfd(machine: Machine): Check[] {
  const value = machine.read('/proc/sys/vm/memfd_noexec')
  if (value !== '2') return []
  return [
    bad(
      'broken',
      'memfd-noexec',
      'vm.memfd_noexec=2',
      'iso-init runs from a sealed memfd, which this forbids',
      'sysctl -w vm.memfd_noexec=1'
    ),
  ]
}
