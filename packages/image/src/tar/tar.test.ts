import { execFileSync } from 'node:child_process'
import { chmodSync, linkSync, lstatSync, mkdirSync, readFileSync, readlinkSync, statSync, symlinkSync } from 'node:fs'
import { truncateSync, writeFileSync, openSync, writeSync, closeSync } from 'node:fs'

import { expect } from 'chai'
import fc from 'fast-check'

import { IsoError, getxattr, setxattr, utimensat } from '@iso/native'
import { requires } from '@iso/testing'

import { encodeHeader } from './encode.js'
import { tarEntry, type TarEntry, type TarType } from './entry.js'
import { decodePax, decodeTime, encodePax, encodeTime } from './pax.js'
import { collect, packed, runProgram, Scratch, unpacked } from './support.test.support.js'
import { packTar } from './pack.js'

const name = fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes.map((byte) => byte || 1)))
const properName = name.filter((bytes) => bytes.at(-1) !== 0x2f && bytes[0] !== 0x2f)
const id = fc.oneof(fc.nat(2_097_151), fc.nat(0x7fffffff), fc.constant(0xfffffffe))
const time = fc.record({
  sec: fc.oneof(fc.integer({ min: -5_000_000_000, max: 5_000_000_000 }), fc.constant(1e12)),
  nsec: fc.oneof(fc.constant(0), fc.nat(999_999_999)),
})
const xattrs = fc
  .dictionary(
    fc.constantFrom('user.a', 'user.=%3D', 'security.capability', 'user.ü'),
    fc.uint8Array({ maxLength: 300 })
  )
  .map((object) => new Map(Object.entries(object).map(([key, value]) => [key, Buffer.from(value)])))
const input = fc
  .record({
    path: properName,
    link: properName,
    type: fc.constantFrom<TarType>('file', 'hardlink', 'symlink', 'char', 'block', 'directory', 'fifo'),
    mode: fc.nat(0o7777),
    uid: id,
    gid: id,
    uname: fc.constantFrom('', 'root', 'größe', 'a-name-of-more-than-thirty-one-characters'),
    mtime: time,
    xattrs,
    content: fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes)),
    device: fc.nat(0xfff),
  })
  .map(({ link, content, device, ...fields }) => {
    const links = fields.type === 'symlink' || fields.type === 'hardlink'
    const devices = fields.type === 'char' || fields.type === 'block'
    const body = fields.type === 'file' ? content : Buffer.alloc(0)
    const entry = tarEntry({
      ...fields,
      gname: '',
      size: body.length,
      ...(links ? { linkPath: link } : {}),
      ...(devices ? { major: device, minor: device + 1 } : {}),
    })
    return { entry, body }
  })

describe('tar', () => {
  let scratch: Scratch
  beforeEach(() => (scratch = new Scratch()))
  afterEach(() => scratch.remove())

  it('readTar() reads back whatever packTar() writes, in chunks of any size', async function () {
    this.timeout(60_000)
    await fc.assert(
      fc.asyncProperty(fc.array(input, { maxLength: 5 }), fc.integer({ min: 1, max: 2000 }), async (inputs, size) => {
        const found = await unpacked(await packed(inputs), size)
        expect(found.map(({ entry }) => plain(entry))).to.deep.equal(inputs.map(({ entry }) => plain(entry)))
        expect(found.map(({ content }) => content)).to.deep.equal(inputs.map(({ body }) => body))
      }),
      { numRuns: 150 }
    )
  })

  it('packTar() gives the same bytes for the same entries', async () => {
    await fc.assert(
      fc.asyncProperty(input, async (one) => {
        expect(await packed([one])).to.deep.equal(await packed([one]))
      }),
      { numRuns: 30 }
    )
  })

  it('packTar() refuses content of another length, and names that no archive can hold', async () => {
    const entry = tarEntry({ path: 'a', size: 3 })
    await rejects(collect(packTar([{ entry, body: Buffer.from('four') }])), RangeError, 'longer than 3')
    await rejects(collect(packTar([{ entry, body: Buffer.from('2') }])), RangeError, 'shorter than 3')
    expect(() => encodeHeader(tarEntry({ path: 'a\0b' }))).to.throw(TypeError, 'NUL')
    expect(() => encodeHeader(tarEntry({ path: 'a', type: 'symlink' }))).to.throw(TypeError, 'no target')
    expect(() => encodeHeader(tarEntry({ path: 'a', uid: -1 }))).to.throw(RangeError, 'uid -1')
  })

  it('encodeTime() and decodeTime() are each other’s inverse', () => {
    fc.assert(
      fc.property(time, (one) => {
        expect(decodeTime(Buffer.from(encodeTime(one)))).to.deep.equal(one)
      })
    )
    expect(encodeTime({ sec: -2, nsec: 500_000_000 })).to.equal('-1.5')
  })

  it('encodePax() counts its own digits at every border of ten', () => {
    for (let length = 0; length < 1200; length++) {
      const record = { key: 'path', value: Buffer.alloc(length, 'x') }
      expect(decodePax(encodePax([record]))).to.deep.equal([record])
    }
  })

  for (const format of ['v7', 'oldgnu', 'gnu', 'ustar', 'posix'])
    it(`readTar() reads what GNU tar writes as ${format}`, async () => {
      const root = makeTree(scratch, format === 'v7' || format === 'ustar')
      const archive = runProgram(['tar', `--format=${format}`, '--sort=name', '-cf', '-', '-C', root, '.'])
      const found = await unpacked(archive, 700)
      const flat = format !== 'v7'
      const names = execFileSync('find', ['.', '-printf', '%P\\n'], { cwd: root })
        .toString()
        .slice(0, -1)
        .split('\n')
        .sort()
      expect(found.map(({ entry }) => entry.path.toString().replace(/^\.\/?/, '')).sort()).to.deep.equal(
        names.filter((each) => flat || !each.endsWith('fifo')).sort()
      )
      for (const { entry, content } of found) {
        const path = `${root}/${entry.path.toString()}`
        const stats = lstatSync(path, { bigint: true })
        expect(entry.mode, path).to.equal(Number(stats.mode) & 0o7777)
        expect(entry.mtime.sec, path).to.equal(Number(stats.mtimeNs / 1_000_000_000n))
        if (format === 'posix') expect(entry.mtime.nsec, path).to.equal(Number(stats.mtimeNs % 1_000_000_000n))
        if (entry.type === 'file') expect(content.equals(readFileSync(path)), path).to.equal(true)
        if (entry.type === 'symlink') expect(entry.linkPath?.toString(), path).to.equal(readlinkSync(path))
      }
      expect(found.filter(({ entry }) => entry.type === 'hardlink')).to.have.length(1)
    })

  for (const version of ['gnu', '0.0', '0.1', '1.0'])
    it(`readTar() reads sparse files of GNU tar, format ${version}`, async () => {
      const file = scratch.at('sparse')
      const fd = openSync(file, 'w')
      for (let at = 0; at < 40; at++) writeSync(fd, `data ${at}`, at * 1_000_000 + (at % 7))
      closeSync(fd)
      truncateSync(file, 45_000_000)
      const how = version === 'gnu' ? ['--format=gnu'] : ['--format=posix', `--sparse-version=${version}`]
      const archive = runProgram(['tar', ...how, '--sparse', '-cf', '-', '-C', scratch.path, 'sparse'])
      expect(archive.length).to.be.lessThan(1_000_000)
      const [found] = await unpacked(archive, 3000)
      expect(found?.entry.path.toString()).to.equal('sparse')
      expect(found?.entry.size).to.equal(45_000_000)
      expect(found?.content.equals(readFileSync(file))).to.equal(true)
    })

  it('packTar() writes what GNU tar and bsdtar read: names, times, attributes, sparse files', function () {
    requires(this, 'root', { program: 'bsdtar' })
    return (async () => {
      const capability = Buffer.from('0100000200200000000000000000000000000000', 'hex')
      const sparse = [{ offset: 1 << 20, length: 5 }]
      const long = `${'d'.repeat(120)}/${'f'.repeat(200)}`
      const archive = await packed([
        { entry: tarEntry({ path: 'd'.repeat(120), type: 'directory', mode: 0o750 }) },
        {
          entry: tarEntry({ path: long, size: 2, mtime: { sec: 1_700_000_000, nsec: 123_456_789 } }),
          body: Buffer.from('hi'),
        },
        { entry: tarEntry({ path: Buffer.from([0x66, 0xff, 0xfe]), size: 1 }), body: Buffer.from('x') },
        { entry: tarEntry({ path: 'ünï', size: 0, uid: 3_000_000, gid: 7, mode: 0o4755 }) },
        {
          entry: tarEntry({
            path: 'cap',
            mode: 0o755,
            xattrs: new Map([
              ['security.capability', capability],
              ['user.x', Buffer.from([0, 10, 255])],
            ]),
          }),
        },
        { entry: tarEntry({ path: 'holes', size: 3 << 20, sparse }), body: Buffer.from('hello') },
        { entry: tarEntry({ path: 'soft', type: 'symlink', linkPath: `../${'t'.repeat(150)}` }) },
        { entry: tarEntry({ path: 'hard', type: 'hardlink', linkPath: 'cap' }) },
      ])
      for (const [program, ...options] of [
        ['tar', '--xattrs', '--xattrs-include=*', '--numeric-owner', '-xpf', '-'],
        ['bsdtar', '--numeric-owner', '-xpf', '-'],
      ] as [string, ...string[]][]) {
        const cwd = scratch.at(program)
        mkdirSync(cwd)
        runProgram([program, ...options], { cwd, input: archive })
        expect(statSync(`${cwd}/${long}`, { bigint: true }).mtimeNs).to.equal(1_700_000_000_123_456_789n)
        expect(readFileSync(Buffer.concat([Buffer.from(`${cwd}/f`), Buffer.from([0xff, 0xfe])])).toString()).to.equal(
          'x'
        )
        expect(statSync(`${cwd}/ünï`)).to.include({ uid: 3_000_000, gid: 7, mode: 0o104755 })
        expect(getxattr(`${cwd}/cap`, 'security.capability')).to.deep.equal(capability)
        expect(getxattr(`${cwd}/cap`, 'user.x')).to.deep.equal(Buffer.from([0, 10, 255]))
        expect(readFileSync(`${cwd}/holes`).length).to.equal(3 << 20)
        expect(
          readFileSync(`${cwd}/holes`)
            .subarray(1 << 20, (1 << 20) + 5)
            .toString()
        ).to.equal('hello')
        expect(readlinkSync(`${cwd}/soft`)).to.equal(`../${'t'.repeat(150)}`)
        expect(statSync(`${cwd}/hard`).ino).to.equal(statSync(`${cwd}/cap`).ino)
      }
    })()
  })

  it('readTar() reads attributes as GNU tar and bsdtar write them, bytes and odd names included', async function () {
    requires(this, 'root', { program: 'bsdtar' })
    writeFileSync(scratch.at('file'), 'x')
    setxattr(scratch.at('file'), 'user.a=b%c', Buffer.from([0, 1, 255, 10]))
    setxattr(scratch.at('file'), 'trusted.t', '')
    const wanted = { 'user.a=b%c': Buffer.from([0, 1, 255, 10]), 'trusted.t': Buffer.alloc(0) }
    const gnu = runProgram([
      'tar',
      '--format=posix',
      '--xattrs',
      '--xattrs-include=*',
      '-cf',
      '-',
      '-C',
      scratch.path,
      'file',
    ])
    expect(Object.fromEntries((await unpacked(gnu))[0]?.entry.xattrs ?? [])).to.deep.equal(wanted)
    const bsd = runProgram(['bsdtar', '--format=pax', '--xattrs', '-cf', '-', '-C', scratch.path, 'file'])
    const found = (await unpacked(bsd))[0]?.entry.xattrs
    expect(found?.get('user.a=b%c')).to.deep.equal(wanted['user.a=b%c'])
  })

  describe('hostile archives', () => {
    const hello = [{ entry: tarEntry({ path: 'hello', size: 600 }), body: Buffer.alloc(600, 'x') }]

    it('readTar() says so wherever an archive is cut off', async () => {
      const archive = await packed(hello)
      for (const length of [1, 511, 513, 1000, 1535]) await refused(archive.subarray(0, length), 'ends in the middle')
      // Without the blocks of zeroes it is complete.
      expect(await unpacked(archive.subarray(0, 1536))).to.have.length(1)
      expect(await unpacked(Buffer.alloc(0))).to.deep.equal([])
    })

    it('readTar() notices each flipped bit of a header', async () => {
      const archive = await packed(hello)
      for (let bit = 0; bit < 512 * 8; bit += 3) {
        const copy = Buffer.from(archive)
        copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7))
        const field = bit >> 3
        // A checksum field may be written in several ways.
        if (field >= 148 && field < 156) continue
        await refused(copy, 'Cannot read archive')
      }
    })

    it('readTar() never does anything but read or refuse, whatever the bytes', async function () {
      this.timeout(60_000)
      const seed = await packed([...hello, { entry: tarEntry({ path: 'p'.repeat(300), mtime: { sec: 1, nsec: 1 } }) }])
      await fc.assert(
        fc.asyncProperty(fc.array(fc.tuple(fc.nat(seed.length - 1), fc.nat(255)), { maxLength: 8 }), async (edits) => {
          const copy = Buffer.from(seed)
          for (const [at, byte] of edits) copy[at] = byte
          for (const offset of [0, 1536]) if (copy.length > offset + 512) fixChecksum(copy, offset)
          try {
            await unpacked(copy, 100)
          } catch (error) {
            if (!(error instanceof IsoError) || error.code !== 'ISO_TAR_MALFORMED') throw error
          }
        }),
        { numRuns: 300 }
      )
    })

    it('readTar() refuses records, maps and names that lie', async () => {
      await refused(extended(Buffer.from('99 path=x\n')), 'length 99 is wrong')
      await refused(extended(Buffer.from('x path=x\n')), 'without a length')
      await refused(extended(encodePax([record('path', 'a\0b')])), 'NUL')
      await refused(extended(encodePax([record('size', '1e9')])), 'size')
      await refused(extended(encodePax([record('mtime', 'yesterday')])), 'time')
      await refused(extended(encodePax([record('uid', '4294967295')])), 'uid')
      const sparse = (map: string): Buffer =>
        extended(encodePax([record('GNU.sparse.size', '100'), record('GNU.sparse.map', map)]))
      await refused(sparse('0,50,40,10'), 'overlap')
      await refused(sparse('90,20'), 'overlap')
      await refused(sparse('0,5'), '0 bytes of data and a map for 5')
      await refused(sparse('0,5,7'), 'ends in the middle')
    })

    it('readTar() refuses extended headers that are too large, or have no end', async () => {
      const big = Buffer.from(encodeHeader(tarEntry({ path: 'x', size: 2 << 20 })))
      big.write('x', 156)
      fixChecksum(big, 0)
      await refused(big, 'extended header')
      const small = extended(Buffer.alloc(0)).subarray(0, 512)
      await refused(Buffer.concat(Array.from({ length: 9000 }, () => small)), 'without end')
    })

    it('readTar() refuses unknown types and a lone block of zeroes', async () => {
      const odd = Buffer.from(encodeHeader(tarEntry({ path: 'x' })))
      odd.write('Z', 156)
      fixChecksum(odd, 0)
      await refused(odd, 'unknown type')
      await refused(Buffer.concat([Buffer.alloc(512), encodeHeader(tarEntry({ path: 'x' }))]), 'single block')
    })
  })
})

function plain(entry: TarEntry): object {
  const { xattrs, path, linkPath, ...rest } = entry
  return {
    ...rest,
    path: path.toString('latin1'),
    link: linkPath?.toString('latin1'),
    xattrs: [...xattrs]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, value]) => [key, value.toString('hex')]),
  }
}

function record(key: string, value: string): { key: string; value: Buffer } {
  return { key, value: Buffer.from(value) }
}

// An extended header and an empty file behind it.
function extended(body: Buffer): Buffer {
  const header = Buffer.from(encodeHeader(tarEntry({ path: 'x', size: body.length })))
  header.write('x', 156)
  fixChecksum(header, 0)
  const padded = Buffer.alloc(Math.ceil(body.length / 512) * 512)
  body.copy(padded)
  return Buffer.concat([header, padded, encodeHeader(tarEntry({ path: 'y' })), Buffer.alloc(1024)])
}

function fixChecksum(bytes: Buffer, offset: number): void {
  bytes.write('        ', offset + 148, 'latin1')
  let sum = 0
  for (let at = offset; at < offset + 512; at++) sum += bytes[at] as number
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, offset + 148, 'latin1')
}

async function refused(archive: Buffer, message: string): Promise<void> {
  await rejects(unpacked(archive, 300), IsoError, message)
}

async function rejects(
  promise: Promise<unknown>,
  type: new (...values: never[]) => Error,
  message: string
): Promise<void> {
  let thrown: unknown
  try {
    await promise
  } catch (error) {
    thrown = error
  }
  expect(thrown).to.be.instanceOf(type)
  expect((thrown as Error).message).to.include(message)
}

function makeTree(scratch: Scratch, short: boolean): string {
  const root = scratch.at('tree')
  mkdirSync(`${root}/sub/deeper`, { recursive: true })
  writeFileSync(`${root}/empty`, '')
  writeFileSync(`${root}/sub/block`, Buffer.alloc(512, 'b'))
  writeFileSync(`${root}/sub/large`, Buffer.alloc(100_001, 'l'))
  chmodSync(`${root}/sub/large`, 0o4711)
  linkSync(`${root}/empty`, `${root}/sub/other-name`)
  symlinkSync('../no/where', `${root}/sub/link`)
  if (!short) writeFileSync(`${root}/sub/${'n'.repeat(230)}`, 'long')
  if (!short) symlinkSync('t'.repeat(300), `${root}/sub/long-link`)
  writeFileSync(`${root}/sub/deeper/${'m'.repeat(80)}`, 'x')
  const fd = openSync(`${root}/empty`, 'r')
  utimensat(fd, null, { sec: 1, nsec: 0 }, { sec: 1_234_567_890, nsec: 987_654_321 })
  closeSync(fd)
  return root
}
