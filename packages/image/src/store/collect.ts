// What may go and what must stay: everything that no name and no container leads to is garbage.

import { parseConfig, chainIds } from '../manifest/config.js'
import type { Descriptor } from '../manifest/documents.js'
import { MEDIA } from '../manifest/media-types.js'
import { digestOf, type Digest } from '../reference/digest.js'
import type { Blobs } from './blobs.js'
import { walk } from './image.js'
import type { Layers } from './layers.js'

/** What a collection removed. */
export interface Collected {
  blobs: Digest[]
  /** Chain ids of unpacked layers. */
  layers: Digest[]
  /** Files and directories that interrupted processes left. */
  leftovers: string[]
  bytes: number
}

/** What is used, and by how many images: the reference counts. */
export interface Usage {
  blobs: Map<Digest, number>
  layers: Map<Digest, number>
}

/** Count who uses what. */
export async function usage(blobs: Blobs, targets: readonly Descriptor[], pinned: readonly Digest[]): Promise<Usage> {
  const result: Usage = { blobs: new Map(), layers: new Map() }
  const count = (map: Map<Digest, number>, digest: Digest): void => void map.set(digest, (map.get(digest) ?? 0) + 1)
  const distinct = [...new Map(targets.map((target) => [target.digest, target])).values()]
  for (const target of distinct) {
    await walk(blobs, target, async (blob, role) => {
      count(result.blobs, blob.digest)
      const config = role === 'config' && (blob.mediaType === MEDIA.ociConfig || blob.mediaType === MEDIA.dockerConfig)
      if (!config || (await blobs.size(blob.digest)) === undefined) return
      const { rootfs } = parseConfig(await blobs.read(blob.digest))
      for (const chain of chainIds(rootfs.diff_ids, digestOf)) count(result.layers, chain)
    })
  }
  for (const chain of pinned) count(result.layers, chain)
  return result
}

/** Remove what is not used. Nobody else may be adding anything meanwhile. */
export async function collect(
  blobs: Blobs,
  layers: Layers,
  targets: readonly Descriptor[],
  pinned: readonly Digest[]
): Promise<Collected> {
  const used = await usage(blobs, targets, pinned)
  const result: Collected = { blobs: [], layers: [], leftovers: [], bytes: 0 }
  const unpacked = await layers.list()
  const byChain = new Map(unpacked.map((layer) => [layer.chainId, layer]))
  // Whatever is below a layer that stays must stay.
  const keep = new Set<Digest>()
  for (const chain of used.layers.keys())
    for (let at = byChain.get(chain); at !== undefined && !keep.has(at.chainId);) {
      keep.add(at.chainId)
      at = at.parent === undefined ? undefined : byChain.get(at.parent)
    }
  for (const layer of unpacked) {
    if (keep.has(layer.chainId)) continue
    await layers.remove(layer)
    result.layers.push(layer.chainId)
    result.bytes += layer.sizeBytes
  }
  for (const digest of await blobs.list()) {
    if (used.blobs.has(digest)) continue
    result.bytes += await blobs.remove(digest)
    result.blobs.push(digest)
  }
  result.leftovers = [...(await layers.sweep()), ...(await blobs.sweepIngest())]
  return result
}
