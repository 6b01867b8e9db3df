import { expect } from 'chai'

import { blkioWeightToIoWeight, ioWeightToBlkioWeight, sharesToWeight, weightToShares } from './weight.js'

describe('weight', () => {
  it('sharesToWeight() maps smallest, default and largest onto each other', () => {
    expect([0, 1, 2, 1024, 262_144, 300_000].map(sharesToWeight)).to.deep.equal([1, 1, 1, 100, 10_000, 10_000])
  })

  it('sharesToWeight() never falls', () => {
    for (let shares = 3, last = 1; shares < 262_144; shares += 7) {
      const weight = sharesToWeight(shares)
      expect(weight).to.be.within(last, 10_000)
      last = weight
    }
  })

  it('weightToShares() is the inverse: every weight comes back', () => {
    for (let weight = 1; weight <= 10_000; weight++)
      expect(sharesToWeight(weightToShares(weight)), `${weight}`).to.equal(weight)
    expect(weightToShares(100)).to.equal(1024)
  })

  it('blkioWeightToIoWeight() and back keep the ends and every v1 weight', () => {
    expect([10, 1000].map(blkioWeightToIoWeight)).to.deep.equal([1, 10_000])
    for (let weight = 10; weight <= 1000; weight++)
      expect(ioWeightToBlkioWeight(blkioWeightToIoWeight(weight)), `${weight}`).to.equal(weight)
    expect(() => blkioWeightToIoWeight(9)).to.throw(
      RangeError,
      '9 is out of range; wanted a whole number from 10 to 1000'
    )
    expect(() => ioWeightToBlkioWeight(10_001)).to.throw(RangeError, '10001')
  })
})
