// What a stack of lower directories looks like once it is merged, name by name, without mounting it.

import type { Stats } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'

import { isWhiteoutEntry, opacityOf } from './marks.js'
import { readMark } from './xattr.js'

const SLASH = Buffer.from('/')

/** One directory of one layer. */
interface Part {
  /** Number of the layer, 0 on top. */
  layer: number
  path: Buffer
}

/** A directory of the merged view: the directories it consists of, the topmost first. */
export interface MergedDirectory {
  readonly parts: readonly Part[]
}

/** What a name stands for in the merged view. */
export type Found = { stats: Stats; path: Buffer; directory?: MergedDirectory }

/** A stack of layers. */
export class Layers {
  readonly #roots: readonly Buffer[]
  readonly #userxattr: boolean

  constructor(roots: readonly (string | Buffer)[], userxattr: boolean) {
    this.#roots = roots.map((root) => Buffer.from(root))
    this.#userxattr = userxattr
  }

  get root(): MergedDirectory {
    return { parts: this.#roots.map((path, layer) => ({ layer, path })) }
  }

  /** Look a name up in a merged directory, as the kernel does: from the top, until a file, a whiteout or an opaque directory. */
  async lookup(directory: MergedDirectory, name: Buffer): Promise<Found | undefined> {
    return this.#lookup(
      directory.parts.map((part) => ({ layer: part.layer, path: join(part.path, name), within: part.path }))
    )
  }

  /** Look up where a redirected directory came from: `/a/b` from the root of all layers below, `b` beside `name`. */
  async redirected(siblings: MergedDirectory, target: Buffer): Promise<Found | undefined> {
    if (target[0] !== SLASH[0]) return this.lookup(siblings, target)
    let found: Found | undefined
    let directory: MergedDirectory | undefined = { parts: this.root.parts }
    for (const name of split(target)) {
      if (directory === undefined) return undefined
      found = await this.lookup(directory, name)
      directory = found?.directory
    }
    return found
  }

  /** Names of a merged directory, in byte order, whiteouts left out. */
  async names(directory: MergedDirectory): Promise<Buffer[]> {
    const known = new Map<string, Buffer>()
    const hidden = new Set<string>()
    for (const part of directory.parts) {
      const xwhiteouts = opacityOf(part.path, this.#userxattr) === 'x'
      for (const name of await readdir(part.path, { encoding: 'buffer' })) {
        const key = name.toString('latin1')
        if (known.has(key) || hidden.has(key)) continue
        const path = join(part.path, name)
        if (isWhiteoutEntry(path, await lstat(path), { userxattr: this.#userxattr, xwhiteouts })) hidden.add(key)
        else known.set(key, name)
      }
    }
    return [...known.values()].sort((one, other) => Buffer.compare(one, other))
  }

  async #lookup(candidates: readonly (Part & { within: Buffer })[]): Promise<Found | undefined> {
    const parts: Part[] = []
    let top: Found | undefined
    for (const [at, candidate] of candidates.entries()) {
      const stats = await lstatIfThere(candidate.path)
      if (stats === undefined) continue
      const xwhiteouts = stats.isFile() && stats.size === 0 && opacityOf(candidate.within, this.#userxattr) === 'x'
      if (isWhiteoutEntry(candidate.path, stats, { userxattr: this.#userxattr, xwhiteouts })) break
      if (!stats.isDirectory()) {
        top ??= { stats, path: candidate.path }
        break
      }
      top ??= { stats, path: candidate.path }
      parts.push(candidate)
      if (opacityOf(candidate.path, this.#userxattr) === 'y') break
      const redirect = readMark(candidate.path, 'redirect', this.#userxattr)
      if (redirect === undefined) continue
      // A renamed directory: the layers below know it under its old name.
      const below = await this.#below(candidates.slice(at + 1), candidate.layer, redirect)
      parts.push(...(below?.directory?.parts ?? []))
      break
    }
    return top?.stats.isDirectory() ? { ...top, directory: { parts } } : top
  }

  async #below(
    rest: readonly (Part & { within: Buffer })[],
    layer: number,
    redirect: Buffer
  ): Promise<Found | undefined> {
    if (redirect[0] === SLASH[0])
      return new LowerLayers(this.#roots, layer, this.#userxattr).redirected({ parts: [] }, redirect)
    return this.#lookup(rest.map((part) => ({ ...part, path: join(part.within, redirect) })))
  }
}

/** The layers below one layer; numbers stay those of the whole stack. */
class LowerLayers extends Layers {
  readonly #above: number

  constructor(roots: readonly Buffer[], above: number, userxattr: boolean) {
    super(roots, userxattr)
    this.#above = above
  }

  override get root(): MergedDirectory {
    return { parts: super.root.parts.filter(({ layer }) => layer > this.#above) }
  }
}

/** `directory/name` as bytes. */
export function join(directory: Buffer, name: Buffer): Buffer {
  return Buffer.concat([directory, SLASH, name])
}

/** lstat(2), undefined where nothing is there. */
export async function lstatIfThere(path: Buffer): Promise<Stats | undefined> {
  try {
    return await lstat(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw error
  }
}

function split(path: Buffer): Buffer[] {
  return path
    .toString('latin1')
    .split('/')
    .filter((part) => part !== '')
    .map((part) => Buffer.from(part, 'latin1'))
}
