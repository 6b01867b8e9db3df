// An image as it is read from the store: its documents, checked and belonging together.

import { IsoError } from '@iso/native'

import { chainIds, parseConfig, type ImageConfig } from '../manifest/config.js'
import {
  isIndex,
  malformedDocument,
  parseDocument,
  type Descriptor,
  type ImageIndex,
  type Manifest,
  type Platform,
} from '../manifest/documents.js'
import { isLayerType, MEDIA } from '../manifest/media-types.js'
import { selectPlatform } from '../manifest/platform.js'
import { digestOf, type Digest } from '../reference/digest.js'
import type { Blobs } from './blobs.js'

/** An image for one platform. */
export interface Image {
  /** Docker's id: the digest of the configuration. */
  id: Digest
  /** What names stand for: an index, or the manifest itself. */
  target: Descriptor
  /** Its manifest. */
  descriptor: Descriptor
  manifest: Manifest
  config: ImageConfig
  /** Chain ids of its layers, the lowest first. */
  chainIds: Digest[]
}

/** How deep indexes may lie in indexes. */
const DEPTH_MAX = 4

/**
 * Read an image: down through indexes to the manifest for a platform, and its configuration.
 *
 * @throws IsoError `ISO_IMAGE_PLATFORM`; `ISO_IMAGE_MALFORMED`, a document is not of its form, an artifact that is no image, an index in itself;
 * `ISO_BLOB_MISSING`, a document is not here
 */
export async function readImage(blobs: Blobs, target: Descriptor, platform?: Platform): Promise<Image> {
  const { descriptor, manifest } = await findManifest(blobs, target, platform)
  if (manifest.config.mediaType !== MEDIA.ociConfig && manifest.config.mediaType !== MEDIA.dockerConfig)
    throw malformedDocument(
      'image',
      `it is an artifact of type ${manifest.artifactType ?? manifest.config.mediaType}, which cannot run`
    )
  const config = parseConfig(await blobs.read(manifest.config.digest))
  const odd = manifest.layers.find(({ mediaType }) => !isLayerType(mediaType))
  if (odd !== undefined) throw malformedDocument('image', `a layer is of type ${odd.mediaType}`)
  const { diff_ids } = config.rootfs
  if (diff_ids.length !== manifest.layers.length)
    throw malformedDocument(
      'image',
      `it has ${manifest.layers.length} layers, and its configuration ${diff_ids.length}`
    )
  return { id: manifest.config.digest, target, descriptor, manifest, config, chainIds: chainIds(diff_ids, digestOf) }
}

/** Read a manifest or an index. */
export async function readDocument(blobs: Blobs, target: Descriptor): Promise<Manifest | ImageIndex> {
  return parseDocument(await blobs.read(target.digest), target.mediaType)
}

async function findManifest(
  blobs: Blobs,
  target: Descriptor,
  platform: Platform | undefined
): Promise<{ descriptor: Descriptor; manifest: Manifest }> {
  let descriptor = target
  const seen = new Set<Digest>()
  for (let depth = 0; ; depth++) {
    if (seen.has(descriptor.digest) || depth > DEPTH_MAX)
      throw malformedDocument('image', 'its indexes lie in each other')
    seen.add(descriptor.digest)
    const document = await readDocument(blobs, descriptor)
    if (!isIndex(document)) return { descriptor, manifest: document }
    descriptor = selectPlatform(document, platform)
  }
}

/** All blobs an image refers to, and which of them are manifests, indexes or configurations; what is not here is left out. */
export async function walk(
  blobs: Blobs,
  target: Descriptor,
  visit: (blob: Descriptor, role: 'index' | 'manifest' | 'config' | 'layer') => void | Promise<void>,
  seen = new Set<Digest>()
): Promise<void> {
  if (seen.has(target.digest) || (await blobs.size(target.digest)) === undefined) return
  seen.add(target.digest)
  const document = await readDocument(blobs, target)
  await visit(target, isIndex(document) ? 'index' : 'manifest')
  if (isIndex(document)) {
    for (const one of document.manifests) await walk(blobs, one, visit, seen)
    return
  }
  await visit(document.config, 'config')
  for (const layer of document.layers) await visit(layer, 'layer')
}

/** The error for an image that is not in the store. */
export function notFound(name: string): IsoError {
  return new IsoError(
    'ISO_IMAGE_NOT_FOUND',
    `Cannot find image ${JSON.stringify(name)}: there is none of that name or id here`,
    {
      hint: 'pull or load it first',
    }
  )
}
