import { expect } from 'chai'
import fc from 'fast-check'

import { checkRanges, toOutside } from './id-range.js'
import { layAround, layRanges } from './layout.js'

describe('layRanges()', () => {
  it('layRanges() puts one range after the other, from id 0', () => {
    expect(
      layRanges([
        { start: 100000, count: 10 },
        { start: 500000, count: 5 },
      ])
    ).to.deep.equal([
      { inside: 0, outside: 100000, count: 10 },
      { inside: 10, outside: 500000, count: 5 },
    ])
  })
})

describe('layAround()', () => {
  it('layAround() makes the caller root', () => {
    expect(layAround(1000, [{ start: 100000, count: 65536 }], 0)).to.deep.equal([
      { inside: 0, outside: 1000, count: 1 },
      { inside: 1, outside: 100000, count: 65536 },
    ])
  })

  it('layAround() keeps the number of the caller in the middle of a range', () => {
    expect(layAround(1000, [{ start: 100000, count: 65536 }], 1000)).to.deep.equal([
      { inside: 0, outside: 100000, count: 1000 },
      { inside: 1000, outside: 1000, count: 1 },
      { inside: 1001, outside: 101000, count: 64536 },
    ])
  })

  it('layAround() leaves a gap where the ranges end before the caller', () => {
    expect(layAround(1000, [{ start: 100000, count: 10 }], 1000)).to.deep.equal([
      { inside: 0, outside: 100000, count: 10 },
      { inside: 1000, outside: 1000, count: 1 },
    ])
  })

  it('layAround() always gives a map the kernel takes, with every id used once', () => {
    const counts = fc.array(fc.integer({ min: 1, max: 3000 }), { maxLength: 5 })
    fc.assert(
      fc.property(counts, fc.integer({ min: 0, max: 5000 }), (list, at) => {
        const ranges = list.map((count, index) => ({ start: 100000 * (index + 1), count }))
        const map = layAround(1000, ranges, at)
        checkRanges(map)
        expect(toOutside(map, at)).to.equal(1000)
        expect(map.reduce((sum, { count }) => sum + count, 0)).to.equal(1 + list.reduce((sum, count) => sum + count, 0))
      })
    )
  })
})
