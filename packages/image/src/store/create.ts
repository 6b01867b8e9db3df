// Layers and images that are made here: archives packed, compressed and hashed on their way into the store.

import { IsoError } from '@iso/native'

import { gzip, zstd } from '../internal/decompress.js'
import type { ImageConfig } from '../manifest/config.js'
import type { Descriptor } from '../manifest/documents.js'
import { MEDIA } from '../manifest/media-types.js'
import { hasher, type Digest } from '../reference/digest.js'
import { formatReference, parseReference, withTag } from '../reference/reference.js'
import type { ImageStore } from './store.js'

/** A layer that is in the store. */
export interface NewLayer {
  descriptor: Descriptor
  diffId: Digest
}

/** Options of {@link createLayer}. */
export interface CreateLayerOptions {
  /** Default: `gzip`, which everything reads. */
  compression?: 'gzip' | 'zstd' | 'none'
}

const TYPES = { gzip: MEDIA.ociLayerGzip, zstd: MEDIA.ociLayerZstd, none: MEDIA.ociLayer } as const

/**
 * Store an archive as a layer. Hold the store meanwhile, and until an image has it.
 *
 * @param archive a tar archive, not compressed, such as `packTar()` writes
 * @throws IsoError `ISO_ZSTD_MISSING`; Node's ENOSPC
 */
export async function createLayer(
  store: ImageStore,
  archive: AsyncIterable<Uint8Array>,
  { compression = 'gzip' }: CreateLayerOptions = {}
): Promise<NewLayer> {
  if (!Object.hasOwn(TYPES, compression))
    throw new TypeError(`Cannot create layer: compression '${compression}' is unknown; wanted 'gzip', 'zstd' or 'none'`)
  const hash = hasher()
  const hashed = (async function* () {
    for await (const chunk of archive) {
      hash.update(chunk)
      yield chunk
    }
  })()
  const stored = compression === 'gzip' ? gzip(hashed) : compression === 'zstd' ? await zstd(hashed) : hashed
  const { digest, size } = await store.blobs.put(stored)
  return { descriptor: { mediaType: TYPES[compression], digest, size }, diffId: `sha256:${hash.digest('hex')}` }
}

/** What {@link createImage} makes an image of. */
export interface NewImage {
  /** The configuration; its `rootfs` is made from the layers. */
  config: Omit<ImageConfig, 'rootfs'>
  /** The lowest first. */
  layers: readonly NewLayer[]
  annotations?: Record<string, string>
}

/**
 * Store a configuration and a manifest for layers that are in the store. The same input gives the same bytes.
 *
 * @param name a name to give it, short or whole; without one it is kept without a name
 * @returns the manifest's descriptor
 * @throws IsoError `ISO_IMAGE_MALFORMED`: as many lines of history make a layer as there are layers, or none do
 */
export async function createImage(store: ImageStore, image: NewImage, name?: string): Promise<Descriptor> {
  const { config, layers, annotations } = image
  const making = config.history?.filter(({ empty_layer }) => empty_layer !== true).length
  if (making !== undefined && making !== layers.length)
    throw new IsoError(
      'ISO_IMAGE_MALFORMED',
      `Cannot create image: its history makes ${making} layers, and it has ${layers.length}`
    )
  await using _hold = await store.hold()
  const whole = { ...config, rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) } }
  const stored = await store.blobs.putBytes(Buffer.from(JSON.stringify(whole)))
  const manifest = {
    schemaVersion: 2,
    mediaType: MEDIA.ociManifest,
    config: { mediaType: MEDIA.ociConfig, ...stored },
    layers: layers.map(({ descriptor }) => descriptor),
    ...(annotations === undefined ? {} : { annotations }),
  }
  const descriptor = {
    mediaType: MEDIA.ociManifest,
    ...(await store.blobs.putBytes(Buffer.from(JSON.stringify(manifest)))),
  }
  if (name === undefined) await store.refs.keep(descriptor)
  else await store.refs.set(formatReference(withTag(parseReference(name))), descriptor)
  return descriptor
}
