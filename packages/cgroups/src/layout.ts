// Which controllers this process is under, and where their files are.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { IsoError } from '@iso/native'

/** One mounted hierarchy as this process sees it. */
export interface Hierarchy {
  /** Where it is mounted. */
  mountPoint: string
  /** Path of the caller's own cgroup within the hierarchy, as /proc/self/cgroup says it. */
  path: string
  /** Directory of the caller's own cgroup: `mountPoint` and the visible part of `path`. */
  directory: string
  /** v1: controllers mounted here, in the kernel's order; a named hierarchy without controllers has none. v2: those the caller's own cgroup may use. */
  controllers: readonly string[]
}

/** Where all cgroups are. */
export interface Layout {
  /** `hybrid`: v2 is mounted beside v1, as systemd does on older distributions. */
  mode: 'v1' | 'v2' | 'hybrid' | 'none'
  /** v1 hierarchy of each controller; co-mounted controllers share one object. */
  v1: Readonly<Record<string, Hierarchy>>
  /** The v2 hierarchy, where it is mounted. `controllers` are those of `cgroup.controllers`. */
  v2?: Hierarchy
}

/** Where {@link detectLayout} looks. */
export interface DetectOptions {
  /** Directory that stands for `/`: its `proc/self/…` are read and it is put before each mount point. For tests and other roots. */
  root?: string
  /** Whose cgroups. Default: the caller's. */
  pid?: number
}

/**
 * Find the mounted cgroup hierarchies and the caller's own cgroup in each (/proc/self/mountinfo, /proc/self/cgroup).
 *
 * Needs no privilege. Nothing is cached: what it returns is true at the time of the call.
 *
 * @throws IsoError `ISO_CGROUP_LAYOUT` where /proc is not readable.
 * @example
 * ```ts
 * import { detectLayout } from '@iso/cgroups'
 * const layout = detectLayout()
 * console.log(layout.mode, Object.keys(layout.v1), layout.v2?.controllers)
 * ```
 * @see man cgroups(7), proc_pid_mountinfo(5)
 */
export function detectLayout(options: DetectOptions = {}): Layout {
  const root = options.root ?? ''
  const mounts = parseMounts(read(`${root}/proc/self/mountinfo`))
  const v1: Record<string, Hierarchy> = {}
  let v2: Hierarchy | undefined
  for (const line of read(`${root}/proc/${options.pid ?? 'self'}/cgroup`).split('\n')) {
    const [, id, names, path] = /^(\d+):([^:]*):(.*)$/.exec(line) ?? []
    if (id === undefined || names === undefined || path === undefined) continue
    const controllers = id === '0' && names === '' ? [] : names.split(',')
    const mount = findMount(mounts, id === '0' && names === '' ? undefined : controllers, path)
    if (mount === undefined) continue
    const mountPoint = root + mount.mountPoint
    const hierarchy = { mountPoint, path, directory: join(mountPoint, visiblePath(path, mount.root)) }
    if (controllers.length === 0) v2 = { ...hierarchy, controllers: readControllers(hierarchy.directory) }
    else {
      const shared = { ...hierarchy, controllers: controllers.filter((name) => !name.startsWith('name=')) }
      for (const name of controllers) v1[name] = shared
    }
  }
  const hasV1 = Object.keys(v1).some((name) => !name.startsWith('name='))
  const mode = v2 === undefined ? (hasV1 ? 'v1' : 'none') : hasV1 ? 'hybrid' : 'v2'
  return { mode, v1, ...(v2 !== undefined && { v2 }) }
}

interface Mount {
  root: string
  mountPoint: string
  fstype: string
  options: readonly string[]
}

/** The cgroup mounts among the lines of mountinfo. */
function parseMounts(text: string): Mount[] {
  const mounts: Mount[] = []
  for (const line of text.split('\n')) {
    const [left, right] = line.split(' - ')
    if (left === undefined || right === undefined) continue
    const [fstype = '', , options = ''] = right.split(' ')
    if (fstype !== 'cgroup' && fstype !== 'cgroup2') continue
    const fields = left.split(' ')
    mounts.push({
      root: unescape(fields[3] ?? '/'),
      mountPoint: unescape(fields[4] ?? ''),
      fstype,
      options: options.split(','),
    })
  }
  return mounts
}

/** The mount that shows the caller's own cgroup; undefined controllers: the v2 one. */
function findMount(
  mounts: readonly Mount[],
  controllers: readonly string[] | undefined,
  path: string
): Mount | undefined {
  const fits = mounts.filter((mount) =>
    controllers === undefined
      ? mount.fstype === 'cgroup2'
      : mount.fstype === 'cgroup' && controllers.every((name) => mount.options.includes(name))
  )
  return fits.find((mount) => contains(mount.root, path)) ?? fits[0]
}

function contains(root: string, path: string): boolean {
  return root === '/' || path === root || path.startsWith(`${root}/`)
}

/**
 * The part of `path` below the mount. A container without a cgroup namespace sees `/docker/<id>` mounted at /sys/fs/cgroup and the same
 * path in /proc/self/cgroup; where the own cgroup lies outside of the mount (`/../..`), its root is the nearest that can be seen.
 */
function visiblePath(path: string, root: string): string {
  if (path.split('/').includes('..') || !contains(root, path)) return ''
  // The root is '', so that joining it leaves the mount point as it is.
  return root !== '/' ? path.slice(root.length) : path === '/' ? '' : path
}

function unescape(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
}

/** Controllers that a v2 group may use. @internal */
export function readControllers(directory: string): string[] {
  try {
    return readFileSync(join(directory, 'cgroup.controllers'), 'utf8').split(/\s+/).filter(Boolean)
  } catch {
    return []
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new IsoError('ISO_CGROUP_LAYOUT', `Cannot find the cgroups: "${path}" is not readable`, {
      path,
      cause,
      hint: 'is /proc mounted?',
    })
  }
}
