import { expect } from 'chai'
import { execFileSync } from 'node:child_process'
import { closeSync, ftruncateSync, readFileSync, writeSync } from 'node:fs'
import { IsoError } from '../iso-error.js'
import { addSeals, getSeals, memfdCreate } from './memfd.js'

describe('memfd', () => {
  it('memfdCreate() holds the bytes and lets nobody change them', () => {
    const content = Buffer.alloc(300_000, 'content')
    const fd = memfdCreate('test', content)
    expect(readFileSync(`/proc/self/fd/${fd}`).equals(content)).to.equal(true)
    expect(getSeals(fd)).to.include.members(['seal', 'shrink', 'grow', 'write'])
    expect(() => writeSync(fd, 'x', 0)).to.throw('EPERM')
    expect(() => ftruncateSync(fd, 0)).to.throw('EPERM')
    expect(() => addSeals(fd, ['futureWrite']))
      .to.throw(IsoError)
      .that.includes({ errnoName: 'EPERM' })
    closeSync(fd)
  })

  it('memfdCreate() with executable makes a file that runs, without a file that does not', function () {
    const program = readFileSync('/bin/true')
    const run = (fd: number): Buffer => execFileSync(`/proc/${process.pid}/fd/${fd}`, { stdio: 'ignore' })
    const runs = memfdCreate('true', program, { executable: true })
    run(runs)
    closeSync(runs)
    const plain = memfdCreate('true', program)
    expect(() => run(plain)).to.throw('EACCES')
    closeSync(plain)
  })

  it('memfdCreate() without seals can be written and sealed later', () => {
    const fd = memfdCreate('test', Buffer.from('a'), { seal: false })
    writeSync(fd, 'b', 1)
    addSeals(fd, ['write'])
    expect(() => writeSync(fd, 'c', 0)).to.throw('EPERM')
    closeSync(fd)
  })

  it('memfdCreate() refuses a name that is too long', () => {
    expect(() => memfdCreate('n'.repeat(250), Buffer.alloc(0))).to.throw(TypeError, '249 bytes')
  })

  it('getSeals() says EINVAL for what is no memfd', () => {
    expect(() => getSeals(0))
      .to.throw(IsoError)
      .that.includes({ errnoName: 'EINVAL' })
  })
})
