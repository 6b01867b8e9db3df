import { accessSync, constants } from 'node:fs'

import { detectLayout, type Layout } from '@iso/cgroups'

import { checksOf, type Check } from '../check.js'

const { ok, bad } = checksOf('cgroups')

/** Controllers by their v2 name, and what is lost without them. */
const CONTROLLERS: readonly (readonly [v2: string, v1: string, without: string])[] = [
  ['cpu', 'cpu', '--cpus and --cpu-shares are refused'],
  ['memory', 'memory', '--memory is refused, and peak memory is that of the largest process'],
  ['pids', 'pids', '--pids-limit is refused'],
  ['cpuset', 'cpuset', '--cpuset-cpus is refused'],
  ['io', 'blkio', '--device-read-bps and its like are refused'],
]

/** The hierarchies, their controllers, and whether we may make groups. */
export function checkCgroups(layout: Layout = detectLayout()): Check[] {
  if (layout.mode === 'none')
    return [
      bad(
        'missing',
        'cgroup',
        'no cgroup hierarchy is mounted',
        'nothing can be limited or counted',
        'mount -t cgroup2 none /sys/fs/cgroup'
      ),
    ]
  return [mode(layout), ...CONTROLLERS.map(([v2, v1, without]) => controller(layout, v2, v1, without))]
}

function mode({ mode: kind, v2 }: Layout): Check {
  if (kind === 'v2') return ok('cgroup', 'v2')
  const cause =
    v2 === undefined
      ? 'v1 only: no birth in a group, no cgroup.kill, and joining is slow'
      : 'limits are those of v1: no memory.high, no pressure of one container'
  return bad('note', 'cgroup', kind, cause, 'boot with systemd.unified_cgroup_hierarchy=1 and cgroup_no_v1=all')
}

function controller(layout: Layout, v2: string, v1: string, without: string): Check {
  const old = layout.v1[v1]
  const found = old ?? (layout.v2?.controllers.includes(v2) ? layout.v2 : undefined)
  const name = `cgroup-${v2}`
  if (found === undefined)
    return bad(
      'missing',
      name,
      'in no hierarchy, or not delegated',
      without,
      'enable it in cgroup.subtree_control above (systemd: Delegate=yes), or boot a kernel that has it'
    )
  const refused = unwritable(found.directory)
  if (refused !== undefined)
    return bad(
      'missing',
      name,
      `${found.directory}: ${refused}`,
      without,
      'run as root, or have the group delegated to this user'
    )
  return ok(name, `${old === undefined ? 'v2' : 'v1'} ${found.directory}`)
}

function unwritable(directory: string): string | undefined {
  try {
    accessSync(directory, constants.W_OK)
    return undefined
  } catch (error) {
    return (error as NodeJS.ErrnoException).code
  }
}
