// The machine's own root for an ordinary user.
//
// In a user namespace an overlay of / is EINVAL, because the submounts of / are locked together with it (kernel-notes 9). So there is one overlay for
// each top-level directory, and one that has mounts below is taken apart, until each piece is a directory without any.

import { readdirSync, readFileSync, readlinkSync, statSync, type Dirent } from 'node:fs'
import type { Step } from '@iso/native'
import type { Context } from '../internal/context.js'
import { privateRoot } from './private-root.js'
import { storageOf } from './storage.js'

/** What has a file system of its own inside, whatever the host has there. */
const REPLACED: ReadonlySet<string> = new Set(['proc', 'sys', 'dev'])

/** A directory with more pieces is shown as it is, read-only: each costs a mount. */
const MOST_PIECES = 64

/** fsconfig(2) takes 255 bytes; the upper directory needs some more. */
const MOST_BYTES = 200

/** File systems that the kernel takes for no layer of an overlay (their names are not case-sensitive), or that mount when looked at. */
const NO_LAYER: ReadonlySet<string> = new Set(['vfat', 'msdos', 'exfat', 'ntfs', 'ntfs3', 'hfs', 'hfsplus', 'autofs'])

/** @param hidden paths that something else will be mounted on */
export function rootlessHostRoot({ options }: Context, hidden: ReadonlySet<string>): Step[] {
  const size = storageOf(options)
  const layer = ['mode', '0755', ...(size === undefined ? [] : ['size', String(size.sizeBytes)])]
  const mounts = mountPoints()
  const steps: Step[] = [
    ...privateRoot(),
    { op: 'fsMount', fstype: 'tmpfs', options: layer, slot: 'host:layer', why: 'takes the changes' },
    { op: 'fsMount', fstype: 'tmpfs', options: layer, slot: 'root', why: 'holds the top-level directories' },
    { op: 'moveMount', slot: 'root', path: '/', why: 'attach the new root on top of the old one' },
    // Before Linux 6.15 a layer must be attached while an overlay is made of it; on top of `/` no path leads to it, nor to what it covers.
    { op: 'moveMount', slot: 'host:layer', path: '/', why: 'a layer must be attached while the overlays are made' },
  ]
  for (const entry of readdirSync('/', { withFileTypes: true }).sort(byName)) {
    const { name } = entry
    if (entry.isSymbolicLink()) steps.push(link(name))
    else if (!entry.isDirectory()) continue
    else if (REPLACED.has(name) || hidden.has(name)) steps.push({ op: 'mkdir', in: 'root', path: name, mode: 0o755 })
    else steps.push({ op: 'mkdir', in: 'root', path: name, mode: 0o755 }, ...view(name, mounts, hidden))
  }
  steps.push(
    // `/` itself names what is covered; `..` of the root is the mount on top.
    { op: 'unmount', side: 'child', path: '/..', flags: ['detach'], why: 'the overlays hold their layers themselves' },
    { op: 'pivotRoot', slot: 'root', why: 'the layer becomes the root' }
  )
  return steps
}

type Mounts = ReadonlyMap<string, string>

const byName = (one: Dirent, other: Dirent) => (one.name < other.name ? -1 : 1)

/** What shows a directory: one overlay, those of its pieces, or itself. */
function view(name: string, mounts: Mounts, hidden: ReadonlySet<string>): Step[] {
  const pieces = piecesOf(name, mounts, hidden, MOST_PIECES)
  return pieces ?? [bindReadonly(name, 'has mounts below: read-only as it is')]
}

// undefined: too many, or not to be looked at.
function piecesOf(name: string, mounts: Mounts, hidden: ReadonlySet<string>, most: number): Step[] | undefined {
  if (/[:\\{]/.test(name) || Buffer.byteLength(name) > MOST_BYTES)
    return [bindReadonly(name, 'no name for a layer: read-only as it is')]
  if (NO_LAYER.has(mounts.get(`/${name}`) ?? ''))
    return [bindReadonly(name, 'its file system can be no layer: read-only as it is')]
  if (![...mounts.keys()].some((mount) => mount.startsWith(`/${name}/`))) return overlayOf(name)
  const entries = entriesOf(`/${name}`)
  if (entries === undefined || entries.length > most) return undefined
  const steps: Step[] = []
  let left = most - entries.length
  for (const entry of entries) {
    const path = `${name}/${entry.name}`
    if (entry.isSymbolicLink()) steps.push(link(path))
    else if (!entry.isDirectory()) steps.push(bindReadonly(path, 'beside mounts: read-only as it is'))
    else if (hidden.has(path)) steps.push(directory(path))
    else {
      const below = piecesOf(path, mounts, hidden, left)
      if (below === undefined) return undefined
      left -= below.filter(({ op }) => op === 'moveMount' || op === 'bind').length
      steps.push(directory(path), ...below)
    }
  }
  return steps
}

const directory = (path: string): Step => ({ op: 'mkdir', in: 'root', path, mode: modeOf(`/${path}`) })

const link = (path: string): Step => ({ op: 'symlink', in: 'root', path, target: readlinkSync(`/${path}`) })

function bindReadonly(path: string, why: string): Step {
  return {
    op: 'bind',
    source: `/${path}`,
    in: 'root',
    path,
    create: 'sameAsSource',
    recursive: true,
    set: ['ro', 'nosuid'],
    recursiveAttributes: true,
    why,
  }
}

function overlayOf(name: string): Step[] {
  const slot = `host:${name}`
  const [upper, work] = ['upper', 'work'].map((kind) => `${kind}/${name.replaceAll('/', ':')}`) as [string, string]
  return [
    { op: 'mkdir', in: 'host:layer', path: upper, mode: modeOf(`/${name}`) },
    { op: 'mkdir', in: 'host:layer', path: work, mode: 0o755 },
    {
      op: 'fsMount',
      fstype: 'overlay',
      options: [
        'lowerdir',
        `/${name}`,
        'upperdir',
        `{slot:host:layer}/${upper}`,
        'workdir',
        `{slot:host:layer}/${work}`,
        'userxattr',
        '',
      ],
      slot,
    },
    { op: 'moveMount', slot, in: 'root', path: name },
  ]
}

/** File system by mount point. */
function mountPoints(): Mounts {
  const lines = readFileSync('/proc/self/mounts', 'utf8').split('\n')
  return new Map(
    lines.flatMap((line) => {
      const [, at, type] = line.split(' ')
      return at === undefined || type === undefined ? [] : [[unescape(at), type]]
    })
  )
}

const unescape = (path: string) =>
  path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)))

function entriesOf(path: string): Dirent[] | undefined {
  try {
    return readdirSync(path, { withFileTypes: true }).sort(byName)
  } catch {
    return undefined
  }
}

const modeOf = (path: string) => (statSync(path, { throwIfNoEntry: false })?.mode ?? 0o755) & 0o7777
