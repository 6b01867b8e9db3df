import { expect } from 'chai'
import { parseExact, toBigInt, toNumber } from './big-numbers.js'

describe('parseExact()', () => {
  it('parseExact() keeps whole numbers that a double cannot hold', () => {
    const { a, b } = parseExact('{"a":18446744073709551615,"b":[-9223372036854775808]}') as { a: string; b: [string] }
    expect(toBigInt(a)).to.equal(2n ** 64n - 1n)
    expect(toBigInt(b[0])).to.equal(-(2n ** 63n))
    expect(toNumber(a)).to.equal(2 ** 64)
  })

  it('parseExact() leaves other numbers, and digits in strings, as they are', () => {
    const text = '{"f":0.0000010000000000000002,"e":1e3000,"s":"18446744073709551615 \\" 18446744073709551615","n":12}'
    expect(parseExact(text)).to.deep.equal(JSON.parse(text))
  })
})
