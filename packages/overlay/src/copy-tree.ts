// Copies, for where no overlay is possible.

import { lstat, readdir } from 'node:fs/promises'

import { copyAttributes, copyEntry, makeDirectory, type CopyReport, type CopyState } from './internal/copy-entry.js'
import { join, Layers, type MergedDirectory } from './internal/layers.js'
import { checkPath } from './overlay-options.js'
import type { MarkOptions } from './whiteout.js'

export type { CopyReport } from './internal/copy-entry.js'

/** Options of {@link copyTree} and {@link copyLayers}. */
export interface CopyOptions {
  /** Keep owners. Default: whether the effective user is root (nobody else may). */
  keepOwner?: boolean
  /** Share blocks where the file system can (btrfs, xfs). Default: true. */
  reflink?: boolean
  /** Stops between two entries; what was copied stays. */
  signal?: AbortSignal
}

/** Entries of one directory that are copied at the same time: as many as libuv has threads. */
const WIDTH = 4

/**
 * Copy a tree with owners, modes, times, hard links, holes, device nodes and extended attributes; blocks are shared where
 * the file system can.
 *
 * Not guaranteed: a tree that changes meanwhile gives a mixture, and its links may be followed while they are replaced, so
 * copy only what nobody else writes. Times are kept to a microsecond.
 *
 * @param source absolute path of a directory
 * @param destination absolute path; made when missing, else it must hold none of the names
 * @returns what was done: {@link CopyReport}
 * @throws Node's EEXIST, ENOSPC, EACCES …; IsoError `ISO_SYSCALL` EPERM for device nodes without CAP_MKNOD; the signal's reason
 *
 * @example
 * ```ts
 * import { mkdtemp, rm } from 'node:fs/promises'
 * import { copyTree } from '@iso/overlay'
 * const copy = await mkdtemp('/tmp/copy-')
 * console.log(await copyTree('/etc/default', copy)) // { entries: …, bytes: …, reflinked: … }
 * await rm(copy, { recursive: true })
 * ```
 */
export async function copyTree(source: string, destination: string, options: CopyOptions = {}): Promise<CopyReport> {
  const state = begin(destination, options, () => false)
  checkPath(source)
  await copyDirectory(state, Buffer.from(source), Buffer.from(destination), options.signal)
  return state.report
}

/**
 * Copy what an overlay of lower directories would show: whiteouts, opaque and renamed directories taken into account.
 *
 * @param lowers absolute paths, the topmost first
 * @param destination as in {@link copyTree}, whose guarantees and limits are the same
 */
export async function copyLayers(
  lowers: readonly string[],
  destination: string,
  options: CopyOptions & MarkOptions = {}
): Promise<CopyReport> {
  const state = begin(
    destination,
    options,
    (name) => name.startsWith('trusted.overlay.') || name.startsWith('user.overlay.')
  )
  lowers.forEach(checkPath)
  const layers = new Layers(lowers, options.userxattr ?? false)
  await copyMerged(state, layers, layers.root, Buffer.from(destination), options.signal)
  return state.report
}

function begin(destination: string, options: CopyOptions, skipXattr: CopyState['skipXattr']): CopyState {
  checkPath(destination)
  return {
    keepOwner: options.keepOwner ?? process.geteuid?.() === 0,
    skipXattr,
    links: new Map(),
    reflink: options.reflink ?? true,
    report: { entries: 0, bytes: 0, reflinked: 0 },
  }
}

async function copyDirectory(
  state: CopyState,
  from: Buffer,
  to: Buffer,
  signal: AbortSignal | undefined
): Promise<void> {
  const own = await lstat(from)
  await makeDirectory(state, to)
  await inGroups(await readdir(from, { encoding: 'buffer' }), signal, async (name) => {
    const stats = await lstat(join(from, name))
    if (stats.isDirectory()) await copyDirectory(state, join(from, name), join(to, name), signal)
    else await copyEntry(state, join(from, name), stats, join(to, name))
  })
  // Last, since every entry made inside changes the times.
  await copyAttributes(state, from, own, to)
}

async function copyMerged(
  state: CopyState,
  layers: Layers,
  directory: MergedDirectory,
  to: Buffer,
  signal: AbortSignal | undefined
): Promise<void> {
  await makeDirectory(state, to)
  await inGroups(await layers.names(directory), signal, async (name) => {
    const found = await layers.lookup(directory, name)
    if (found === undefined) return
    if (found.directory !== undefined) await copyMerged(state, layers, found.directory, join(to, name), signal)
    else await copyEntry(state, found.path, found.stats, join(to, name))
  })
  const top = directory.parts[0]
  if (top !== undefined) await copyAttributes(state, top.path, await lstat(top.path), to)
}

async function inGroups(
  names: readonly Buffer[],
  signal: AbortSignal | undefined,
  each: (name: Buffer) => Promise<void>
): Promise<void> {
  for (let at = 0; at < names.length; at += WIDTH) {
    signal?.throwIfAborted()
    const done = await Promise.allSettled(names.slice(at, at + WIDTH).map(each))
    for (const one of done) if (one.status === 'rejected') throw one.reason
  }
}
