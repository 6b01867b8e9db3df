/**
 * Container images: tar archives, layers extracted beneath a root, and a store of blobs, names and unpacked layers.
 *
 * @example
 * ```ts
 * import { extractTar, packTar, tarEntry } from '@iso/image'
 * await extractTar(packTar([{ entry: tarEntry({ path: 'etc', type: 'directory' }) }]), 'root')
 * ```
 *
 * @packageDocumentation
 */
export { tarEntry, type SparseRegion, type TarEntry, type TarNames, type TarType } from './tar/entry.js'
export { packTar, type TarInput } from './tar/pack.js'
export { readTar, type TarFile } from './tar/read.js'
export { extractTar } from './extract/extract.js'
export type { ExtractLimits, ExtractOptions, ExtractReport, WhiteoutFormat } from './extract/options.js'
export { digestOf, isDigest, type Digest } from './reference/digest.js'
export { familiarName, formatReference, parseReference, withTag, type Reference } from './reference/reference.js'
export { parseConfig, type HistoryEntry, type ImageConfig, type RunConfig } from './manifest/config.js'
export { parseDocument, type Descriptor, type ImageIndex, type Manifest, type Platform } from './manifest/documents.js'
export { MEDIA } from './manifest/media-types.js'
export { formatPlatform, hostPlatform, parsePlatform, selectPlatform } from './manifest/platform.js'
export { type BlobWriter, type Blobs, type Expected } from './store/blobs.js'
export type { Fault } from './store/check.js'
export type { Collected, Usage } from './store/collect.js'
export { readImage, type Image } from './store/image.js'
export type { LayerSource, Layers, StoredLayer } from './store/layers.js'
export type { Hold, LockOptions } from './store/lock.js'
export type { Ref, Refs } from './store/refs.js'
export { createImage, createLayer, type CreateLayerOptions, type NewImage, type NewLayer } from './store/create.js'
export { ImageStore, type Pin } from './store/store.js'
