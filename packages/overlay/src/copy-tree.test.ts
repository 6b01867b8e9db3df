import { expect } from 'chai'
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  closeSync,
  ftruncateSync,
  lchownSync,
  linkSync,
  lstatSync,
  openSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeSync,
} from 'node:fs'
import { readdir, writeFile } from 'node:fs/promises'

import { getxattr, lgetxattr, lsetxattr, mknod, setxattr } from '@iso/native'
import { requires } from '@iso/testing'

import { copyLayers, copyTree } from './copy-tree.js'
import { makeOpaque } from './opaque.js'
import { inOverlay, Scratch } from './scratch.test.support.js'
import { makeWhiteout } from './whiteout.js'

describe('copyTree()', () => {
  let scratch: Scratch
  let source: string

  before(function () {
    requires(this, 'root')
    scratch = new Scratch()
    source = scratch.tree('source', { 'd/file': 'content', 'd/e/deep': 'x', plain: 'y' })
  })
  after(() => scratch?.remove())

  const copied = async (): Promise<string> => {
    const destination = `${scratch.path}/copy-${Math.random()}`
    await copyTree(source, destination)
    return destination
  }

  it('copyTree() copies content, owner, mode and times', async () => {
    chmodSync(`${source}/d/file`, 0o4711)
    chownSync(`${source}/d/e`, 1234, 4321)
    chmodSync(`${source}/d/e`, 0o1777)
    utimesSync(`${source}/d/e`, 1e9, 1e9 + 0.5)
    const copy = await copied()
    expect(readFileSync(`${copy}/d/file`, 'utf8')).to.equal('content')
    expect(statSync(`${copy}/d/file`).mode & 0o7777).to.equal(0o4711)
    const directory = statSync(`${copy}/d/e`)
    expect([directory.uid, directory.gid, directory.mode & 0o7777, directory.mtimeMs]).to.deep.equal([
      1234,
      4321,
      0o1777,
      1e12 + 500,
    ])
  })

  it('copyTree() keeps names of one file together', async () => {
    linkSync(`${source}/plain`, `${source}/d/second`)
    const copy = await copied()
    expect(lstatSync(`${copy}/d/second`).ino).to.equal(lstatSync(`${copy}/plain`).ino)
    expect(lstatSync(`${copy}/plain`).nlink).to.equal(2)
  })

  it('copyTree() copies links as links, dangling ones with their owner, too', async () => {
    symlinkSync('/no/such/place', `${source}/link`)
    lchownSync(`${source}/link`, 77, 88)
    const copy = await copied()
    const link = lstatSync(`${copy}/link`)
    expect([link.isSymbolicLink(), link.uid, link.gid]).to.deep.equal([true, 77, 88])
  })

  it('copyTree() keeps holes', async () => {
    const fd = openSync(`${source}/sparse`, 'w')
    writeSync(fd, 'start', 0)
    writeSync(fd, 'end', 9_000_000)
    ftruncateSync(fd, 20_000_000)
    closeSync(fd)
    const copy = await copied()
    expect(readFileSync(`${copy}/sparse`).equals(readFileSync(`${source}/sparse`))).to.equal(true)
    expect(statSync(`${copy}/sparse`).blocks).to.be.below(100)
  })

  it('copyTree() makes device nodes, FIFOs and sockets', async () => {
    mknod(`${source}/null`, { type: 'char', mode: 0o666, major: 1, minor: 3 })
    mknod(`${source}/disk`, { type: 'block', mode: 0o600, major: 259, minor: 70000 })
    mknod(`${source}/fifo`, { type: 'fifo', mode: 0o600 })
    mknod(`${source}/socket`, { type: 'socket', mode: 0o600 })
    const copy = await copied()
    for (const name of ['null', 'disk', 'fifo', 'socket']) {
      const [before, after] = [lstatSync(`${source}/${name}`), lstatSync(`${copy}/${name}`)]
      expect([after.mode, after.rdev], name).to.deep.equal([before.mode, before.rdev])
    }
  })

  it('copyTree() copies extended attributes with any bytes, file capabilities and those of links', async () => {
    setxattr(`${source}/d/file`, 'user.bytes', Buffer.from([0, 255, 10]))
    setxattr(`${source}/d`, 'trusted.note', 'directory')
    lsetxattr(`${source}/link`, 'trusted.note', 'link')
    setxattr(`${source}/plain`, 'security.capability', Buffer.from('0100000200200000000000000000000000000000', 'hex'))
    const copy = await copied()
    expect(getxattr(`${copy}/d/file`, 'user.bytes')).to.deep.equal(Buffer.from([0, 255, 10]))
    expect(getxattr(`${copy}/d`, 'trusted.note').toString()).to.equal('directory')
    expect(lgetxattr(`${copy}/link`, 'trusted.note').toString()).to.equal('link')
    expect(getxattr(`${copy}/plain`, 'security.capability')).to.deep.equal(
      getxattr(`${source}/plain`, 'security.capability')
    )
  })

  it('copyTree() keeps names that are not UTF-8', async () => {
    await writeFile(Buffer.concat([Buffer.from(`${source}/`), Buffer.from([0xff, 0x41])]), 'bytes')
    const copy = await copied()
    expect(
      (await readdir(copy, { encoding: 'buffer' })).some((name) => name.equals(Buffer.from([0xff, 0x41])))
    ).to.equal(true)
  })

  it('copyTree() says what it did, and agrees with tar', async () => {
    const destination = `${scratch.path}/whole`
    const report = await copyTree(source, destination)
    expect(report.entries).to.equal(
      Number(execFileSync('sh', ['-c', 'find "$1" | wc -l', 'sh', source], { encoding: 'utf8' }))
    )
    const digest = (path: string): string =>
      execFileSync(
        'sh',
        [
          '-c',
          'tar -C "$1" --pax-option=exthdr.name=%d/%f,exthdr.mtime=0,delete=mtime,delete=atime,delete=ctime --sort=name --xattrs --xattrs-include="*" --exclude=./socket -cf - . | sha256sum',
          'sh',
          path,
        ],
        { encoding: 'utf8' }
      )
    expect(digest(destination)).to.equal(digest(source))
  })

  it('copyTree() stops between entries when it is told to', async () => {
    const outcome = await copyTree(source, `${scratch.path}/stopped`, {
      signal: AbortSignal.abort(new Error('enough')),
    }).then(() => 'done', String)
    expect(outcome).to.equal('Error: enough')
  })

  it('copyTree() refuses to write over an entry', async () => {
    const destination = scratch.tree('taken', { plain: 'mine' })
    const outcome = await copyTree(source, destination).then(() => 'done', String)
    expect(outcome).to.include('EEXIST')
    expect(readFileSync(`${destination}/plain`, 'utf8')).to.equal('mine')
  })

  it('copyLayers() makes what the kernel would show', async function () {
    requires(this, 'overlay')
    const bottom = scratch.tree('layers/bottom', {
      'd/one': '1',
      'd/two': '2',
      gone: '3',
      'o/hidden': '4',
      'a/b/file': '5',
      'f/in': '6',
    })
    const middle = scratch.tree('layers/middle')
    const script = 'rm gone; echo new > d/two; mv a/b a/c; rm -r f; echo file > f; rm -r o; mkdir o; touch o/seen'
    inOverlay({ lower: [bottom], upper: middle, work: scratch.tree('layers/w1'), options: 'redirect_dir=on', script })
    const top = scratch.tree('layers/top', { 'd/three': '7' })
    await makeWhiteout(`${top}/d/one`)
    await makeOpaque(`${scratch.tree('layers/top/a/c')}`)
    const lower = [top, middle, bottom]
    const list = 'find . -printf "%P %y %s %m %U:%G\\n" | grep -v "^ \\| d " | sort; find . -type d | sort; cat d/two f'
    const kernel = inOverlay({
      lower,
      upper: scratch.tree('layers/upper'),
      work: scratch.tree('layers/w2'),
      script: list,
    })
    await copyLayers(lower, `${scratch.path}/layers/copy`)
    expect(
      execFileSync('sh', ['-c', `cd "$1"; ${list}`, 'sh', `${scratch.path}/layers/copy`], { encoding: 'utf8' })
    ).to.equal(kernel)
    expect(() => getxattr(`${scratch.path}/layers/copy/o`, 'trusted.overlay.opaque')).to.throw('ENODATA')
  })
})
