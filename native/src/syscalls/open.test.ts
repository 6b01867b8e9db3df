import { expect } from 'chai'
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
  readSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { IsoError } from '../iso-error.js'
import { closeFd, closeOnExecRange, dupFd, openat2, pipe2 } from './open.js'

describe('open', () => {
  let root: string
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'iso-open-'))
    mkdirSync(join(root, 'etc'))
    writeFileSync(join(root, 'etc/name'), 'inside')
    symlinkSync('/etc/name', join(root, 'link'))
    symlinkSync('../../../../etc', join(root, 'climb'))
  })
  afterEach(() => rmSync(root, { recursive: true }))

  it('openat2() with inRoot resolves absolute links and .. beneath the directory', () => {
    const directory = openat2(null, root, { flags: ['path', 'directory'] })
    for (const path of ['link', 'climb/name', '/../../etc/name']) {
      const fd = openat2(directory, path, { resolve: ['inRoot'] })
      expect(readFileSync(fd, 'utf8'), path).to.equal('inside')
      closeFd(fd)
    }
    closeFd(directory)
  })

  it('openat2() with beneath says EXDEV where a path leaves the directory', () => {
    const directory = openat2(null, root, { flags: ['path', 'directory'] })
    expect(() => openat2(directory, 'climb', { resolve: ['beneath'] }))
      .to.throw(IsoError, 'Cannot openat2 "climb": EXDEV')
      .that.includes({ path: 'climb' })
    closeFd(directory)
  })

  it('openat2() takes a path of bytes that are no UTF-8', () => {
    const path = Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff, 0xfe])])
    const fd = openat2(null, path, { flags: ['writeOnly', 'create', 'exclusive'], mode: 0o640 })
    closeFd(fd)
    expect(readFileSync(path)).to.have.length(0)
  })

  it('openat2() opens close-on-exec', () => {
    const fd = openat2(null, root, { flags: ['path'] })
    expect(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8')).to.match(/flags:\s+012/)
    closeFd(fd)
  })

  it('openat2() refuses bad arguments as programming mistakes', () => {
    expect(() => openat2(null, 'a\0b')).to.throw(TypeError, 'holds a NUL')
    expect(() => openat2(null, 7 as unknown as string)).to.throw(TypeError, '7 is neither a string nor bytes')
    expect(() => openat2(-1, 'x')).to.throw(RangeError, '-1')
    expect(() => openat2(null, 'x', { flags: ['nope' as 'path'] })).to.throw(TypeError, "'nope' is unknown")
  })

  it('openat2() says ENAMETOOLONG for a path of more than 4095 bytes', () => {
    expect(() => openat2(null, 'x'.repeat(4096)))
      .to.throw(IsoError)
      .that.includes({ errnoName: 'ENAMETOOLONG' })
  })

  it('openat2() gets through while directories are being renamed', () => {
    const directory = openat2(null, root, { flags: ['path', 'directory'] })
    for (let i = 0; i < 2000; i++) closeFd(openat2(directory, 'climb/../link', { resolve: ['inRoot'] }))
    closeFd(directory)
  })

  it('closeFd() says EBADF for a descriptor that is not open', () => {
    const fd = openat2(null, root, { flags: ['path'] })
    closeFd(fd)
    expect(() => closeFd(fd))
      .to.throw(IsoError)
      .that.includes({ errnoName: 'EBADF', syscall: 'close' })
  })

  it('pipe2() has the capacity that was asked for', () => {
    const { readFd, writeFd } = pipe2({ nonblock: true, sizeBytes: 200_000 })
    try {
      // Rounded up to a power of two; the default is 65536.
      expect(writeSync(writeFd, Buffer.alloc(300_000))).to.equal(262_144)
      expect(() => pipe2({ sizeBytes: -1 })).to.throw(RangeError, 'sizeBytes is -1; wanted a whole number')
    } finally {
      closeFd(readFd)
      closeFd(writeFd)
    }
  })

  it('pipe2() gives both ends, blocking unless asked', () => {
    const { readFd, writeFd } = pipe2()
    writeSync(writeFd, 'through')
    const buffer = Buffer.alloc(16)
    expect(buffer.toString('utf8', 0, readSync(readFd, buffer))).to.equal('through')
    closeFd(readFd)
    closeFd(writeFd)
    const quick = pipe2({ nonblock: true })
    expect(() => readSync(quick.readFd, buffer)).to.throw('EAGAIN')
    closeFd(quick.readFd)
    closeFd(quick.writeFd)
  })

  it('dupFd() makes a second number for the same file', () => {
    const fd = openat2(null, root, { flags: ['path'] })
    const copy = dupFd(fd)
    expect(copy).to.not.equal(fd)
    expect(readlinkSync(`/proc/self/fd/${copy}`)).to.equal(root)
    closeFd(copy)
    closeFd(fd)
  })

  it('closeOnExecRange() sets the flag on descriptors that lack it', () => {
    const { readFd, writeFd } = pipe2()
    closeOnExecRange(Math.min(readFd, writeFd), Math.max(readFd, writeFd))
    expect(readFileSync(`/proc/self/fdinfo/${readFd}`, 'utf8')).to.match(/flags:\s+02/)
    closeFd(readFd)
    closeFd(writeFd)
    expect(() => closeOnExecRange(5, 4)).to.throw(RangeError)
  })
})
