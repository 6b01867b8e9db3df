// /sys/fs/cgroup: the container's own view of its limits, read-only, as Docker mounts it.

import type { Step } from '@iso/native'
import type { Context } from '../internal/context.js'

const FLAGS = ['nosuid', 'nodev', 'noexec', 'relatime'] as const

/**
 * Only the hierarchies the container has joined: in others its namespace would be rooted at the host's own group, and show what runs there.
 *
 * @param steps those of `cgroup()`: their slots say which hierarchies there are.
 */
export function cgroupMounts({ privileged }: Context, steps: readonly Step[]): Step[] {
  const ids = steps.flatMap((step) =>
    step.op === 'cgroupCreate' && /^cgroup:[^:]+$/.test(step.slot)
      ? [{ id: step.slot.slice('cgroup:'.length), path: step.path }]
      : []
  )
  if (ids.length === 0) return []
  const flags = privileged ? [...FLAGS] : [...FLAGS, 'ro' as const]
  const base = 'fs/cgroup'
  const v1 = ids.filter(({ id }) => id !== 'unified')
  if (v1.length === 0)
    return [
      {
        op: 'mount',
        fstype: 'cgroup2',
        source: 'cgroup',
        in: 'sys',
        path: base,
        flags,
        why: 'limits as seen from inside',
      },
    ]
  return [
    {
      op: 'mount',
      fstype: 'tmpfs',
      source: 'tmpfs',
      in: 'sys',
      path: base,
      flags: ['nosuid', 'nodev', 'noexec'],
      data: 'mode=755',
      why: 'one directory for each controller',
    },
    ...ids.map(({ id }): Step =>
      id === 'unified'
        ? {
            op: 'mount',
            fstype: 'cgroup2',
            source: 'cgroup',
            in: 'sys',
            path: `${base}/${id}`,
            create: 'directory',
            flags,
            why: 'limits as seen from inside',
          }
        : {
            op: 'mount',
            fstype: 'cgroup',
            source: 'cgroup',
            in: 'sys',
            path: `${base}/${id}`,
            create: 'directory',
            flags,
            data: id,
            why: 'limits as seen from inside',
          }
    ),
    ...(privileged ? [] : [{ op: 'mountSetattr', side: 'child', in: 'sys', path: base, set: ['ro'] } as const]),
  ]
}
