// linux.devices and the default devices of the specification, in /dev of the root.

import type { Step } from '@iso/native'
import { ConfigError } from '../config/config-error.js'
import type { DeviceEntry } from '../spec/linux.js'
import type { Context } from './context.js'
import { entryOf, isBind } from './mount-entry.js'

const NODES: readonly DeviceEntry[] = (
  [
    ['null', 1, 3],
    ['zero', 1, 5],
    ['full', 1, 7],
    ['random', 1, 8],
    ['urandom', 1, 9],
    ['tty', 5, 0],
  ] as const
).map(([name, major, minor]) => ({ type: 'c', path: `/dev/${name}`, major, minor, fileMode: 0o666, uid: 0, gid: 0 }))

const LINKS: readonly (readonly [path: string, target: string])[] = [
  ['dev/ptmx', 'pts/ptmx'],
  ['dev/fd', '/proc/self/fd'],
  ['dev/stdin', '/proc/self/fd/0'],
  ['dev/stdout', '/proc/self/fd/1'],
  ['dev/stderr', '/proc/self/fd/2'],
  ['dev/core', '/proc/kcore'],
]

/** Nodes and links; none where /dev is the host's. @throws ConfigError for a device without numbers. */
export function deviceSteps(context: Context): Step[] {
  if (showsHostDev(context)) return []
  const asked = context.config.linux?.devices ?? []
  const byPath = new Map([...NODES, ...asked].map((device) => [device.path, device]))
  return [
    ...[...byPath.values()].map((device) => nodeStep(context, device, asked.indexOf(device))),
    ...LINKS.map(([path, target]): Step => ({ op: 'symlink', in: 'root', path, target })),
  ]
}

function showsHostDev({ config }: Context): boolean {
  return (config.mounts ?? []).map(entryOf).some((entry) => entry.path === 'dev' && isBind(entry))
}

const KINDS = { c: 'char', u: 'char', b: 'block', p: 'fifo' } as const

function nodeStep({ userns }: Context, device: DeviceEntry, index: number): Step {
  const { type, path, major, minor, fileMode = 0o666, uid = 0, gid = 0 } = device
  if (type !== 'p' && (major === undefined || minor === undefined || major < 0 || minor < 0))
    throw new ConfigError(`$.linux.devices[${index}]`, `${JSON.stringify(path)} needs major and minor`)
  const to = { in: 'root', path: path.slice(1) }
  // The kernel refuses nodes in a user namespace: the host's is shown instead, read-only to keep its mode; writing to it goes on.
  if (userns && type !== 'p')
    return {
      op: 'bind',
      source: path,
      ...to,
      create: 'file',
      set: ['nosuid', 'noexec'],
      why: 'no mknod in a user namespace',
    }
  return {
    op: 'mknod',
    ...to,
    type: KINDS[type],
    mode: fileMode,
    ...(type !== 'p' && { major: major ?? 0, minor: minor ?? 0 }),
    uid,
    gid,
    onError: { ignore: ['EEXIST'] },
  }
}
