import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'

import { expect } from 'chai'

import { IsoError } from '@iso/native'
import { requires } from '@iso/testing'

import { collect, inChunks, runProgram } from '../tar/support.test.support.js'
import { compressionOf, decompress, gzip, zstd } from './decompress.js'

const text = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index % 251) ^ (index >> 9)))
const source = (bytes: Buffer, size = 1000): Readable => Readable.from(inChunks(bytes, size))

describe('decompress', () => {
  it('decompress() passes on what is not compressed, empty and one byte included', async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('x'), text])
      expect((await collect(decompress(source(bytes)))).equals(bytes)).to.equal(true)
  })

  it('decompress() reads gzip, several members in a row, in chunks of one byte', async () => {
    expect((await collect(decompress(source(gzipSync(text))))).equals(text)).to.equal(true)
    const two = Buffer.concat([gzipSync('one'), gzipSync('two')])
    expect((await collect(decompress(source(two, 1)))).toString()).to.equal('onetwo')
  })

  it('decompress() reads zstd of the program, and zstd() writes what it reads', async function () {
    requires(this, { program: 'zstd' })
    const theirs = runProgram(['zstd', '-c', '-q'], { input: text })
    expect(compressionOf(theirs)).to.equal('zstd')
    expect((await collect(decompress(source(theirs)))).equals(text)).to.equal(true)
    const ours = await collect(await zstd(source(text)))
    expect(ours.length).to.be.lessThan(text.length)
    expect(runProgram(['zstd', '-d', '-c', '-q'], { input: ours }).equals(text)).to.equal(true)
  })

  it('decompress() reads zstd where neither Node nor a program can', async function () {
    requires(this, { program: 'zstd' })
    const theirs = runProgram(['zstd', '-c', '-q'], { input: text })
    const path = process.env['PATH']
    process.env['PATH'] = '/nowhere'
    try {
      expect((await collect(decompress(source(theirs)))).equals(text)).to.equal(true)
    } finally {
      process.env['PATH'] = path
    }
  })

  it('decompress() names damaged data, and passes on errors of the source', async () => {
    const whole = gzipSync(text)
    for (const bad of [whole.subarray(0, whole.length - 20), Buffer.concat([whole.subarray(0, 200), text])]) {
      const error = await collect(decompress(source(bad))).catch((thrown: unknown) => thrown)
      expect(error).to.be.instanceOf(IsoError)
      expect((error as IsoError).code).to.equal('ISO_BLOB_CORRUPT')
    }
    const broken = (async function* () {
      yield whole.subarray(0, 100)
      throw new RangeError('mine')
    })()
    const error = await collect(decompress(broken)).catch((thrown: unknown) => thrown)
    expect(error).to.be.instanceOf(RangeError)
  })

  it('gzip() writes the same bytes for the same input', async () => {
    const one = await collect(gzip(source(text)))
    expect(one.equals(await collect(gzip(source(text, 7777))))).to.equal(true)
    expect((await collect(decompress(source(one)))).equals(text)).to.equal(true)
  })
})
