// changes(): what an upper directory changes of the layers below it.

import type { Stats } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'

import { join, Layers, type Found, type MergedDirectory } from './internal/layers.js'
import { isWhiteoutEntry, opacityOf } from './internal/marks.js'
import { readMark } from './internal/xattr.js'
import type { MarkOptions } from './whiteout.js'

/** One difference between an upper directory and the layers below it. */
export interface Change {
  /** Path in the merged view, from `/`. Bytes that are not UTF-8 show as U+FFFD: see `rawPath`. */
  path: string
  /** The same path, exactly. */
  rawPath: Buffer
  kind: 'added' | 'changed' | 'deleted'
}

/** Options of {@link changes}. */
export interface ChangesOptions extends MarkOptions {
  /**
   * The lower directories, the topmost first. Without them an entry counts as changed when the kernel noted that it copied
   * it up, else as added; and what an opaque directory hides is not listed.
   */
  lowers?: readonly string[]
}

interface Walk {
  layers: Layers | undefined
  userxattr: boolean
}

/**
 * List what an upper directory adds, changes and deletes, as `docker diff` does; in byte order, a directory before what
 * is in it.
 *
 * A directory counts as changed when its owner, mode or time differ from below or something in it is listed; a deleted
 * directory is one entry. A file that was copied up counts as changed, whatever its content. The listing of a container
 * that runs is a moving picture: freeze it first. `userxattr` must be what the overlay was mounted with: without it a
 * container could have written `user.overlay.*` marks by hand, which mean nothing then.
 *
 * @param upper absolute path of the upper directory
 * @returns an async generator of {@link Change}
 * @throws Node's ENOENT or EACCES for directories that cannot be read; IsoError `ISO_SYSCALL` for marks that cannot
 *
 * Privileges: CAP_SYS_ADMIN in the initial user namespace to see `trusted.overlay.*` marks (without it they read as absent).
 *
 * @example
 * ```ts
 * import { mkdtemp, rm, writeFile } from 'node:fs/promises'
 * import { changes, makeWhiteout } from '@iso/overlay'
 * const upper = await mkdtemp('/tmp/upper-')
 * await writeFile(`${upper}/new-file`, '')
 * await makeWhiteout(`${upper}/media`)
 * for await (const { kind, path } of changes(upper, { lowers: ['/'] })) console.log(kind, path) // deleted /media, added /new-file
 * await rm(upper, { recursive: true })
 * ```
 * @see https://docs.kernel.org/filesystems/overlayfs.html
 */
export async function* changes(
  upper: string,
  { lowers, userxattr = false }: ChangesOptions = {}
): AsyncGenerator<Change> {
  const layers = lowers === undefined ? undefined : new Layers(lowers, userxattr)
  const top = Buffer.from(upper)
  const below = layers !== undefined && opacityOf(top, userxattr) !== 'y' ? layers.root : undefined
  yield* walk({ layers, userxattr }, top, Buffer.alloc(0), below, layers?.root)
}

// `below` is what shows through the directory, `hidden` what would without its being opaque: the same names, or more.
async function* walk(
  context: Walk,
  directory: Buffer,
  shown: Buffer,
  below: MergedDirectory | undefined,
  hidden: MergedDirectory | undefined
): AsyncGenerator<Change> {
  const { layers, userxattr } = context
  const xwhiteouts = opacityOf(directory, userxattr) === 'x'
  const own = await namesOf(directory)
  const names = new Map(own)
  if (layers !== undefined && hidden !== undefined && below === undefined) {
    for (const name of await layers.names(hidden)) if (!own.has(key(name))) names.set(key(name), name)
  }
  for (const [id, name] of sorted(names)) {
    const path = join(shown, name)
    if (own.has(id)) yield* entry(context, join(directory, name), path, name, { below, hidden, xwhiteouts })
    else yield change(path, 'deleted')
  }
}

async function* entry(
  context: Walk,
  real: Buffer,
  path: Buffer,
  name: Buffer,
  {
    below,
    hidden,
    xwhiteouts,
  }: { below: MergedDirectory | undefined; hidden: MergedDirectory | undefined; xwhiteouts: boolean }
): AsyncGenerator<Change> {
  const { layers, userxattr } = context
  const stats = await lstat(real)
  const former = layers !== undefined && hidden !== undefined ? await layers.lookup(hidden, name) : undefined
  if (isWhiteoutEntry(real, stats, { userxattr, xwhiteouts })) {
    if (layers === undefined || former !== undefined) yield change(path, 'deleted')
    return
  }
  const existed = layers === undefined ? readMark(real, 'origin', userxattr) !== undefined : former !== undefined
  const self = change(path, existed ? 'changed' : 'added')
  if (!stats.isDirectory()) {
    yield self
    return
  }
  const redirect = layers === undefined ? undefined : readMark(real, 'redirect', userxattr)
  if (redirect !== undefined) {
    yield self
    yield* moved(context, real, path, await sourceOf(layers, hidden, redirect))
    return
  }
  const hiddenBelow = former?.directory
  const shows = below !== undefined && opacityOf(real, userxattr) !== 'y' ? hiddenBelow : undefined
  let listed = !existed || !sameDirectory(stats, former)
  if (listed) yield self
  for await (const inner of walk(context, real, path, shows, hiddenBelow)) {
    if (!listed) yield self
    listed = true
    yield inner
  }
}

// A renamed directory: all that is in it, from either layer, is new at this place.
async function* moved(
  context: Walk,
  real: Buffer | undefined,
  shown: Buffer,
  source: MergedDirectory | undefined
): AsyncGenerator<Change> {
  const { layers, userxattr } = context
  const opacity = real === undefined ? undefined : opacityOf(real, userxattr)
  const from = opacity === 'y' ? undefined : source
  const own = real === undefined ? new Map<string, Buffer>() : await namesOf(real)
  const names = new Map(own)
  if (from !== undefined && layers !== undefined)
    for (const name of await layers.names(from)) names.set(key(name), name)
  for (const [id, name] of sorted(names)) {
    const path = join(shown, name)
    const mine = own.has(id) && real !== undefined ? join(real, name) : undefined
    const stats = mine === undefined ? undefined : await lstat(mine)
    if (
      mine !== undefined &&
      stats !== undefined &&
      isWhiteoutEntry(mine, stats, { userxattr, xwhiteouts: opacity === 'x' })
    )
      continue
    yield change(path, 'added')
    const below = from !== undefined && layers !== undefined ? await layers.lookup(from, name) : undefined
    if (stats === undefined ? below?.directory === undefined : !stats.isDirectory()) continue
    const redirect = mine === undefined || layers === undefined ? undefined : readMark(mine, 'redirect', userxattr)
    yield* moved(
      context,
      mine,
      path,
      redirect === undefined ? below?.directory : await sourceOf(layers, from, redirect)
    )
  }
}

// Where a renamed directory has its lower part from: a path from the root, or a name beside its new one.
async function sourceOf(
  layers: Layers | undefined,
  siblings: MergedDirectory | undefined,
  redirect: Buffer
): Promise<MergedDirectory | undefined> {
  return (await layers?.redirected(siblings ?? { parts: [] }, redirect))?.directory
}

// Names are bytes: Latin-1 gives each its own string, to compare by.
function key(name: Buffer): string {
  return name.toString('latin1')
}

async function namesOf(directory: Buffer): Promise<Map<string, Buffer>> {
  return new Map((await readdir(directory, { encoding: 'buffer' })).map((name) => [key(name), name]))
}

function sorted(names: Map<string, Buffer>): [string, Buffer][] {
  return [...names].sort(([, one], [, other]) => Buffer.compare(one, other))
}

function change(rawPath: Buffer, kind: Change['kind']): Change {
  return { path: rawPath.toString('utf8'), rawPath, kind }
}

function sameDirectory(stats: Stats, former: Found | undefined): boolean {
  // Without lower directories a directory that was copied up counts by what is in it.
  if (former === undefined) return true
  const below = former.stats
  return (
    below.isDirectory() &&
    below.mode === stats.mode &&
    below.uid === stats.uid &&
    below.gid === stats.gid &&
    below.mtimeMs === stats.mtimeMs
  )
}
