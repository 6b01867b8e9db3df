import type { NamespaceName, Step } from '@iso/native'

import { checkTypes } from './internal/check.js'

// Made by the process itself, once it is there: clone3 with a new time namespace freezes the offsets of its clocks before anybody could
// set them, and a cgroup namespace is rooted where the process is when it is made, which must be after it has joined its cgroups.
const UNSHARED: ReadonlySet<NamespaceName> = new Set(['cgroup', 'time'])

const SLAVE: Step = {
  origin: '@iso/ns',
  op: 'propagation',
  path: '/',
  propagation: 'slave',
  recursive: true,
  why: 'no mount spreads to the host',
}

// unshare(2) makes a time namespace for children alone, and execve(2) enters it only since Linux 6.2. setns(2) moves the process itself, on every
// kernel that has the type; late, because the offsets are frozen from then on, and by a descriptor, because /proc may be out of reach by then.
const ENTER_TIME: readonly Step[] = [
  {
    origin: '@iso/ns',
    op: 'open',
    side: 'child',
    path: '/proc/self/ns/time_for_children',
    flags: ['readOnly'],
    fs: 'nsfs',
    slot: 'ns:time',
    why: 'the new time namespace',
  },
  {
    origin: '@iso/ns',
    op: 'setns',
    side: 'child',
    phase: 'late',
    slot: 'ns:time',
    namespaces: ['time'],
    why: 'enter it, now that its clocks are set',
  },
]

/**
 * Steps that give a program new namespaces: clone3(2), and unshare(2) for `cgroup` and `time`.
 *
 * @param types - one or more of the eight; their order does not matter. With `user` and no id map (see `@iso/userns`) the program
 * is nobody in there.
 * With `mnt` every mount becomes a slave of its copy outside: nothing the program mounts reaches the machine, where `/` is shared as
 * systemd makes it, and what the machine unmounts is not held busy. {@link propagation} after it changes that. In a chroot, whose root is no
 * mount point, that is done from the root of the new mount namespace, and the program stays in the chroot (Linux 5.8).
 *
 * @returns a step or more. The cgroup namespace is made where its step stands: after those that join cgroups.
 * @throws TypeError for an unknown type, or none.
 * @remarks CAP_SYS_ADMIN, or `user` among the types. Kernel: see {@link NAMESPACES}.
 * @example
 * ```ts
 * import { launch } from '@iso/native'
 * import { namespaces } from '@iso/ns'
 * await using child = await launch(['sh', '-c', 'echo $$'], namespaces('pid'), { stdout: 'inherit' }) // 1
 * await child.exit
 * ```
 * @see https://man7.org/linux/man-pages/man2/clone.2.html
 */
export function namespaces(...types: readonly NamespaceName[]): Step[] {
  const wanted = checkTypes('make namespaces', types)
  if (wanted.length === 0) throw new TypeError('Cannot make namespaces: no type was given')
  const cloned = wanted.filter((type) => !UNSHARED.has(type))
  const own = { origin: '@iso/ns' } as const
  return [
    { ...own, op: 'clone', namespaces: cloned, why: `new ${cloned.join(', ') || 'process'}` },
    ...(cloned.includes('mnt') ? [SLAVE] : []),
    ...wanted
      .filter((type) => UNSHARED.has(type))
      .map((type): Step => ({ ...own, op: 'unshare', side: 'child', namespaces: [type], why: `new ${type}` })),
    ...(wanted.includes('time') ? ENTER_TIME : []),
  ]
}
