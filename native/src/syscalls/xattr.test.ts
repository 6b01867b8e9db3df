import { requires } from '@iso/testing'
import { expect } from 'chai'
import { closeSync, mkdtempSync, openSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { IsoError } from '../iso-error.js'
import { closeFd, openat2 } from './open.js'
import {
  fgetxattr,
  flistxattr,
  fremovexattr,
  fsetxattr,
  getxattr,
  lgetxattr,
  listxattr,
  llistxattr,
  lremovexattr,
  lsetxattr,
  removexattr,
  setxattr,
} from './xattr.js'

const NAME = 'trusted.iso.test'

describe('xattr', () => {
  let folder: string, file: string, link: string
  before(function () {
    requires(this, { capability: 'CAP_SYS_ADMIN' })
  })
  beforeEach(() => {
    folder = mkdtempSync('/var/tmp/iso-xattr-')
    file = join(folder, 'file')
    link = join(folder, 'link')
    writeFileSync(file, '')
    symlinkSync('file', link)
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('setxattr() keeps every byte of a value, NUL and 255 included', () => {
    const value = Buffer.from(Array.from({ length: 256 }, (_, i) => i))
    setxattr(file, NAME, value)
    expect(getxattr(file, NAME).equals(value)).to.equal(true)
    setxattr(file, NAME, '')
    expect(getxattr(file, NAME)).to.have.length(0)
  })

  it('getxattr() reads values longer than its first buffer', () => {
    const value = Buffer.alloc(2000, 'v')
    setxattr(file, NAME, value)
    expect(getxattr(file, NAME).equals(value)).to.equal(true)
  })

  it('getxattr() follows a link, lgetxattr() does not', () => {
    setxattr(link, NAME, 'on the file')
    lsetxattr(link, NAME, 'on the link')
    expect(getxattr(file, NAME).toString()).to.equal('on the file')
    expect(lgetxattr(link, NAME).toString()).to.equal('on the link')
    expect(llistxattr(link)).to.include(NAME)
    lremovexattr(link, NAME)
    expect(llistxattr(link)).to.not.include(NAME)
    expect(getxattr(link, NAME).toString()).to.equal('on the file')
  })

  it('listxattr() lists names, none as none', () => {
    expect(listxattr(file).filter((name) => name.startsWith('trusted.'))).to.deep.equal([])
    setxattr(file, NAME, '1')
    setxattr(file, `${NAME}2`, '2')
    expect(listxattr(file)).to.include.members([NAME, `${NAME}2`])
  })

  it('removexattr() removes, and says ENODATA the second time', () => {
    setxattr(file, NAME, '1')
    removexattr(file, NAME)
    expect(() => removexattr(file, NAME))
      .to.throw(IsoError)
      .that.includes({ errnoName: 'ENODATA', path: file })
    expect(() => getxattr(file, NAME))
      .to.throw(IsoError)
      .that.includes({ errnoName: 'ENODATA', syscall: 'getxattr' })
  })

  it("setxattr() keeps to its mode 'create' or 'replace'", () => {
    expect(() => setxattr(file, NAME, '1', 'replace'))
      .to.throw(IsoError)
      .that.includes({ errnoName: 'ENODATA' })
    setxattr(file, NAME, '1', 'create')
    expect(() => setxattr(file, NAME, '2', 'create'))
      .to.throw(IsoError)
      .that.includes({ errnoName: 'EEXIST' })
    setxattr(file, NAME, '2', 'replace')
    expect(getxattr(file, NAME).toString()).to.equal('2')
  })

  it('fgetxattr() and its kin work on open files', () => {
    const fd = openSync(file, 'r')
    fsetxattr(fd, NAME, 'f')
    expect(fgetxattr(fd, NAME).toString()).to.equal('f')
    expect(flistxattr(fd)).to.include(NAME)
    fremovexattr(fd, NAME)
    expect(() => fgetxattr(fd, NAME))
      .to.throw(IsoError)
      .that.includes({ errnoName: 'ENODATA' })
    closeSync(fd)
  })

  it('getxattr() works through /proc/self/fd on an O_PATH descriptor, where fgetxattr() says EBADF', () => {
    setxattr(file, NAME, 'p')
    const fd = openat2(null, file, { flags: ['path'] })
    expect(getxattr(`/proc/self/fd/${fd}`, NAME).toString()).to.equal('p')
    expect(() => fgetxattr(fd, NAME))
      .to.throw(IsoError)
      .that.includes({ errnoName: 'EBADF' })
    closeFd(fd)
  })

  it('setxattr() takes paths of bytes that are no UTF-8', () => {
    const path = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xe9])])
    writeFileSync(path, '')
    setxattr(path, NAME, 'x')
    expect(getxattr(path, NAME).toString()).to.equal('x')
  })

  it('setxattr() refuses bad names and modes as programming mistakes', () => {
    expect(() => getxattr(file, '')).to.throw(TypeError, '1 to 255 bytes')
    expect(() => getxattr(file, 'user.a\0b')).to.throw(TypeError)
    expect(() => setxattr(file, NAME, 'x', 'maybe' as 'any')).to.throw(TypeError, 'maybe')
    expect(() => setxattr(`${file}\0`, NAME, 'x')).to.throw(TypeError, 'NUL')
  })
})
