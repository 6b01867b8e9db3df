import { checksOf, type Check } from '../check.js'
import type { Machine } from '../machine.js'

const { ok, bad } = checksOf('namespaces')

/** Entry of /proc/self/ns, the sysctl that limits its number, and what is lost without it. */
const NAMESPACES: readonly (readonly [file: string, limit: string, without: string])[] = [
  ['mnt', 'mnt', 'no root of its own'],
  ['pid', 'pid', 'processes of the host are visible'],
  ['net', 'net', 'no network of its own'],
  ['ipc', 'ipc', 'shared memory of the host is visible'],
  ['uts', 'uts', 'no host name of its own'],
  ['cgroup', 'cgroup', 'paths of cgroups of the host are visible'],
  ['time', 'time', 'no clock offsets'],
]

/** The namespaces of this kernel, and how many there may be. User namespaces are a chapter of their own. */
export function checkNamespaces(machine: Machine): Check[] {
  const checks = NAMESPACES.map(([file, limit, without]) => {
    if (!machine.has(`/proc/self/ns/${file}`))
      return bad('missing', file, 'the kernel has no such namespace', without, 'boot a kernel that is built with it')
    const most = machine.read(`/proc/sys/user/max_${limit}_namespaces`)
    if (most === '0')
      return bad(
        'missing',
        file,
        `user.max_${limit}_namespaces=0`,
        without,
        `sysctl -w user.max_${limit}_namespaces=15000`
      )
    return ok(file, most === undefined ? 'there' : `up to ${most}`)
  })
  const fine = checks.filter(({ status }) => status === 'ok')
  const same = new Set(fine.map(({ found }) => found))
  if (same.size !== 1) return checks
  return [
    ok(fine.map(({ name }) => name).join(' '), [...same][0] ?? ''),
    ...checks.filter(({ status }) => status !== 'ok'),
  ]
}
