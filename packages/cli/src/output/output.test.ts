import { expect } from 'chai'

import { table } from './table.js'
import { bytes, count, seconds } from './units.js'

describe('table()', () => {
  it('table() aligns columns without lines, and leaves no blanks at the ends', () => {
    expect(
      table(
        ['a', 'long name'],
        [
          ['first', '1'],
          ['2', ''],
        ]
      )
    ).to.equal('A      LONG NAME\nfirst  1\n2')
  })
})

describe('units', () => {
  it('bytes() keeps whole units whole', () => {
    expect([0, 1023, 1024, 1536, 33554432, 2 ** 60].map(bytes)).to.deep.equal([
      '0 B',
      '1023 B',
      '1 KiB',
      '1.5 KiB',
      '32 MiB',
      '1024 PiB',
    ])
  })

  it('bytes(), count() and seconds() tell an absent figure from no limit', () => {
    expect([
      bytes(undefined),
      bytes(null),
      count(undefined),
      count(null),
      count(3),
      seconds(undefined),
      seconds(1_204_000),
    ]).to.deep.equal(['-', 'no limit', '-', 'no limit', '3', '-', '1.204 s'])
  })
})
