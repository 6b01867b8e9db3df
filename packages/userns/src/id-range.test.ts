import { expect } from 'chai'
import fc from 'fast-check'

import { checkRanges, formatMap, mergeRanges, parseMap, toInside, toOutside, type IdRange } from './id-range.js'

const range = (inside: number, outside: number, count: number): IdRange => ({ inside, outside, count })

describe('checkRanges()', () => {
  const refusals: [what: string, ranges: IdRange[], message: string][] = [
    ['no range', [], 'Cannot map uids: no range; wanted 1 to 340'],
    ['a count of zero', [range(0, 1000, 0)], 'count is 0 in 0 1000 0; wanted a whole number from 1'],
    ['a negative id', [range(0, -1, 1)], 'outside is -1'],
    ['a fraction', [range(0.5, 0, 1)], 'inside is 0.5'],
    ['an id above 2^32-2', [range(0, 4294967295, 1)], 'ends after 4294967294'],
    ['a range that ends above 2^32-2', [range(1, 0, 4294967295)], 'ends after 4294967294, the last id, inside'],
    ['an overlap inside', [range(0, 1000, 10), range(9, 2000, 1)], '0 1000 10 and 9 2000 1 overlap inside'],
    ['an overlap outside', [range(0, 1000, 10), range(10, 1009, 1)], '0 1000 10 and 10 1009 1 overlap outside'],
    [
      '341 ranges',
      Array.from({ length: 341 }, (_, at) => range(at * 2, at * 2, 1)),
      '341 ranges; the kernel takes 340',
    ],
    [
      'a text longer than a page',
      Array.from({ length: 300 }, (_, at) => range(100000 + at * 2, 100000 + at * 3, 1)),
      '300 ranges take 4800 bytes; the kernel reads 4095',
    ],
  ]
  for (const [what, ranges, message] of refusals) {
    it(`checkRanges() refuses ${what}`, () => expect(() => checkRanges(ranges, 'uids')).to.throw(message))
  }

  it('checkRanges() takes 340 ranges, all ids at once, and ranges that touch', () => {
    checkRanges(Array.from({ length: 340 }, (_, at) => range(at * 2, at * 2, 1)))
    checkRanges([range(0, 0, 4294967295)])
    checkRanges([range(0, 1000, 1), range(1, 100000, 65536)])
  })
})

describe('maps of ids', () => {
  it('formatMap() writes what parseMap() reads', () => {
    const ranges = [range(0, 1000, 1), range(1, 100000, 65536)]
    expect(formatMap(ranges)).to.equal('0 1000 1\n1 100000 65536\n')
    expect(parseMap('         0       1000          1\n         1     100000      65536\n')).to.deep.equal(ranges)
  })

  it('parseMap() refuses a line that is no range', () => {
    expect(() => parseMap('0 1000\n')).to.throw(TypeError, 'Cannot read id map line "0 1000"')
    expect(() => parseMap('0 1000 1 1\n')).to.throw(TypeError)
  })

  it('toOutside() and toInside() undo one another', () => {
    const ranges = [range(0, 1000, 1), range(1, 100000, 65536)]
    expect(toOutside(ranges, 65536)).to.equal(165535)
    expect(toOutside(ranges, 65537)).to.equal(undefined)
    expect(toInside(ranges, 1000)).to.equal(0)
    expect(toInside(ranges, 1001)).to.equal(undefined)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 65536 }), (id) => toInside(ranges, toOutside(ranges, id) as number) === id)
    )
  })

  it('mergeRanges() joins ranges that continue one another on both sides, and no others', () => {
    expect(mergeRanges([range(10, 110, 5), range(0, 100, 10)])).to.deep.equal([range(0, 100, 15)])
    expect(mergeRanges([range(0, 100, 10), range(10, 200, 5)])).to.have.length(2)
  })
})
