// What is in /dev: Docker's minimal set, and the devices that were asked for.

import { readdirSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { IsoError, type Step } from '@iso/native'
import { absolutePath, knownKeys, list, show } from './internal/check.js'
import { ours } from './internal/origin.js'
import type { Context } from './internal/context.js'
import type { DeviceOptions } from './mount-options.js'

const NODES: readonly (readonly [name: string, major: number, minor: number])[] = [
  ['null', 1, 3],
  ['zero', 1, 5],
  ['full', 1, 7],
  ['random', 1, 8],
  ['urandom', 1, 9],
  ['tty', 5, 0],
]
const LINKS: readonly (readonly [name: string, target: string])[] = [
  ['ptmx', 'pts/ptmx'],
  ['fd', '/proc/self/fd'],
  ['stdin', '/proc/self/fd/0'],
  ['stdout', '/proc/self/fd/1'],
  ['stderr', '/proc/self/fd/2'],
  ['core', '/proc/kcore'],
]

/** A device of the host with its numbers. */
export interface Device {
  source: string
  target: string
  access: string
  type: 'c' | 'b'
  major: number
  minor: number
  mode: number
}

/** Nodes, links, and extra devices. In a user namespace mknod(2) is refused: the nodes of the host are bound instead. */
export function deviceSteps(context: Context, devices: readonly Device[]): Step[] {
  const node = (
    to: { in: string; path: string },
    source: string,
    type: 'char' | 'block',
    mode: number,
    major: number,
    minor: number
  ): Step =>
    context.userns
      ? {
          op: 'bind',
          source,
          ...to,
          create: 'file',
          set: ['ro', 'nosuid', 'noexec'],
          why: 'no mknod in a user namespace; read-only keeps the mode of the host node, writing to it goes on',
        }
      : { op: 'mknod', ...to, type, mode, major, minor }
  const minimal = () =>
    ours([
      ...NODES.map(([name, major, minor]) =>
        node({ in: 'dev', path: name }, `/dev/${name}`, 'char', 0o666, major, minor)
      ),
      ...LINKS.map(([name, target]): Step => ({ op: 'symlink', in: 'dev', path: name, target })),
    ])
  return [
    ...(context.userns ? (boundNodes ??= minimal()) : (madeNodes ??= minimal())),
    ...devices.map((d) =>
      node(placeOf(d.target), d.source, d.type === 'c' ? 'char' : 'block', d.mode, d.major, d.minor)
    ),
  ]
}

// The same for every container: made once.
let boundNodes: readonly Step[] | undefined
let madeNodes: readonly Step[] | undefined

const placeOf = (target: string) =>
  target.startsWith('/dev/') ? { in: 'dev', path: target.slice(5) } : { in: 'root', path: target.slice(1) }

/** The extra devices with the numbers they have on the host. @throws IsoError `ISO_DEVICE` for a path that is no device. */
export function devicesOf({ options, privileged, userns }: Context): Device[] {
  const asked = list('devices', options.devices).flatMap(parseDevice)
  const all = privileged && !userns ? hostDevices() : []
  return [...all, ...asked]
}

function parseDevice(given: string | DeviceOptions): Device[] {
  const parts = typeof given === 'string' ? given.split(':') : undefined
  const [second, third] = parts?.slice(1) ?? []
  const short = second !== undefined && third === undefined && /^[rwm]+$/.test(second)
  const options: DeviceOptions =
    parts === undefined
      ? (given as DeviceOptions)
      : {
          source: parts[0] ?? '',
          ...(second !== undefined && !short && { target: second }),
          ...(short ? { access: second } : third === undefined ? {} : { access: third }),
        }
  if (typeof options !== 'object' || options === null || (parts?.length ?? 0) > 3)
    throw new TypeError(`Cannot use device ${show(given)}: wanted "/dev/x[:/dev/y[:rwm]]"`)
  knownKeys('device', options, ['source', 'target', 'access'])
  const source = absolutePath('device', options.source)
  const access = options.access ?? 'rwm'
  if (!/^[rwm]{1,3}$/.test(access))
    throw new TypeError(`Cannot use device ${show(source)}: access ${show(access)} is unknown; wanted some of r, w, m`)
  const target = absolutePath('device', options.target ?? source)
  // Docker's meaning of a directory such as /dev/snd: every device in it.
  if (statSync(source, { throwIfNoEntry: false })?.isDirectory() === true)
    return devicesIn(source).map((device) => ({
      ...device,
      target: join(target, relative(source, device.source)),
      access,
    }))
  return [{ ...numbers(source), target, access }]
}

function devicesIn(directory: string): Device[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) return devicesIn(path)
    return entry.isCharacterDevice() || entry.isBlockDevice() ? [numbers(path)] : []
  })
}

function numbers(path: string): Device {
  let stats
  try {
    stats = statSync(path)
  } catch (cause) {
    throw new IsoError('ISO_DEVICE', `Cannot use device ${JSON.stringify(path)}`, {
      errno: -((cause as NodeJS.ErrnoException).errno ?? -2),
      syscall: 'stat',
      path,
      cause,
    })
  }
  if (!stats.isCharacterDevice() && !stats.isBlockDevice())
    throw new IsoError('ISO_DEVICE', `Cannot use device ${JSON.stringify(path)}: it is none`, { path })
  const device = BigInt(stats.rdev)
  const major = Number(((device >> 8n) & 0xfffn) | ((device >> 32n) & ~0xfffn))
  const minor = Number((device & 0xffn) | ((device >> 12n) & 0xffffff00n))
  return {
    source: path,
    target: path,
    access: 'rwm',
    type: stats.isCharacterDevice() ? 'c' : 'b',
    major,
    minor,
    mode: stats.mode & 0o7777,
  }
}

const OWN = new Set([...NODES.map(([name]) => name), ...LINKS.map(([name]) => name), 'pts', 'shm', 'mqueue', 'console'])

function hostDevices(): Device[] {
  return readdirSync('/dev', { withFileTypes: true }).flatMap((entry) => {
    const path = join('/dev', entry.name)
    if (OWN.has(entry.name)) return []
    if (entry.isDirectory()) return devicesIn(path)
    return entry.isCharacterDevice() || entry.isBlockDevice() ? [numbers(path)] : []
  })
}
