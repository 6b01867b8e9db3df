import { expect } from 'chai'
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { IsoError } from '../iso-error.js'
import { flock } from './flock.js'

describe('flock', () => {
  let folder: string, one: number, two: number
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'iso-flock-'))
    one = openSync(join(folder, 'lock'), 'w')
    two = openSync(join(folder, 'lock'), 'r')
  })
  afterEach(() => {
    closeSync(one)
    closeSync(two)
    rmSync(folder, { recursive: true })
  })

  it('flock() gives false at once while another one holds an exclusive lock', () => {
    expect(flock(one, 'exclusive')).to.equal(true)
    expect(flock(two, 'exclusive')).to.equal(false)
    expect(flock(two, 'shared')).to.equal(false)
    expect(flock(one, 'unlock')).to.equal(true)
    expect(flock(two, 'exclusive')).to.equal(true)
  })

  it('flock() lets several share', () => {
    expect(flock(one, 'shared')).to.equal(true)
    expect(flock(two, 'shared')).to.equal(true)
    expect(flock(one, 'exclusive')).to.equal(false)
  })

  it('flock() says EBADF for a descriptor that is not open, and refuses unknown operations', () => {
    expect(() => flock(99999, 'shared'))
      .to.throw(IsoError)
      .that.includes({ errnoName: 'EBADF' })
    expect(() => flock(one, 'both' as 'shared')).to.throw(TypeError, 'both')
  })
})
