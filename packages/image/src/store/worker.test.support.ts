// Another process at work in a store, for tests that kill it. argv: root, what to do, seed.

import { tarEntry } from '../tar/entry.js'
import { packTar } from '../tar/pack.js'
import { createImage, createLayer } from './create.js'
import { readImage } from './image.js'
import { ImageStore } from './store.js'

const [root, what, seed = '0'] = process.argv.slice(2) as [string, string, string?]
const store = await ImageStore.open(root)
console.log('ready')
if (what === 'collect') for (;;) await store.collect()
for (let round = 0; ; round++) {
  const name = `example.org/made-${seed}:${round % 3}`
  {
    await using _hold = await store.hold()
    const shared = await createLayer(store, packTar([file('shared', 3000)]))
    const own = await createLayer(store, packTar([file(`own-${seed}-${round}`, 20_000), file('.wh.shared', 0)]))
    const target = await createImage(
      store,
      { config: { architecture: 'amd64', os: 'linux' }, layers: [shared, own] },
      name
    )
    await store.unpack(await readImage(store.blobs, target))
  }
  if (what === 'add' && round === 5) break
  if (round % 4 === 3) await store.remove(name).catch(() => {})
  if (what === 'all' && round % 3 === 2) await store.collect()
}

function file(path: string, bytes: number): { entry: ReturnType<typeof tarEntry>; body: Buffer } {
  return { entry: tarEntry({ path, size: bytes }), body: Buffer.alloc(bytes, path) }
}
