// Unpacked layers, each once, by chain id: the layer and all below it. On the disk as Docker's overlay2 has them: `overlay2/<id>/diff`, `link`,
// `lower`, `work`, short names in `overlay2/l`; which layer is where in `layerdb/sha256/<chain>/{cache-id,diff,parent,size}`.

import { randomBytes } from 'node:crypto'
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { IsoError } from '@iso/native'

import { extractTar } from '../extract/extract.js'
import type { ExtractLimits, ExtractReport } from '../extract/options.js'
import { Tree } from '../extract/tree.js'
import { decompress } from '../internal/decompress.js'
import { makeDirectories, namesIn, syncDirectory, textOf, writeDurably } from '../internal/durable.js'
import { digestOf, digestParts, hasher, type Digest } from '../reference/digest.js'
import { lockFile } from './lock.js'

/** A layer that is unpacked. */
export interface StoredLayer {
  chainId: Digest
  diffId: Digest
  parent?: Digest
  /** Name of its directory. */
  cacheId: string
  /** Bytes of its files. */
  sizeBytes: number
}

/** What {@link Layers.add} needs. */
export interface LayerSource {
  diffId: Digest
  /** Chain id of the layer below; absent for the lowest. */
  parent?: Digest
  /** The archive, compressed or not. */
  source: AsyncIterable<Uint8Array>
  limits?: ExtractLimits
  signal?: AbortSignal
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The unpacked layers of a store. */
export class Layers {
  readonly #overlay: string
  readonly #db: string
  readonly #locks: string

  constructor(root: string) {
    this.#overlay = join(root, 'overlay2')
    this.#db = join(root, 'layerdb', 'sha256')
    this.#locks = join(root, 'locks')
  }

  /** Make the directories where they are missing. */
  /** Make the directories that are missing. */
  async prepare(): Promise<void> {
    await makeDirectories(join(this.#overlay, 'l'), this.#db, this.#locks)
  }

  /** A layer by its chain id; undefined where it is not unpacked. */
  async find(chainId: Digest): Promise<StoredLayer | undefined> {
    const entry = join(this.#db, digestParts(chainId).hex)
    const [cacheId, diffId, parent, size] = await Promise.all(
      ['cache-id', 'diff', 'parent', 'size'].map((name) => textOf(join(entry, name)))
    )
    if (cacheId === undefined || diffId === undefined) return undefined
    return { chainId, diffId, cacheId, sizeBytes: Number(size), ...(parent === undefined ? {} : { parent }) }
  }

  /** All that are unpacked. */
  async list(): Promise<StoredLayer[]> {
    const found = await Promise.all(
      (await namesIn(this.#db)).flatMap((hex) => (isRecord(hex) ? [this.find(`sha${hex.length * 4}:${hex}`)] : []))
    )
    return found.filter((layer) => layer !== undefined)
  }

  /** The directory that holds what the layer changes. */
  diffDirectory({ cacheId }: StoredLayer): string {
    return join(this.#overlay, cacheId, 'diff')
  }

  /** The layers of a stack, the topmost first. @throws IsoError `ISO_LAYER_MISSING`: one of them is not unpacked */
  async stack(chainId: Digest): Promise<StoredLayer[]> {
    const found: StoredLayer[] = []
    for (let id: Digest | undefined = chainId; id !== undefined;) {
      const layer: StoredLayer | undefined = await this.find(id)
      if (layer === undefined) throw new IsoError('ISO_LAYER_MISSING', `Cannot find layer ${id}: it is not unpacked`)
      found.push(layer)
      id = layer.parent
    }
    return found
  }

  /**
   * Unpack a layer, unless it is there. Two processes that want the same one share the work of the first.
   *
   * @throws IsoError `ISO_LAYER_DIFF_ID`: the archive is another one than the configuration says; and what `extractTar()` throws. Nothing is left.
   */
  async add({ diffId, parent, source, limits, signal }: LayerSource): Promise<StoredLayer> {
    const chainId = parent === undefined ? diffId : digestOf(`${parent} ${diffId}`)
    const { hex } = digestParts(chainId)
    await using _lock = await lockFile(join(this.#locks, hex), 'exclusive', { ...(signal && { signal }) })
    const there = await this.find(chainId)
    if (there !== undefined) return there
    const below = parent === undefined ? [] : await this.stack(parent)
    const cacheId = randomBytes(32).toString('hex')
    const directory = join(this.#overlay, cacheId)
    const link = shortName()
    try {
      await mkdir(directory, { mode: 0o710 })
      const report = await unpack(join(directory, 'diff'), diffId, source, limits, signal)
      await writeFile(join(directory, 'link'), link)
      await symlink(`../${cacheId}/diff`, join(this.#overlay, 'l', link))
      if (below.length > 0) {
        const names = await Promise.all(below.map(({ cacheId: id }) => textOf(join(this.#overlay, id, 'link'))))
        await writeFile(join(directory, 'lower'), names.map((name) => `l/${name}`).join(':'))
        await mkdir(join(directory, 'work'), { mode: 0o700 })
      }
      const layer = { chainId, diffId, cacheId, sizeBytes: report.bytes, ...(parent === undefined ? {} : { parent }) }
      await this.#record(hex, layer)
      return layer
    } catch (error) {
      removeTree(this.#overlay, cacheId)
      await rm(join(this.#overlay, 'l', link), { force: true })
      throw error
    }
  }

  /** Remove a layer; what is above it must be gone. */
  async remove(layer: StoredLayer): Promise<void> {
    const { hex } = digestParts(layer.chainId)
    // The record goes first, at once: what is left without one is swept.
    const gone = join(this.#db, `removed-${randomBytes(6).toString('hex')}`)
    await rename(join(this.#db, hex), gone)
    await rm(gone, { recursive: true })
    const link = await textOf(join(this.#overlay, layer.cacheId, 'link'))
    if (link !== undefined && /^[A-Z2-7]{26}$/.test(link)) await rm(join(this.#overlay, 'l', link), { force: true })
    removeTree(this.#overlay, layer.cacheId)
  }

  /** Directories and short names that no layer has: what interrupted processes left. */
  async leftovers(): Promise<string[]> {
    const layers = await this.list()
    const known = new Set(layers.map(({ cacheId }) => cacheId))
    const links = new Set(await Promise.all(layers.map(({ cacheId }) => textOf(join(this.#overlay, cacheId, 'link')))))
    const directories = (await namesIn(this.#overlay)).filter((name) => name !== 'l' && !known.has(name))
    const names = (await namesIn(join(this.#overlay, 'l'))).filter((name) => !links.has(name))
    const records = (await namesIn(this.#db)).filter((name) => !isRecord(name))
    return [
      ...directories.map((name) => `overlay2/${name}`),
      ...names.map((name) => `overlay2/l/${name}`),
      ...records.map((name) => `layerdb/sha256/${name}`),
    ]
  }

  /** Remove leftovers and locks. Only where nobody unpacks. */
  async sweep(): Promise<string[]> {
    const left = await this.leftovers()
    const root = join(this.#overlay, '..')
    for (const path of left) removeTree(root, path)
    for (const name of await namesIn(this.#locks)) await rm(join(this.#locks, name), { force: true })
    return left
  }

  // Directories of containers beside ours are the engine's.
  async #record(hex: string, layer: StoredLayer): Promise<void> {
    const temporary = join(this.#db, `new-${randomBytes(6).toString('hex')}`)
    await mkdir(temporary)
    const fields = {
      'cache-id': layer.cacheId,
      diff: layer.diffId,
      size: String(layer.sizeBytes),
      parent: layer.parent,
    }
    for (const [name, text] of Object.entries(fields))
      if (text !== undefined) await writeDurably(join(temporary, name), text)
    await rename(temporary, join(this.#db, hex))
    await syncDirectory(this.#db)
  }
}

async function unpack(
  directory: string,
  diffId: Digest,
  source: AsyncIterable<Uint8Array>,
  limits: ExtractLimits | undefined,
  signal: AbortSignal | undefined
): Promise<ExtractReport> {
  let compressed = 0
  const hash = hasher(diffId)
  const counted = (async function* () {
    for await (const chunk of source) {
      compressed += chunk.length
      yield chunk
    }
  })()
  const hashed = (async function* () {
    for await (const chunk of decompress(counted)) {
      hash.update(chunk)
      yield chunk
    }
  })()
  const report = await extractTar(hashed, directory, {
    whiteouts: 'overlay',
    compressedBytes: () => compressed,
    ...(limits && { limits }),
    ...(signal && { signal }),
  })
  const found = `${digestParts(diffId).algorithm}:${hash.digest('hex')}`
  if (found !== diffId)
    throw new IsoError('ISO_LAYER_DIFF_ID', `Cannot use layer ${diffId}: it unpacks to ${found}`, {
      hint: 'the configuration of the image belongs to other layers',
    })
  return report
}

// A digest of sha256 or sha512.
function isRecord(name: string): boolean {
  return /^([0-9a-f]{64}|[0-9a-f]{128})$/.test(name)
}

// Names in layers are bytes, which Node's own removal of trees does not take.
function removeTree(root: string, path: string): void {
  const tree = new Tree(root)
  try {
    const slash = path.lastIndexOf('/')
    tree.remove({ directory: path.slice(0, Math.max(slash, 0)), base: path.slice(slash + 1) })
  } finally {
    tree.close()
  }
}

// 26 letters and digits, as Docker: the option string of a mount holds more of them than of ids.
function shortName(): string {
  return Array.from(randomBytes(26), (byte) => BASE32[byte & 31]).join('')
}
