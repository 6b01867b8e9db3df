import { requires } from '@iso/testing'
import { expect } from 'chai'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { IsoError } from '../iso-error.js'
import { mknod } from './mknod.js'

describe('mknod', () => {
  let folder: string
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'iso-mknod-'))))
  afterEach(() => rmSync(folder, { recursive: true }))

  it('mknod() makes a device with its numbers', function () {
    requires(this, { capability: 'CAP_MKNOD' })
    mknod(join(folder, 'null'), { type: 'char', mode: 0o600, major: 1, minor: 3 })
    const made = statSync(join(folder, 'null'))
    expect(made.isCharacterDevice()).to.equal(true)
    expect(made.rdev).to.equal(statSync('/dev/null').rdev)
    expect(made.mode & 0o777).to.equal(0o600)
  })

  it('mknod() makes a large minor number and a whiteout', function () {
    requires(this, { capability: 'CAP_MKNOD' })
    mknod(join(folder, 'large'), { type: 'block', major: 259, minor: 0xfffff })
    expect(statSync(join(folder, 'large')).isBlockDevice()).to.equal(true)
    mknod(join(folder, 'whiteout'), { type: 'char' })
    expect(statSync(join(folder, 'whiteout')).rdev).to.equal(0)
  })

  it('mknod() makes a FIFO and a socket', () => {
    mknod(join(folder, 'fifo'), { type: 'fifo' })
    mknod(join(folder, 'socket'), { type: 'socket' })
    expect(statSync(join(folder, 'fifo')).isFIFO()).to.equal(true)
    expect(statSync(join(folder, 'socket')).isSocket()).to.equal(true)
  })

  it('mknod() says EEXIST, and refuses unknown types and numbers', () => {
    mknod(join(folder, 'fifo'), { type: 'fifo' })
    expect(() => mknod(join(folder, 'fifo'), { type: 'fifo' }))
      .to.throw(IsoError)
      .that.includes({ errnoName: 'EEXIST', path: join(folder, 'fifo') })
    expect(() => mknod(folder, { type: 'door' as 'fifo' })).to.throw(TypeError, 'door')
    expect(() => mknod(folder, { type: 'char', major: 4096 })).to.throw(RangeError, '4096')
  })
})
