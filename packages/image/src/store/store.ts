// The store: blobs, names, unpacked layers, and what holds them together.

import { createHash } from 'node:crypto'
import { chmod, mkdir, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

import { IsoError } from '@iso/native'

import type { ExtractLimits } from '../extract/options.js'
import { makeDirectories, namesIn, textOf, writeDurably } from '../internal/durable.js'
import { isObject, type Descriptor, type Platform } from '../manifest/documents.js'
import type { Digest } from '../reference/digest.js'
import { formatReference, parseReference, withTag } from '../reference/reference.js'
import { Blobs } from './blobs.js'
import { check, type Fault } from './check.js'
import { collect, usage, type Collected, type Usage } from './collect.js'
import { notFound, readImage, type Image } from './image.js'
import { Layers, type StoredLayer } from './layers.js'
import { lockFile, type Hold, type LockOptions } from './lock.js'
import { Refs, type Ref } from './refs.js'

/** Where a layer of an image is used by a container. */
export interface Pin {
  /** Who needs it, such as a container's id. */
  owner: string
  /** The image it was made from: digest of what the name stood for. */
  target: Descriptor
  /** The topmost layer it stands on; absent for an image without layers. */
  chainId?: Digest
}

/**
 * Images on this machine: blobs by digest, names, and layers unpacked once for all images that have them. Several processes may use one at a time.
 *
 * Nothing keeps it open; files are locked while they are changed, and what a killed process leaves is removed by {@link ImageStore.collect}. A
 * crash of the machine itself may lose the content of layers that were unpacked shortly before.
 *
 * @example
 * ```ts
 * import { ImageStore } from '@iso/image'
 * const store = await ImageStore.open('images')
 * console.log((await store.refs.list()).length) // 0
 * ```
 */
export class ImageStore {
  readonly root: string
  readonly blobs: Blobs
  readonly refs: Refs
  readonly layers: Layers
  readonly #lock: string
  readonly #pins: string

  private constructor(root: string) {
    this.root = root
    this.blobs = new Blobs(root)
    this.refs = new Refs(root)
    this.layers = new Layers(root)
    this.#lock = join(root, 'lock')
    this.#pins = join(root, 'pins')
  }

  /**
   * Open a store, which is made when missing.
   *
   * @param root default: `$ISO_ROOT/image`, else `/var/lib/iso/image` for root and `$XDG_DATA_HOME/iso/image` for an ordinary user
   * @throws Node's EACCES, EROFS, ENOSPC
   */
  static async open(root: string = defaultRoot()): Promise<ImageStore> {
    const store = new ImageStore(root)
    await mkdir(root, { recursive: true, mode: 0o710 })
    // Set-user-ID programs of images are no programs of this machine: nobody else looks in here.
    await chmod(root, 0o710)
    await store.blobs.prepare()
    await store.refs.prepare()
    await store.layers.prepare()
    await makeDirectories(store.#pins)
    return store
  }

  /** Keep {@link collect} away while something is added that no name leads to yet. */
  async hold(options: LockOptions = {}): Promise<Hold> {
    return lockFile(this.#lock, 'shared', options)
  }

  /**
   * Find what a name, an id or the beginning of an id stands for.
   *
   * @throws IsoError `ISO_IMAGE_NOT_FOUND`; `ISO_IMAGE_AMBIGUOUS`, several ids begin like that
   */
  async find(nameOrId: string): Promise<Ref> {
    const refs = await this.refs.list()
    const id = /^(?:sha256:)?([0-9a-f]{1,64})$/.exec(nameOrId)?.[1]
    const named = id?.length === 64 || nameOrId.startsWith('sha256:') ? undefined : findNamed(refs, nameOrId)
    if (named !== undefined) return named
    if (id === undefined) throw notFound(nameOrId)
    const found = new Map<Digest, Ref>()
    for (const ref of refs) {
      const ids = [ref.descriptor.digest, await this.#idOf(ref)]
      if (ids.some((one) => one?.slice('sha256:'.length).startsWith(id))) found.set(ref.descriptor.digest, ref)
    }
    if (found.size > 1)
      throw new IsoError(
        'ISO_IMAGE_AMBIGUOUS',
        `Cannot tell which image ${JSON.stringify(nameOrId)} is: ${found.size} ids begin so`
      )
    const [one] = found.values()
    if (one === undefined) throw notFound(nameOrId)
    return one
  }

  /** Read an image by name or id, for a platform. @throws as {@link find} and `readImage()` */
  async image(nameOrId: string, platform?: Platform): Promise<Image> {
    return readImage(this.blobs, (await this.find(nameOrId)).descriptor, platform)
  }

  /** Give an image a further name. @throws IsoError `ISO_IMAGE_NOT_FOUND`, `ISO_REFERENCE` */
  async tag(nameOrId: string, name: string): Promise<void> {
    const reference = withTag(parseReference(name))
    if (reference.digest !== undefined)
      throw new IsoError('ISO_REFERENCE', `Cannot tag ${JSON.stringify(name)}: a digest is no name to give`)
    await using _hold = await this.hold()
    await this.refs.set(formatReference(reference), (await this.find(nameOrId)).descriptor)
  }

  /**
   * Take a name away, and with the last one the image. Its blobs and layers go with {@link collect}.
   *
   * @param options.force take all names of an id away. Default: false
   * @returns names that were taken away; whether it was the last
   * @throws IsoError `ISO_IMAGE_IN_USE`: a container stands on it, or an id has several names
   */
  async remove(nameOrId: string, options: { force?: boolean } = {}): Promise<{ untagged: string[]; last: boolean }> {
    await using _hold = await this.hold()
    const ref = await this.find(nameOrId)
    const same = (await this.refs.list()).filter(({ descriptor }) => descriptor.digest === ref.descriptor.digest)
    const byName = findNamed([ref], nameOrId) !== undefined
    const going = byName ? [ref] : same
    if (going.length > 1 && options.force !== true)
      throw new IsoError('ISO_IMAGE_IN_USE', `Cannot remove image ${nameOrId}: it has ${going.length} names`, {
        hint: 'remove them one by one, or force it',
      })
    const last = going.length === same.length
    const users = (await this.pins()).filter(({ target }) => target.digest === ref.descriptor.digest)
    if (last && users.length > 0)
      throw new IsoError(
        'ISO_IMAGE_IN_USE',
        `Cannot remove image ${nameOrId}: ${users.map(({ owner }) => owner).join(', ')} stands on it`,
        {
          hint: 'remove the container first',
        }
      )
    for (const one of going) await this.refs.remove(one)
    return { untagged: going.flatMap(({ name }) => (name === null ? [] : [name])), last }
  }

  /**
   * Unpack the layers of an image that are not unpacked yet.
   *
   * @returns the layers, the topmost first: the order in which an overlay takes them
   */
  async unpack(image: Image, options: { limits?: ExtractLimits; signal?: AbortSignal } = {}): Promise<StoredLayer[]> {
    await using _hold = await this.hold()
    let parent: Digest | undefined
    for (const [index, layer] of image.manifest.layers.entries()) {
      const chainId = image.chainIds[index] as Digest
      if ((await this.layers.find(chainId)) === undefined) {
        // Checked by what it unpacks to.
        const source = this.blobs.stream(layer.digest, { verify: false })
        const diffId = image.config.rootfs.diff_ids[index] as Digest
        await this.layers.add({ diffId, source, ...options, ...(parent === undefined ? {} : { parent }) })
      }
      parent = chainId
    }
    return parent === undefined ? [] : await this.layers.stack(parent)
  }

  /** Who uses what: how many images have each blob and each layer. */
  async usage(): Promise<Usage> {
    const refs = await this.refs.list()
    return usage(
      this.blobs,
      [...refs, ...(await this.#pinnedRefs())].map(({ descriptor }) => descriptor),
      await this.#pinned()
    )
  }

  /**
   * Remove blobs and layers that no name and no container leads to, and what killed processes left. It waits until nobody adds anything.
   *
   * @throws IsoError `ISO_STORE_BUSY`: somebody did for all of the time
   */
  async collect(options: LockOptions = {}): Promise<Collected> {
    await using _lock = await lockFile(this.#lock, 'exclusive', options)
    const refs = [...(await this.refs.list()), ...(await this.#pinnedRefs())]
    // Awaited here: the lock must last until all is done.
    return await collect(
      this.blobs,
      this.layers,
      refs.map(({ descriptor }) => descriptor),
      await this.#pinned()
    )
  }

  /** Remove images without a name, or with `all` those no container stands on; then {@link collect}. */
  async prune(options: { all?: boolean } = {}): Promise<Collected & { untagged: Ref[] }> {
    const used = new Set((await this.pins()).map(({ target }) => target.digest))
    const going = (await this.refs.list()).filter(
      (ref) => !used.has(ref.descriptor.digest) && (ref.name === null || options.all === true)
    )
    for (const ref of going) await this.refs.remove(ref)
    return { ...(await this.collect()), untagged: going }
  }

  /** Look for what is lost (a name leads to nothing, a blob is not what its name says) and leaked (nothing leads to it). */
  async check(): Promise<Fault[]> {
    await using _lock = await lockFile(this.#lock, 'exclusive')
    return await check(this)
  }

  /** Keep an image and its layers for a container, whatever becomes of its names. */
  async pin(pin: Pin): Promise<void> {
    await using _hold = await this.hold()
    await writeDurably(this.#pinFile(pin.owner), `${JSON.stringify(pin, null, 2)}\n`)
  }

  /** The container is gone. */
  async unpin(owner: string): Promise<void> {
    await rm(this.#pinFile(owner), { force: true })
  }

  /** All that is kept for containers. */
  async pins(): Promise<Pin[]> {
    const found: Pin[] = []
    for (const name of await namesIn(this.#pins)) {
      if (!name.endsWith('.json')) continue
      const value: unknown = JSON.parse((await textOf(join(this.#pins, name))) ?? 'null')
      if (isObject(value)) found.push(value as unknown as Pin)
    }
    return found
  }

  async #pinned(): Promise<Digest[]> {
    return (await this.pins()).flatMap(({ chainId }) => (chainId === undefined ? [] : [chainId]))
  }

  async #pinnedRefs(): Promise<{ descriptor: Descriptor }[]> {
    return (await this.pins()).map(({ target }) => ({ descriptor: target }))
  }

  #pinFile(owner: string): string {
    return join(this.#pins, `${createHash('sha256').update(owner).digest('hex').slice(0, 32)}.json`)
  }

  // An index has an id for each platform; the one for this machine is meant.
  async #idOf(ref: Ref): Promise<Digest | undefined> {
    try {
      return (await readImage(this.blobs, ref.descriptor)).id
    } catch {
      return undefined
    }
  }
}

function findNamed(refs: readonly Ref[], text: string): Ref | undefined {
  let reference
  try {
    reference = withTag(parseReference(text))
  } catch {
    return undefined
  }
  const whole = formatReference(reference)
  const exact = refs.find(({ name }) => name === whole)
  if (exact !== undefined || reference.digest === undefined) return exact
  const { domain, path, digest } = reference
  const repository = `${domain}/${path}`
  return refs.find(
    ({ name, descriptor }) =>
      descriptor.digest === digest && name !== null && name.replace(/(:[^/]*)?(@.*)?$/, '') === repository
  )
}

function defaultRoot(): string {
  const iso = process.env['ISO_ROOT']
  if (iso !== undefined && iso !== '') return join(iso, 'image')
  if (process.geteuid?.() === 0) return '/var/lib/iso/image'
  return join(process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local/share'), 'iso', 'image')
}
