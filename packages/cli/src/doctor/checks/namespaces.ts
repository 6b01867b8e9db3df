import type { NamespaceName } from '@iso/native'
import { probe } from '@iso/ns'

import { checksOf, type Check } from '../check.js'

const { ok, bad } = checksOf('namespaces')

/** What is lost without. User namespaces are a chapter of their own. */
const WITHOUT: Readonly<Record<Exclude<NamespaceName, 'user'>, string>> = {
  mnt: 'no root of its own',
  pid: 'processes of the host are visible',
  net: 'no network of its own',
  ipc: 'shared memory of the host is visible',
  uts: 'no host name of its own',
  cgroup: 'paths of cgroups of the host are visible',
  time: 'no clock offsets',
}

/** The namespaces this machine and user may make, tried out, and how many there may be. */
export async function checkNamespaces(found?: Awaited<ReturnType<typeof probe>>): Promise<Check[]> {
  const probes = found ?? (await probe())
  const checks = Object.entries(WITHOUT).map(([type, without]) => {
    const { creatable, withUser, limit, cause = 'refused', remedy } = probes[type as NamespaceName]
    if (!creatable) return bad('missing', type, cause, without, remedy)
    return ok(type, `${limit === undefined ? 'there' : `up to ${limit}`}${withUser ? ', in a user namespace' : ''}`)
  })
  const fine = checks.filter(({ status }) => status === 'ok')
  const same = new Set(fine.map((check) => check.found))
  if (same.size !== 1) return checks
  return [
    ok(fine.map(({ name }) => name).join(' '), [...same][0] ?? ''),
    ...checks.filter(({ status }) => status !== 'ok'),
  ]
}
