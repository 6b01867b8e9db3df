// The store looked over: every blob against its name, every name against its blobs.

import { IsoError } from '@iso/native'

import { namesIn } from '../internal/durable.js'
import { walk } from './image.js'
import type { ImageStore } from './store.js'

/** Something that is not as it should be. */
export interface Fault {
  /** `lost`: an image is broken. `leaked`: something nobody needs; `collect()` removes it. */
  kind: 'lost' | 'leaked'
  /** What, and why. */
  text: string
}

/** Check everything; reads every blob. Nobody else may be adding anything meanwhile. @internal */
export async function check(store: ImageStore): Promise<Fault[]> {
  const faults: Fault[] = []
  const add = (kind: Fault['kind'], text: string): void => void faults.push({ kind, text })
  const used = await store.usage()
  for (const digest of await store.blobs.list()) {
    try {
      for await (const _chunk of store.blobs.stream(digest));
    } catch (error) {
      add('lost', error instanceof IsoError ? error.message : String(error))
    }
    if (!used.blobs.has(digest)) add('leaked', `blob ${digest}`)
  }
  for (const { name, descriptor } of await store.refs.list()) {
    if ((await store.blobs.size(descriptor.digest)) === undefined)
      add('lost', `${name ?? '<none>'}: ${descriptor.digest} is missing`)
    await walk(store.blobs, descriptor, async (blob, role) => {
      // Of an index only the platforms that were asked for are here.
      if (role !== 'index' && (await store.blobs.size(blob.digest)) === undefined)
        add('lost', `${name ?? '<none>'}: ${role} ${blob.digest} is missing`)
    })
  }
  const layers = await store.layers.list()
  const chains = new Set(layers.map(({ chainId }) => chainId))
  for (const layer of layers) {
    if ((await namesIn(`${store.layers.diffDirectory(layer)}/..`)).length === 0)
      add('lost', `layer ${layer.chainId}: its directory is missing`)
    if (layer.parent !== undefined && !chains.has(layer.parent))
      add('lost', `layer ${layer.chainId}: what is below it is missing`)
    if (!used.layers.has(layer.chainId)) add('leaked', `layer ${layer.chainId}`)
  }
  for (const path of await store.layers.leftovers()) add('leaked', path)
  for (const name of await namesIn(`${store.root}/ingest`)) add('leaked', `ingest/${name}`)
  return faults
}
