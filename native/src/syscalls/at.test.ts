import { expect } from 'chai'
import {
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  closeSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { requires } from '@iso/testing'

import { IsoError } from '../iso-error.js'
import {
  fchmodat,
  fchownat,
  linkat,
  mkdirat,
  mknodat,
  readNames,
  renameat,
  symlinkat,
  syncfs,
  unlinkat,
  utimensat,
} from './at.js'
import { closeFd, openat2 } from './open.js'

describe('at', () => {
  let folder: string
  let fd: number
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'iso-at-'))
    fd = openat2(null, folder, { flags: ['path', 'directory'] })
  })
  afterEach(() => {
    closeFd(fd)
    rmSync(folder, { recursive: true })
  })

  it('mkdirat() makes a directory in the open one, though its path leads elsewhere now', () => {
    mkdirat(fd, 'one', 0o711)
    expect(statSync(join(folder, 'one')).mode & 0o7777).to.equal(0o711)
    const inner = openat2(fd, 'one', { flags: ['path', 'directory'] })
    renameat(fd, 'one', fd, 'moved')
    mkdirat(inner, Buffer.from([0xff, 0x41]))
    closeFd(inner)
    const listing = openSync(join(folder, 'moved'), 'r')
    expect(readNames(listing)).to.deep.equal([Buffer.from([0xff, 0x41])])
    closeSync(listing)
    expect(() => mkdirat(fd, 'moved'))
      .to.throw(IsoError)
      .that.includes({ errnoName: 'EEXIST', syscall: 'mkdirat' })
  })

  it('symlinkat() and linkat() make links without following one', () => {
    symlinkat('/etc/passwd', fd, 'soft')
    expect(readlinkSync(join(folder, 'soft'))).to.equal('/etc/passwd')
    linkat(fd, 'soft', fd, 'hard')
    expect(lstatSync(join(folder, 'hard')).isSymbolicLink()).to.equal(true)
    expect(lstatSync(join(folder, 'hard')).ino).to.equal(lstatSync(join(folder, 'soft')).ino)
    expect(() => linkat(fd, '.', fd, 'directory'))
      .to.throw(IsoError)
      .that.includes({ errnoName: 'EPERM' })
  })

  it('mknodat() makes nodes, and refuses unknown types', function () {
    mknodat(fd, 'pipe', { type: 'fifo', mode: 0o640 })
    expect(statSync(join(folder, 'pipe')).isFIFO()).to.equal(true)
    expect(() => mknodat(fd, 'door', { type: 'door' as 'fifo' })).to.throw(TypeError, 'door')
    requires(this, { capability: 'CAP_MKNOD' })
    mknodat(fd, 'null', { type: 'char', major: 1, minor: 3 })
    expect(statSync(join(folder, 'null')).rdev).to.equal(statSync('/dev/null').rdev)
  })

  it('unlinkat() removes files and directories, each its own way', () => {
    writeFileSync(join(folder, 'file'), '')
    mkdirSync(join(folder, 'directory'))
    expect(() => unlinkat(fd, 'directory'))
      .to.throw(IsoError)
      .that.includes({ errnoName: 'EISDIR' })
    expect(() => unlinkat(fd, 'file', { directory: true }))
      .to.throw(IsoError)
      .that.includes({ errnoName: 'ENOTDIR' })
    unlinkat(fd, 'file')
    unlinkat(fd, 'directory', { directory: true })
    const listing = openSync(folder, 'r')
    expect(readNames(listing)).to.deep.equal([])
    closeSync(listing)
  })

  it('fchownat() and fchmodat() change owner and mode, of a link its own', function () {
    requires(this, { capability: 'CAP_CHOWN' })
    writeFileSync(join(folder, 'file'), '')
    symlinkSync('file', join(folder, 'link'))
    fchownat(fd, 'link', 7, 4_000_000_000)
    expect(lstatSync(join(folder, 'link'))).to.include({ uid: 7, gid: 4_000_000_000 })
    expect(statSync(join(folder, 'file')).uid).to.equal(process.geteuid?.())
    fchmodat(fd, 'file', 0o4711)
    expect(statSync(join(folder, 'file')).mode & 0o7777).to.equal(0o4711)
    expect(() => fchownat(fd, 'file', 0xffffffff, 0)).to.throw(RangeError, '4294967295')
  })

  it('utimensat() sets nanoseconds of a name, a link and an open file, before 1970, too', () => {
    writeFileSync(join(folder, 'file'), '')
    symlinkSync('nowhere', join(folder, 'link'))
    utimensat(fd, 'file', { sec: 1, nsec: 2 }, { sec: 1_700_000_000, nsec: 123_456_789 })
    expect(statSync(join(folder, 'file'), { bigint: true }).mtimeNs).to.equal(1_700_000_000_123_456_789n)
    expect(statSync(join(folder, 'file'), { bigint: true }).atimeNs).to.equal(1_000_000_002n)
    utimensat(fd, 'link', { sec: 0, nsec: 0 }, { sec: -2, nsec: 999_999_999 })
    expect(lstatSync(join(folder, 'link'), { bigint: true }).mtimeNs).to.equal(-1_000_000_001n)
    const file = openSync(join(folder, 'file'), 'r')
    utimensat(file, null, { sec: 5, nsec: 0 }, { sec: 6, nsec: 7 })
    closeSync(file)
    expect(statSync(join(folder, 'file'), { bigint: true }).mtimeNs).to.equal(6_000_000_007n)
    expect(() => utimensat(fd, 'file', { sec: 0, nsec: 1e9 }, { sec: 0, nsec: 0 })).to.throw(RangeError)
  })

  it('readNames() reads thousands of names, and syncfs() writes them', () => {
    for (let at = 0; at < 3000; at++) linkOrWrite(join(folder, `a-rather-long-name-of-a-file-${at}`), folder)
    const listing = openSync(folder, 'r')
    const names = readNames(listing)
    syncfs(listing)
    closeSync(listing)
    expect(new Set(names.map(String)).size).to.equal(3000)
    expect(names).to.have.length(3000)
    expect(readFileSync(join(folder, 'a-rather-long-name-of-a-file-2999'), 'utf8')).to.equal('')
  })
})

function linkOrWrite(path: string, folder: string): void {
  const first = join(folder, 'a-rather-long-name-of-a-file-0')
  if (path === first) writeFileSync(path, '')
  else linkSync(first, path)
}
