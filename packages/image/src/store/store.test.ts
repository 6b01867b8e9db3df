import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync, appendFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { randomBytes } from 'node:crypto'

import { expect } from 'chai'

import { IsoError } from '@iso/native'
import { isWhiteout } from '@iso/overlay'
import { requires } from '@iso/testing'

import { MEDIA } from '../manifest/media-types.js'
import type { Descriptor } from '../manifest/documents.js'
import { digestOf } from '../reference/digest.js'
import { tarEntry } from '../tar/entry.js'
import { packTar, type TarInput } from '../tar/pack.js'
import { collect, Scratch } from '../tar/support.test.support.js'
import { createImage, createLayer } from './create.js'
import { readImage } from './image.js'
import { ImageStore } from './store.js'

const config = { architecture: 'amd64', os: 'linux' }

function files(contents: Record<string, string>): TarInput[] {
  return Object.entries(contents).map(([path, text]) => ({
    entry: tarEntry({ path, size: text.length }),
    body: Buffer.from(text),
  }))
}

async function refusal(promise: Promise<unknown>, code: string): Promise<IsoError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown
  )
  expect(error).to.be.instanceOf(IsoError)
  expect((error as IsoError).code, (error as IsoError).message).to.equal(code)
  return error as IsoError
}

describe('ImageStore', () => {
  let scratch: Scratch
  let store: ImageStore
  beforeEach(async () => {
    scratch = new Scratch()
    store = await ImageStore.open(scratch.at('store'))
  })
  afterEach(() => scratch.remove())

  const make = async (name: string | undefined, ...layers: Record<string, string>[]): Promise<Descriptor> => {
    const made = await Promise.all(layers.map(async (one) => createLayer(store, packTar(files(one)))))
    return createImage(store, { config, layers: made }, name)
  }

  describe('blobs', () => {
    const digest = digestOf('hello')

    it('put() keeps what has the expected digest and size, and nothing else', async () => {
      expect(await store.blobs.put([Buffer.from('hel'), Buffer.from('lo')], { digest, size: 5 })).to.deep.equal({
        digest,
        size: 5,
      })
      expect(readFileSync(store.blobs.path(digest), 'utf8')).to.equal('hello')
      const other = digestOf('other')
      for (const [text, size] of [
        ['other!', 5],
        ['othe', 5],
        ['othes', 5],
      ] as const)
        await refusal(store.blobs.put([Buffer.from(text)], { digest: other, size }), 'ISO_BLOB_DIGEST')
      expect(await store.blobs.size(other)).to.equal(undefined)
      expect(readdirSync(`${store.root}/ingest`)).to.deep.equal([])
    })

    it('stream() notices what was changed on the disk before the last chunk is out', async () => {
      const bytes = randomBytes(600_000)
      const { digest: name } = await store.blobs.putBytes(bytes)
      expect((await collect(store.blobs.stream(name))).equals(bytes)).to.equal(true)
      bytes[599_999] = (bytes[599_999] as number) ^ 1
      writeFileSync(store.blobs.path(name), bytes)
      let got = 0
      const error = await (async () => {
        for await (const chunk of store.blobs.stream(name)) got += chunk.length
      })().catch((thrown: unknown) => thrown)
      expect(error).to.be.instanceOf(IsoError).that.includes({ code: 'ISO_BLOB_DIGEST' })
      expect(got).to.be.lessThan(600_000)
      await refusal(store.blobs.read(digestOf('nothing')), 'ISO_BLOB_MISSING')
    })

    it('resume() goes on where an earlier writer stopped, and forgets what turns out wrong', async () => {
      const first = await store.blobs.resume({ digest, size: 5 })
      await first?.write(Buffer.from('hel'))
      await first?.suspend()
      const second = await store.blobs.resume({ digest, size: 5 })
      expect(second?.offset).to.equal(3)
      await second?.write(Buffer.from('lo'))
      await second?.commit()
      expect((await store.blobs.read(digest)).toString()).to.equal('hello')
      expect(await store.blobs.resume({ digest, size: 5 })).to.equal(undefined)
      const other = await store.blobs.resume({ digest: digestOf('other'), size: 5 })
      await other?.write(Buffer.from('wrong'))
      await refusal(other?.commit() ?? Promise.resolve(), 'ISO_BLOB_DIGEST')
      expect(other?.offset).to.equal(0)
      await other?.suspend()
      expect(readdirSync(`${store.root}/ingest`)).to.deep.equal([])
    })

    it('resume() lets one writer have a blob, and gives nothing to the one who waited', async () => {
      const first = await store.blobs.resume({ digest, size: 5 })
      const second = store.blobs.resume({ digest, size: 5 })
      await sleep(50)
      await first?.write(Buffer.from('hello'))
      await first?.commit()
      expect(await second).to.equal(undefined)
    })

    it('put() on a full disk says ENOSPC and leaves nothing', async function () {
      requires(this, 'root', { file: '/dev/full' })
      const { mount, umount2 } = await import('@iso/native')
      const small = scratch.at('small')
      await ImageStore.open(small)
      mount({ source: 'tmpfs', target: small, fstype: 'tmpfs', data: 'size=1m' })
      try {
        const full = await ImageStore.open(small)
        const error = await full.blobs.put([randomBytes(4 << 20)]).catch((thrown: unknown) => thrown)
        expect((error as NodeJS.ErrnoException).code).to.equal('ENOSPC')
        expect(readdirSync(`${small}/ingest`)).to.deep.equal([])
        const layer = await createLayer(
          full,
          packTar([{ entry: tarEntry({ path: 'zeroes', size: 8 << 20 }), body: Buffer.alloc(8 << 20) }])
        )
        const image = await readImage(full.blobs, await createImage(full, { config, layers: [layer] }, 'a/b:c'))
        await refusal(full.unpack(image), 'ISO_EXTRACT').catch((thrown: unknown) => {
          expect((thrown as Error).message).to.include('ENOSPC')
        })
        expect(await full.layers.leftovers()).to.deep.equal([])
        expect(await full.check()).to.deep.equal([])
      } finally {
        umount2(small)
      }
    })
  })

  describe('names', () => {
    it('tag(), find() and remove() work by name, id and beginning of an id', async () => {
      const target = await make('docker.io/library/one:latest', { a: '1' })
      const { id } = await store.image('one')
      await store.tag('one', 'two:2')
      expect((await store.find('docker.io/library/two:2')).descriptor.digest).to.equal(target.digest)
      for (const by of [id, id.slice(7), id.slice(7, 15), target.digest, `one@${target.digest}`])
        expect((await store.find(by)).descriptor.digest, by).to.equal(target.digest)
      expect((await refusal(store.remove(id), 'ISO_IMAGE_IN_USE')).message).to.include('2 names')
      expect(await store.remove('one')).to.deep.equal({ untagged: ['docker.io/library/one:latest'], last: false })
      await refusal(store.find('one'), 'ISO_IMAGE_NOT_FOUND')
      expect((await store.remove(id)).last).to.equal(true)
      await refusal(store.find(id), 'ISO_IMAGE_NOT_FOUND')
      await refusal(store.tag('gone', 'x'), 'ISO_IMAGE_NOT_FOUND')
    })

    it('an image that loses its name to another stays without one, until prune()', async () => {
      const first = await make('a/b:c', { a: '1' })
      await make('a/b:c', { a: '2' })
      const refs = await store.refs.list()
      expect(refs.map(({ name }) => name)).to.have.members([null, 'docker.io/a/b:c'])
      expect(refs.find(({ name }) => name === null)?.descriptor.digest).to.equal(first.digest)
      expect((await store.prune()).untagged).to.have.length(1)
      expect(await store.blobs.size(first.digest)).to.equal(undefined)
      expect(await store.check()).to.deep.equal([])
    })

    it('find() does not guess between ids', async () => {
      for (let at = 0; at < 20; at++) await make(`a/b:${at}`, { a: String(at) })
      const prefixes = (
        await Promise.all((await store.refs.list()).map(async ({ name }) => store.image(name ?? '')))
      ).map(({ id }) => id[7])
      const twice = prefixes.find((digit, at) => prefixes.indexOf(digit) !== at) as string
      await refusal(store.find(`sha256:${twice}`), 'ISO_IMAGE_AMBIGUOUS')
    })
  })

  describe('layers', () => {
    it('unpack() lays layers out as overlay2, once for all images that have them', async function () {
      requires(this, 'root')
      await make('a/one:1', { base: 'b' }, { 'dir/x': 'x', '.wh.base': '' })
      await make('a/two:2', { base: 'b' }, { other: 'o' })
      const one = await store
        .image('a/one:1')
        .catch(async () => readImage(store.blobs, (await store.refs.list())[0]?.descriptor as Descriptor))
      const [top, base] = await store.unpack(one)
      const directory = (name: string | undefined): string => `${store.root}/overlay2/${name}`
      expect(readdirSync(directory(base?.cacheId)).sort()).to.deep.equal(['diff', 'link'])
      expect(readdirSync(directory(top?.cacheId)).sort()).to.deep.equal(['diff', 'link', 'lower', 'work'])
      const link = readFileSync(`${directory(base?.cacheId)}/link`, 'utf8')
      expect(link).to.match(/^[A-Z2-7]{26}$/)
      expect(readFileSync(`${directory(top?.cacheId)}/lower`, 'utf8')).to.equal(`l/${link}`)
      expect(readlinkSync(directory(`l/${link}`))).to.equal(`../${base?.cacheId}/diff`)
      expect(await isWhiteout(`${directory(top?.cacheId)}/diff/base`)).to.equal(true)
      expect(statSync(store.root).mode & 0o7).to.equal(0)
      const two = await readImage(store.blobs, (await store.refs.list())[1]?.descriptor as Descriptor)
      const [, again] = await store.unpack(two)
      expect(again).to.deep.equal(base)
      expect((await store.usage()).layers.get(base?.chainId ?? '')).to.equal(2)
      expect(await store.layers.list()).to.have.length(3)
      expect(await store.check()).to.deep.equal([])
    })

    it('unpack() refuses a layer that is not the one the configuration names, and leaves nothing', async () => {
      const layer = await createLayer(store, packTar(files({ a: '1' })))
      const lying = { ...layer, diffId: digestOf('other') }
      const image = await readImage(store.blobs, await createImage(store, { config, layers: [lying] }, 'a/b:c'))
      await refusal(store.unpack(image), 'ISO_LAYER_DIFF_ID')
      expect(await store.layers.list()).to.deep.equal([])
      expect(await store.layers.leftovers()).to.deep.equal([])
    })

    it('unpack() of the same image at once does the work once', async () => {
      const image = await readImage(store.blobs, await make('a/b:c', { a: '1' }, { b: '2' }))
      const all = await Promise.all(Array.from({ length: 5 }, async () => store.unpack(image)))
      for (const one of all) expect(one).to.deep.equal(all[0])
      expect(await store.layers.list()).to.have.length(2)
      expect(await store.layers.leftovers()).to.deep.equal([])
    })

    it('unpack() reads zstd and plain layers', async function () {
      requires(this, { program: 'zstd' })
      const layers = [
        await createLayer(store, packTar(files({ a: '1' })), { compression: 'zstd' }),
        await createLayer(store, packTar(files({ b: '2' })), { compression: 'none' }),
      ]
      expect(layers.map(({ descriptor }) => descriptor.mediaType)).to.deep.equal([MEDIA.ociLayerZstd, MEDIA.ociLayer])
      const [top, base] = await store.unpack(
        await readImage(store.blobs, await createImage(store, { config, layers }, 'a/b:c'))
      )
      expect(existsSync(`${store.root}/overlay2/${base?.cacheId}/diff/a`)).to.equal(true)
      expect(existsSync(`${store.root}/overlay2/${top?.cacheId}/diff/b`)).to.equal(true)
    })
  })

  describe('collect()', () => {
    it('collect() removes what nothing leads to, and keeps what an image or a container shares', async () => {
      const one = await readImage(store.blobs, await make('a/one:1', { base: 'b' }, { x: '1' }))
      const two = await readImage(store.blobs, await make('a/two:2', { base: 'b' }, { x: '2' }))
      for (const image of [one, two]) await store.unpack(image)
      expect(await store.collect()).to.deep.include({ blobs: [], layers: [] })
      await store.pin({ owner: 'container', target: one.target, chainId: one.chainIds[1] })
      await refusal(store.remove(one.id), 'ISO_IMAGE_IN_USE')
      await store.unpin('container')
      await store.remove(one.id)
      const gone = await store.collect()
      expect(gone.layers).to.deep.equal([one.chainIds[1]])
      expect(gone.blobs).to.have.members([one.descriptor.digest, one.id, one.manifest.layers[1]?.digest])
      expect(await store.unpack(two)).to.have.length(2)
      expect(await store.check()).to.deep.equal([])
      expect((await store.prune({ all: true })).untagged).to.have.length(1)
      expect(await store.blobs.list()).to.deep.equal([])
      expect(readdirSync(`${store.root}/overlay2`)).to.deep.equal(['l'])
    })

    it('collect() waits for those who add something, or says that they do', async () => {
      await using _hold = await store.hold()
      const { digest } = await store.blobs.putBytes(Buffer.from('not yet named'))
      const error = await refusal(store.collect({ timeoutMs: 50 }), 'ISO_STORE_BUSY')
      expect(error.message).to.include('50 ms')
      expect(await store.blobs.size(digest)).to.equal(13)
    })

    it('check() tells what is lost from what is leaked', async () => {
      const target = await make('a/b:c', { a: '1' })
      await store.blobs.putBytes(Buffer.from('nobody’s'))
      const { manifest } = await readImage(store.blobs, target)
      appendFileSync(store.blobs.path(manifest.layers[0]?.digest ?? ''), 'x')
      const faults = await store.check()
      expect(faults.map(({ kind }) => kind).sort()).to.deep.equal(['leaked', 'lost'])
      await store.blobs.remove(manifest.config.digest)
      expect((await store.check()).some(({ kind, text }) => kind === 'lost' && text.includes('config'))).to.equal(true)
    })
  })

  describe('images that lie', () => {
    it('readImage() refuses an index in itself, artifacts, and layers that do not fit', async () => {
      const index = (manifests: object[]): Buffer =>
        Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: MEDIA.ociIndex, manifests }))
      const platform = { os: 'linux', architecture: process.arch === 'x64' ? 'amd64' : 'arm64' }
      let inner: object = await make('a/b:c', { a: '1' })
      for (let depth = 0; depth < 6; depth++)
        inner = { mediaType: MEDIA.ociIndex, ...(await store.blobs.putBytes(index([{ ...inner, platform }]))) }
      expect((await refusal(readImage(store.blobs, inner as Descriptor), 'ISO_IMAGE_MALFORMED')).message).to.include(
        'lie in each other'
      )
      const empty = await store.blobs.putBytes(Buffer.from('{}'))
      const artifact = {
        schemaVersion: 2,
        mediaType: MEDIA.ociManifest,
        artifactType: 'x/y',
        config: { mediaType: MEDIA.empty, ...empty },
        layers: [],
      }
      const stored = {
        mediaType: MEDIA.ociManifest,
        ...(await store.blobs.putBytes(Buffer.from(JSON.stringify(artifact)))),
      }
      expect((await refusal(readImage(store.blobs, stored), 'ISO_IMAGE_MALFORMED')).message).to.include(
        'artifact of type x/y'
      )
      const layer = await createLayer(store, packTar(files({ a: '1' })))
      await refusal(
        createImage(store, { config: { ...config, history: [{}, {}] }, layers: [layer] }),
        'ISO_IMAGE_MALFORMED'
      )
    })
  })

  describe('several processes', () => {
    const worker = fileURLToPath(new URL('./worker.test.support.js', import.meta.url))
    const running: ChildProcess[] = []
    const start = async (what: string, seed: number): Promise<ChildProcess> => {
      const child = spawn(process.execPath, [worker, store.root, what, String(seed)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      running.push(child)
      await once(child.stdout, 'data')
      return child
    }
    afterEach(async () => {
      for (const child of running.splice(0))
        if (child.exitCode === null && child.signalCode === null) {
          child.kill('SIGKILL')
          await once(child, 'exit')
        }
    })

    it('collect() takes nothing away from processes that add images meanwhile', async function () {
      this.timeout(60_000)
      const collector = await start('collect', 0)
      const adders = await Promise.all([start('add', 1), start('add', 2)])
      for (const adder of adders) {
        if (adder.exitCode === null) await once(adder, 'exit')
        expect(adder.exitCode).to.equal(0)
      }
      collector.kill('SIGKILL')
      await once(collector, 'exit')
      expect((await store.check()).filter(({ kind }) => kind === 'lost')).to.deep.equal([])
      await store.collect()
      expect(await store.check()).to.deep.equal([])
      expect((await store.refs.list()).filter(({ name }) => name !== null)).to.have.length(4)
    })

    it('a process killed at any moment loses nothing, and collect() removes what it left', async function () {
      this.timeout(120_000)
      for (let round = 0; round < 12; round++) {
        const children = await Promise.all([start('all', round), start('all', 100 + round)])
        await sleep(Math.random() * 120)
        for (const child of children) {
          child.kill('SIGKILL')
          await once(child, 'exit')
        }
        expect((await store.check()).filter(({ kind }) => kind === 'lost')).to.deep.equal([])
        await store.collect()
        expect(await store.check()).to.deep.equal([])
      }
    })
  })
})
