import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import { IsoError } from '../iso-error.js'
import { capget, prctl } from './capability.js'

describe('capability', () => {
  const status = (field: string): bigint =>
    BigInt(`0x${new RegExp(`^${field}:\\s*([0-9a-f]+)$`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))![1]}`)

  it('capget() reads what /proc/self/status shows', () => {
    const expected = { effective: status('CapEff'), permitted: status('CapPrm'), inheritable: status('CapInh') }
    expect(capget()).to.deep.equal(expected)
    expect(capget(process.pid)).to.deep.equal(expected)
  })

  it('capget() says ESRCH when there is no such process', () => {
    expect(() => capget(0x7fffffff))
      .to.throw(IsoError)
      .that.includes({ errnoName: 'ESRCH', syscall: 'capget' })
  })

  it('prctl() reads the bounding set, bit by bit', () => {
    const bounding = status('CapBnd')
    for (let bit = 0; bit <= 40; bit++)
      expect(prctl('boundingCapability', bit), `${bit}`).to.equal(Number((bounding >> BigInt(bit)) & 1n))
    expect(() => prctl('boundingCapability', 63))
      .to.throw(IsoError)
      .that.includes({ errnoName: 'EINVAL' })
  })

  it('prctl() reads the attributes of the thread', () => {
    expect(prctl('noNewPrivs')).to.equal(Number(status('NoNewPrivs')))
    expect(prctl('seccomp')).to.equal(Number(status('Seccomp')))
    expect(prctl('ambientCapability', 0)).to.equal(Number(status('CapAmb') & 1n))
    expect(prctl('timerSlackNs')).to.be.greaterThan(0)
  })

  it('prctl() refuses an unknown attribute and a missing capability', () => {
    expect(() => prctl('setDumpable' as 'dumpable')).to.throw(TypeError, 'setDumpable')
    expect(() => prctl('boundingCapability')).to.throw(RangeError, 'NaN')
  })
})
