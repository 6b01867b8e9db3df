// A mount of type cgroup: the container's own groups, one directory a controller on v1.

import type { Step } from '@iso/native'
import type { CgroupPlan } from './cgroup.js'
import { makes, type Context } from './context.js'
import { afterwards, type Entry } from './mount-entry.js'

/** Only hierarchies the container has joined: in others it would see the groups of the host. */
export function cgroupMountSteps(context: Context, { directories }: CgroupPlan, entry: Entry): Step[] {
  const { path, options } = entry
  const flags = [...options.flags]
  const own = makes(context, 'cgroup')
  const v1 = directories.filter(({ version }) => version === 1)
  const show = ({ names, version, directory }: CgroupPlan['directories'][number], at: string): Step[] =>
    own
      ? [
          {
            op: 'mount',
            fstype: version === 1 ? 'cgroup' : 'cgroup2',
            source: 'cgroup',
            in: 'root',
            path: at,
            create: 'directory',
            flags,
            ...(version === 1 && { data: names.join(',') }),
            why: 'limits as seen from inside',
          },
        ]
      : [
          {
            op: 'bind',
            source: directory,
            in: 'root',
            path: at,
            create: 'directory',
            set: [...options.set],
            why: 'limits of the container',
          },
        ]
  if (v1.length === 0) return [...directories.flatMap((one) => show(one, path)), ...afterwards(entry)]
  return [
    {
      op: 'mount',
      fstype: 'tmpfs',
      source: 'tmpfs',
      in: 'root',
      path,
      create: 'directory',
      flags: flags.filter((flag) => flag !== 'ro'),
      data: 'mode=755',
      why: 'one directory for each controller',
    },
    ...directories.flatMap((one) => [
      ...show(one, `${path}/${folderOf(one)}`),
      ...linksOf(one).map((name): Step => ({
        op: 'symlink',
        in: 'root',
        path: `${path}/${name}`,
        target: folderOf(one),
      })),
    ]),
    ...(options.flags.has('ro') ? [{ op: 'mountSetattr', side: 'child', in: 'root', path, set: ['ro'] } as const] : []),
    ...afterwards(entry),
  ]
}

const folderOf = ({ names, version }: CgroupPlan['directories'][number]): string =>
  version === 2 ? 'unified' : names.join(',').replace(/^name=/, '')

const linksOf = ({ names }: CgroupPlan['directories'][number]): readonly string[] => (names.length > 1 ? names : [])
