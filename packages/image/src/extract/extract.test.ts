import { spawnSync } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'

import { expect } from 'chai'
import fc from 'fast-check'

import { getxattr, IsoError } from '@iso/native'
import { isOpaque, isWhiteout } from '@iso/overlay'
import { requires } from '@iso/testing'

import { tarEntry, type TarEntry, type TarNames } from '../tar/entry.js'
import type { TarInput } from '../tar/pack.js'
import { inChunks, packed, runProgram, Scratch } from '../tar/support.test.support.js'
import { extractTar } from './extract.js'
import type { ExtractOptions, ExtractReport } from './options.js'

type Short = Partial<Omit<TarEntry, 'path' | 'linkPath'>> & TarNames & { content?: string }

function entries(...list: Short[]): TarInput[] {
  return list.map(({ content = '', ...rest }) => ({
    entry: tarEntry({ size: content.length, ...rest }),
    body: Buffer.from(content),
  }))
}

describe('extractTar', () => {
  let scratch: Scratch
  let root: string
  beforeEach(() => {
    scratch = new Scratch()
    root = scratch.at('root')
  })
  afterEach(() => scratch.remove())

  const extract = async (list: TarInput[], options: ExtractOptions = {}): Promise<ExtractReport> =>
    extractTar(inChunks(await packed(list), 700), root, options)

  const refusal = async (list: TarInput[], options: ExtractOptions = {}): Promise<IsoError> => {
    try {
      await extract(list, options)
    } catch (error) {
      expect(error).to.be.instanceOf(IsoError)
      return error as IsoError
    }
    throw new Error('Extracted, though it should have been refused')
  }

  it('extractTar() keeps owners, modes, times, attributes, links, nodes and holes', async function () {
    requires(this, 'root')
    const capability = Buffer.from('0100000200200000000000000000000000000000', 'hex')
    const mtime = { sec: 1_600_000_000, nsec: 123_456_789 }
    const report = await extract(
      entries(
        { path: 'bin', type: 'directory', mode: 0o2711, gid: 5, mtime },
        { path: 'bin/su', mode: 0o4755, uid: 3, gid: 4_000_000_000, content: 'su', mtime },
        {
          path: 'bin/ping',
          mode: 0o555,
          uid: 7,
          mtime,
          xattrs: new Map([
            ['security.capability', capability],
            ['user.x', Buffer.from([0, 255])],
          ]),
        },
        { path: 'bin/in-group', content: 'x' },
        { path: 'bin/other', type: 'hardlink', linkPath: '/bin/su' },
        { path: 'soft', type: 'symlink', linkPath: '/etc/../../x', uid: 9, mtime },
        { path: 'dev/null', type: 'char', major: 1, minor: 3, mode: 0o666, mtime },
        { path: 'dev/loop', type: 'block', major: 7, minor: 300, mode: 0o660, gid: 6 },
        { path: 'fifo', type: 'fifo', mode: 0o622 },
        { path: Buffer.from([0x66, 0xff]), content: 'bytes' }
      )
    )
    expect(report).to.deep.include({ entries: 10, skippedDevices: 0, skippedXattrs: 0, whiteouts: 0 })
    const at = (name: string): ReturnType<typeof lstatSync> => lstatSync(`${root}/${name}`)
    expect(at('bin')).to.include({ mode: 0o42711, gid: 5 })
    expect(lstatSync(`${root}/bin`, { bigint: true }).mtimeNs).to.equal(1_600_000_000_123_456_789n)
    expect(lstatSync(`${root}/bin/su`, { bigint: true }).mtimeNs).to.equal(1_600_000_000_123_456_789n)
    expect(at('bin/su')).to.include({ mode: 0o104755, uid: 3, gid: 4_000_000_000, nlink: 2 })
    expect(at('bin/other')?.ino).to.equal(at('bin/su')?.ino)
    expect(at('bin/in-group')).to.include({ uid: 0, gid: 0, mode: 0o100644 })
    expect(getxattr(`${root}/bin/ping`, 'security.capability')).to.deep.equal(capability)
    expect(getxattr(`${root}/bin/ping`, 'user.x')).to.deep.equal(Buffer.from([0, 255]))
    expect(at('soft')).to.include({ uid: 9 })
    expect(lstatSync(`${root}/soft`, { bigint: true }).mtimeNs).to.equal(1_600_000_000_123_456_789n)
    expect(readlinkSync(`${root}/soft`)).to.equal('/etc/../../x')
    expect(at('dev/null')?.rdev).to.equal(statSync('/dev/null').rdev)
    expect(at('dev/null')?.mode).to.equal(0o20666)
    expect(at('dev/loop')?.isBlockDevice()).to.equal(true)
    expect(at('fifo')?.mode).to.equal(0o10622)
    expect(readdirSync(root, { encoding: 'buffer' }).some((name) => name.equals(Buffer.from([0x66, 0xff])))).to.equal(
      true
    )
  })

  it('extractTar() makes the tree GNU tar makes, of a real one', async function () {
    requires(this, 'root')
    this.timeout(60_000)
    const theirs = scratch.at('theirs')
    mkdirSync(theirs)
    const archive = runProgram([
      'tar',
      '--format=posix',
      '--xattrs',
      '--xattrs-include=*',
      '-cf',
      '-',
      '-C',
      '/',
      'etc',
      'usr/bin',
      'usr/sbin',
    ])
    runProgram(['tar', '--xattrs', '--xattrs-include=*', '--numeric-owner', '-xpf', '-'], {
      cwd: theirs,
      input: archive,
    })
    await extractTar(inChunks(archive, 1 << 18), root)
    const list = (cwd: string): string =>
      runProgram(['find', '.', '-mindepth', '2', '-printf', '%P %m %U %G %T@ %n %l %y %s\\n'], { cwd }).toString()
    const sorted = (text: string): string => text.split('\n').sort().join('\n')
    // Directories have the sizes the file system gives them.
    const comparable = (text: string): string => sorted(text).replace(/ d \d+$/gm, ' d')
    expect(comparable(list(root))).to.equal(comparable(list(theirs)))
    runProgram(['diff', '-r', '--no-dereference', root, theirs])
  })

  it('extractTar() lets later entries replace earlier ones, whatever they are', async () => {
    await extract(
      entries(
        { path: 'a', content: 'first' },
        { path: 'a', content: 'second' },
        { path: 'b/c/d', content: 'x' },
        { path: 'b', content: 'file' },
        { path: 'l', type: 'symlink', linkPath: 'a' },
        { path: 'l', type: 'directory' },
        { path: 'l/inside', content: 'y' },
        { path: 'k', type: 'directory', mode: 0o700 },
        { path: 'k/stays', content: 'z' },
        { path: 'k', type: 'directory', mode: 0o711 }
      )
    )
    expect(readFileSync(`${root}/a`, 'utf8')).to.equal('second')
    expect(readFileSync(`${root}/b`, 'utf8')).to.equal('file')
    expect(readFileSync(`${root}/l/inside`, 'utf8')).to.equal('y')
    expect(lstatSync(`${root}/l`).isDirectory()).to.equal(true)
    expect(existsSync(`${root}/k/stays`)).to.equal(true)
    expect(statSync(`${root}/k`).mode & 0o777).to.equal(0o711)
  })

  it('extractTar() goes on in deep trees, beyond the directories it holds open', async () => {
    const deep = Array.from({ length: 150 }, (_, index) => `d${index}`).join('/')
    const wide = Array.from({ length: 200 }, (_, index) => ({ path: `w${index}/file`, content: String(index) }))
    await extract(
      entries(
        { path: `${deep}/file`, content: 'deep' },
        ...wide,
        { path: `e/${deep}/link`, type: 'hardlink', linkPath: `${deep}/file` },
        { path: 'w0/again', content: 'x' }
      )
    )
    expect(readFileSync(`${root}/e/${deep}/link`, 'utf8')).to.equal('deep')
    expect(readFileSync(`${root}/w199/file`, 'utf8')).to.equal('199')
    const before = readdirSync('/proc/self/fd').length
    await extract(entries(...wide))
    expect(readdirSync('/proc/self/fd').length).to.equal(before)
  })

  describe('whiteouts', () => {
    it('extractTar() makes them for overlay, and opaque what takes the place of one', async function () {
      requires(this, 'root')
      const report = await extract(
        entries(
          { path: 'dir/.wh.gone' },
          { path: 'opaque/.wh..wh..opq' },
          { path: 'opaque/new', content: 'x' },
          { path: '.wh.reborn' },
          { path: 'reborn/', type: 'directory' },
          { path: 'early', type: 'directory' },
          { path: '.wh.early' },
          { path: '.wh.file' },
          { path: 'file', content: 'new' },
          { path: '.wh..wh.plnk/x' }
        ).filter(({ entry }) => entry.path.toString() !== '.wh..wh.plnk/x'),
        { whiteouts: 'overlay' }
      )
      expect(report.whiteouts).to.equal(5)
      expect(await isWhiteout(`${root}/dir/gone`)).to.equal(true)
      expect(readdirSync(`${root}/dir`)).to.deep.equal(['gone'])
      expect(await isOpaque(`${root}/opaque`)).to.equal(true)
      expect(await isOpaque(`${root}/reborn`)).to.equal(true)
      expect(await isOpaque(`${root}/early`)).to.equal(true)
      expect(readFileSync(`${root}/file`, 'utf8')).to.equal('new')
    })

    it('extractTar() applies them to what was there before, never to the same layer', async () => {
      await extract(
        entries(
          { path: 'a/old', content: '1' },
          { path: 'a/sub/old', content: '2' },
          { path: 'b/old', content: '3' },
          { path: 'c/keep', content: '4' }
        )
      )
      await extract(
        entries(
          { path: 'a/new', content: '5' },
          { path: 'a/sub/new', content: '6' },
          { path: 'a/.wh..wh..opq' },
          { path: '.wh.b' },
          { path: 'c/.wh.keep' },
          { path: 'c/keep', content: '7' },
          { path: '.wh.never' }
        ),
        { whiteouts: 'apply' }
      )
      expect(readdirSync(`${root}/a`).sort()).to.deep.equal(['new', 'sub'])
      expect(readdirSync(`${root}/a/sub`)).to.deep.equal(['new'])
      expect(readdirSync(root).sort()).to.deep.equal(['a', 'c'])
      expect(readFileSync(`${root}/c/keep`, 'utf8')).to.equal('7')
    })

    it('extractTar() refuses whiteouts of "." and "..", and of nothing', async () => {
      for (const path of ['.wh..', 'a/.wh...', '.wh.']) {
        writeFileSync(scratch.at('witness'), '')
        const list = entries({ path: 'a', type: 'directory' }, { path })
        expect((await refusal(list, { whiteouts: 'apply' })).code).to.equal('ISO_LAYER_ESCAPE')
        expect(existsSync(scratch.at('witness'))).to.equal(true)
      }
    })
  })

  describe('hostile archives', () => {
    it('extractTar() keeps names inside: "..", absolute, through links in the archive', async () => {
      mkdirSync(scratch.at('outside'))
      writeFileSync(scratch.at('outside/file'), 'mine')
      for (const path of ['../outside/file', 'a/../../outside/file', '..'])
        expect((await refusal(entries({ path, content: 'evil' }))).code).to.equal('ISO_LAYER_ESCAPE')
      await extract(entries({ path: '/absolute', content: 'x' }, { path: './a/../b//c/', type: 'directory' }))
      expect(readdirSync(root).sort()).to.deep.equal(['absolute', 'b'])
      // A link that leads out is taken as inside the root: there is no such directory there.
      for (const linkPath of [scratch.at('outside'), '../outside', '../../../../../..' + scratch.at('outside')]) {
        const list = entries({ path: 'link', type: 'symlink', linkPath }, { path: 'link/file', content: 'evil' })
        expect((await refusal(list)).code).to.equal('ISO_EXTRACT')
      }
      // Where the root has one, it goes there.
      await extract(entries({ path: 'in', type: 'symlink', linkPath: '/../b' }, { path: 'in/file', content: 'x' }))
      expect(readFileSync(`${root}/b/file`, 'utf8')).to.equal('x')
      expect(readFileSync(scratch.at('outside/file'), 'utf8')).to.equal('mine')
      expect(readdirSync(scratch.at('outside'))).to.deep.equal(['file'])
    })

    it('extractTar() writes no file through a link of its name, nor changes what it leads to', async () => {
      writeFileSync(scratch.at('victim'), 'mine', { mode: 0o600 })
      await extract(
        entries(
          { path: 'a', type: 'symlink', linkPath: scratch.at('victim') },
          { path: 'a', content: 'evil', mode: 0o777, mtime: { sec: 5, nsec: 0 } },
          { path: 'd', type: 'symlink', linkPath: scratch.path },
          { path: 'd', type: 'directory', mode: 0o777 }
        )
      )
      expect(readFileSync(scratch.at('victim'), 'utf8')).to.equal('mine')
      expect(statSync(scratch.at('victim')).mode & 0o777).to.equal(0o600)
      expect(lstatSync(`${root}/a`).isFile()).to.equal(true)
      expect(lstatSync(`${root}/d`).isDirectory()).to.equal(true)
    })

    it('extractTar() keeps the targets of hard links inside', async () => {
      writeFileSync(scratch.at('secret'), 'mine')
      for (const linkPath of ['../secret', scratch.at('secret'), 'out/secret']) {
        const list = entries(
          { path: 'out', type: 'symlink', linkPath: scratch.path },
          { path: 'stolen', type: 'hardlink', linkPath }
        )
        expect((await refusal(list)).code).to.be.oneOf(['ISO_LAYER_ESCAPE', 'ISO_EXTRACT'])
      }
      expect(statSync(scratch.at('secret')).nlink).to.equal(1)
      // A link to a link is a name of the link, and writing to it replaces it.
      await extract(
        entries(
          { path: 's', type: 'symlink', linkPath: scratch.at('secret') },
          { path: 'h', type: 'hardlink', linkPath: 's' },
          { path: 'h', content: 'evil' }
        )
      )
      expect(readFileSync(scratch.at('secret'), 'utf8')).to.equal('mine')
      expect((await refusal(entries({ path: 'x', type: 'hardlink', linkPath: 'x' }))).code).to.equal(
        'ISO_TAR_MALFORMED'
      )
    })

    it('extractTar() removes no link’s target when an entry takes its place', async () => {
      mkdirSync(scratch.at('outside/deep'), { recursive: true })
      mkdirSync(`${root}/dir`, { recursive: true })
      symlinkSync(scratch.at('outside'), `${root}/dir/link`)
      await extract(entries({ path: 'dir', content: 'file now' }))
      expect(existsSync(scratch.at('outside/deep'))).to.equal(true)
    })

    it('extractTar() never sets marks of overlay, and devices only by policy', async function () {
      const xattrs = new Map([
        ['trusted.overlay.redirect', Buffer.from('/etc')],
        ['user.overlay.opaque', Buffer.from('y')],
        ['trusted.overlay.metacopy', Buffer.from('')],
      ])
      const report = await extract(entries({ path: 'd', type: 'directory', xattrs }, { path: 'f', xattrs }))
      expect(report.skippedXattrs).to.equal(6)
      expect(() => getxattr(`${root}/d`, 'trusted.overlay.redirect')).to.throw(IsoError, 'ENODATA')
      const device = entries({ path: 'sda', type: 'block', major: 8 })
      expect((await extract(device, { devices: 'skip' })).skippedDevices).to.equal(1)
      expect(existsSync(`${root}/sda`)).to.equal(false)
      expect((await refusal(device, { devices: 'refuse' })).code).to.equal('ISO_LAYER_DEVICE')
      requires(this, 'root')
      await extract(entries({ path: 'su', mode: 0o6755 }, { path: 'sd', type: 'directory', mode: 0o3777 }), {
        setuid: false,
      })
      expect(statSync(`${root}/su`).mode & 0o7777).to.equal(0o755)
      expect(statSync(`${root}/sd`).mode & 0o7777).to.equal(0o1777)
    })

    it('extractTar() refuses more than the limits, before it is on the disk', async () => {
      const sparse = [{ offset: 0, length: 1 }]
      const huge = [{ entry: tarEntry({ path: 'huge', size: 2 ** 45, sparse }), body: Buffer.from('x') }]
      expect((await refusal(huge)).code).to.equal('ISO_LAYER_LIMIT')
      const many = entries(...Array.from({ length: 20 }, (_, index) => ({ path: String(index) })))
      expect((await refusal(many, { limits: { entries: 10 } })).message).to.include('more than 10 entries')
      expect((await refusal(entries({ path: 'x', content: 'longer' }), { limits: { bytes: 5 } })).code).to.equal(
        'ISO_LAYER_LIMIT'
      )
      try {
        await extract([], { limits: { ratio: 0 } })
        expect.fail('accepted')
      } catch (error) {
        expect(error).to.be.instanceOf(RangeError)
      }
    })

    it('extractTar() says which entry has a name too long, and which link no target', async () => {
      const long = await refusal(entries({ path: 'n'.repeat(300) }))
      expect(long).to.include({ code: 'ISO_EXTRACT', errnoName: 'ENAMETOOLONG' })
      expect((await refusal(entries({ path: `${'d/'.repeat(2500)}x` }))).errnoName).to.equal('ENAMETOOLONG')
      const dangling = await refusal(entries({ path: 'x', type: 'hardlink', linkPath: 'nowhere' }))
      expect(dangling).to.include({ code: 'ISO_EXTRACT', errnoName: 'ENOENT', path: 'x' })
      expect(dangling.message).to.include('nowhere')
      const below = await refusal(entries({ path: 'f', content: 'x' }, { path: 'f/g', content: 'y' }))
      expect(below.errnoName).to.equal('ENOTDIR')
    })

    it('extractTar() leaves everything outside alone, for random trees of links and names', async function () {
      this.timeout(60_000)
      const part = fc.constantFrom('a', 'b', 'c', '.', '..', '')
      const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/') || 'a')
      const target = fc.oneof(path, fc.constantFrom('/', '..', '../../outside', scratch.path))
      const entry = fc.record({
        path,
        type: fc.constantFrom<TarEntry['type']>('file', 'directory', 'symlink', 'hardlink'),
        linkPath: target,
      })
      const outside = new Scratch()
      try {
        mkdirSync(outside.at('outside'))
        writeFileSync(outside.at('outside/file'), 'mine')
        root = outside.at('root')
        await fc.assert(
          fc.asyncProperty(fc.array(entry, { maxLength: 12 }), async (list) => {
            const inputs = list.map(({ linkPath, ...rest }) => ({
              entry: tarEntry({ ...rest, ...(rest.type.endsWith('link') ? { linkPath } : {}) }),
            }))
            try {
              await extract(inputs, { whiteouts: 'apply' })
            } catch (error) {
              if (!(error instanceof IsoError)) throw error
            }
            expect(readdirSync(outside.path).sort()).to.deep.equal(['outside', 'root'])
            expect(readdirSync(outside.at('outside'))).to.deep.equal(['file'])
            expect(statSync(outside.at('outside/file')).nlink).to.equal(1)
          }),
          { numRuns: 300 }
        )
      } finally {
        outside.remove()
      }
    })
  })

  it('extractTar() works for an ordinary user: its own files, closed directories, whiteouts, no devices', async function () {
    requires(this, 'root', 'ordinaryUser')
    const archive = await packed(
      entries(
        { path: 'closed', type: 'directory', mode: 0o555, uid: 5, mtime: { sec: 77, nsec: 5 } },
        {
          path: 'closed/file',
          mode: 0o400,
          uid: 5,
          content: 'x',
          xattrs: new Map([
            ['user.x', Buffer.from('y')],
            ['trusted.t', Buffer.from('z')],
          ]),
        },
        { path: 'dev/null', type: 'char', major: 1, minor: 3 },
        { path: 'dir/.wh.gone' },
        { path: 'opaque/.wh..wh..opq' }
      )
    )
    spawnSync('chmod', ['777', scratch.path])
    writeFileSync(scratch.at('archive.tar'), archive)
    const script = `import { extractTar } from ${JSON.stringify(new URL('./extract.js', import.meta.url).href)}
      import { createReadStream } from 'node:fs'
      const report = await extractTar(createReadStream('archive.tar'), 'mine', { whiteouts: 'overlay' })
      console.log(JSON.stringify(report))`
    const done = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: scratch.path,
      uid: 65534,
      gid: 65534,
      encoding: 'utf8',
    })
    expect(done.stderr).to.equal('')
    expect(JSON.parse(done.stdout)).to.include({ entries: 5, skippedDevices: 1, skippedXattrs: 1, whiteouts: 2 })
    const mine = scratch.at('mine')
    expect(statSync(`${mine}/closed`)).to.include({ uid: 65534, mode: 0o40555 })
    expect(statSync(`${mine}/closed`, { bigint: true }).mtimeNs).to.equal(77_000_000_005n)
    expect(statSync(`${mine}/closed/file`)).to.include({ uid: 65534, mode: 0o100400 })
    expect(getxattr(`${mine}/closed/file`, 'user.x').toString()).to.equal('y')
    expect(await isWhiteout(`${mine}/dir/gone`)).to.equal(true)
    expect(await isOpaque(`${mine}/opaque`, { userxattr: true })).to.equal(true)
  })
})
