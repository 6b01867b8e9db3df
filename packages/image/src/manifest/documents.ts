// Manifests, indexes and descriptors: their shape, and the check that what came is of it. Bytes from a registry are hostile.

import { IsoError } from '@iso/native'

import { isDigest, type Digest } from '../reference/digest.js'
import { isIndexType, isManifestType, MEDIA } from './media-types.js'

/** What a platform is. */
export interface Platform {
  os: string
  architecture: string
  variant?: string
  'os.version'?: string
  'os.features'?: string[]
}

/** A blob: what it is, how long, and what its bytes hash to. */
export interface Descriptor {
  mediaType: string
  digest: Digest
  size: number
  annotations?: Record<string, string>
  platform?: Platform
  artifactType?: string
  urls?: string[]
}

/** The manifest of one image for one platform, or of an artifact. */
export interface Manifest {
  schemaVersion: 2
  mediaType: string
  artifactType?: string
  config: Descriptor
  layers: Descriptor[]
  subject?: Descriptor
  annotations?: Record<string, string>
}

/** Manifests for several platforms. */
export interface ImageIndex {
  schemaVersion: 2
  mediaType: string
  artifactType?: string
  manifests: Descriptor[]
  subject?: Descriptor
  annotations?: Record<string, string>
}

/** The largest manifest or index that is taken, as registries do. */
export const DOCUMENT_BYTES_MAX = 4 << 20
const DESCRIPTORS_MAX = 10_000

/** The error for a document that is not of its form. */
export function malformedDocument(what: string, why: string): IsoError {
  return new IsoError('ISO_IMAGE_MALFORMED', `Cannot use ${what}: ${why}`)
}

/** Parse JSON that must be an object. */
export function parseObject(bytes: Uint8Array, what: string): Record<string, unknown> {
  if (bytes.length > DOCUMENT_BYTES_MAX) throw malformedDocument(what, `it has more than ${DOCUMENT_BYTES_MAX} bytes`)
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw malformedDocument(what, 'it is no JSON')
  }
  if (!isObject(value)) throw malformedDocument(what, 'it is no JSON object')
  return value
}

/**
 * Parse and check a manifest or an index.
 *
 * @param mediaType what the registry or the descriptor says it is; the document must not say otherwise
 * @throws IsoError `ISO_IMAGE_MALFORMED`: no JSON, another schema, both layers and manifests, a descriptor that is none
 */
export function parseDocument(bytes: Uint8Array, mediaType?: string): Manifest | ImageIndex {
  const what = 'manifest'
  const value = parseObject(bytes, what)
  if (value['schemaVersion'] === 1)
    throw malformedDocument(what, 'it is of Docker’s schema 1, which has no content addresses; push the image again')
  if (value['schemaVersion'] !== 2)
    throw malformedDocument(what, `schemaVersion is ${JSON.stringify(value['schemaVersion'])}`)
  // One and the same document must not be an image to one reader and an index to another.
  if (value['manifests'] !== undefined && (value['layers'] !== undefined || value['config'] !== undefined))
    throw malformedDocument(what, 'it has both layers and manifests')
  const own = value['mediaType']
  if (own !== undefined && typeof own !== 'string') throw malformedDocument(what, 'its mediaType is no text')
  if (own !== undefined && mediaType !== undefined && own !== mediaType)
    throw malformedDocument(what, `it came as ${mediaType} and says it is ${own}`)
  const index = value['manifests'] !== undefined
  const type = own ?? mediaType ?? (index ? MEDIA.ociIndex : MEDIA.ociManifest)
  if (index ? !isIndexType(type) : !isManifestType(type))
    throw malformedDocument(
      what,
      `its mediaType ${JSON.stringify(type)} is not that of ${index ? 'an index' : 'a manifest'}`
    )
  const rest = {
    ...optionalText(value, 'artifactType', what),
    ...(value['subject'] === undefined ? {} : { subject: descriptor(value['subject'], 'subject') }),
    ...annotationsOf(value, what),
  }
  if (index) return { schemaVersion: 2, mediaType: type, manifests: list(value['manifests'], 'manifests'), ...rest }
  const config = descriptor(value['config'], 'config')
  return { schemaVersion: 2, mediaType: type, config, layers: list(value['layers'], 'layers'), ...rest }
}

/** Whether a document is an index. */
export function isIndex(document: Manifest | ImageIndex): document is ImageIndex {
  return 'manifests' in document
}

/** Check a descriptor. */
export function descriptor(value: unknown, what: string): Descriptor {
  if (!isObject(value)) throw malformedDocument(what, 'it is no descriptor')
  const { mediaType, digest, size, platform, urls } = value
  if (typeof mediaType !== 'string' || mediaType === '') throw malformedDocument(what, 'its mediaType is missing')
  if (!isDigest(digest)) throw malformedDocument(what, `its digest ${JSON.stringify(digest)} is malformed`)
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
    throw malformedDocument(what, `its size is ${JSON.stringify(size)}`)
  if (urls !== undefined && !isTexts(urls)) throw malformedDocument(what, 'its urls are no list of text')
  return {
    mediaType,
    digest,
    size,
    ...annotationsOf(value, what),
    ...optionalText(value, 'artifactType', what),
    ...(platform === undefined ? {} : { platform: platformOf(platform, what) }),
    ...(urls === undefined ? {} : { urls }),
  }
}

/** Whether a value is a plain object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether a value is a list of text. */
export function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}

/** An optional map of text. */
export function textMap(value: unknown, what: string, name: string): Record<string, string> | undefined {
  if (value === undefined || value === null) return undefined
  if (!isObject(value) || !Object.values(value).every((one) => typeof one === 'string'))
    throw malformedDocument(what, `its ${name} are no map of text`)
  return value as Record<string, string>
}

function list(value: unknown, what: string): Descriptor[] {
  // Go writes an empty list as null.
  if (value === null) return []
  if (!Array.isArray(value)) throw malformedDocument('manifest', `its ${what} are no list`)
  if (value.length > DESCRIPTORS_MAX) throw malformedDocument('manifest', `it has more than ${DESCRIPTORS_MAX} ${what}`)
  return value.map((one, index) => descriptor(one, `${what}[${index}]`))
}

function annotationsOf(value: Record<string, unknown>, what: string): { annotations?: Record<string, string> } {
  const annotations = textMap(value['annotations'], what, 'annotations')
  return annotations === undefined ? {} : { annotations }
}

function optionalText(value: Record<string, unknown>, name: 'artifactType', what: string): { artifactType?: string } {
  const text = value[name]
  if (text === undefined || text === '') return {}
  if (typeof text !== 'string') throw malformedDocument(what, `its ${name} is no text`)
  return { [name]: text }
}

function platformOf(value: unknown, what: string): Platform {
  if (!isObject(value)) throw malformedDocument(what, 'its platform is no object')
  const { os, architecture, variant } = value
  if (typeof os !== 'string' || typeof architecture !== 'string')
    throw malformedDocument(what, 'its platform lacks os or architecture')
  if (variant !== undefined && typeof variant !== 'string') throw malformedDocument(what, 'its variant is no text')
  return { ...value, os, architecture }
}
