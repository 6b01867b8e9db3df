import { expect } from 'chai'

import { matches } from './output.mjs'

describe('matches()', () => {
  it('matches() compares line by line, white space at the end aside', () => {
    expect(matches('a\nb', 'a \nb\n')).to.equal(true)
    expect(matches('a\nb', 'a\nb\nc\n')).to.equal(false)
    expect(matches('a.b', 'axb')).to.equal(false)
  })

  it('matches() lets … stand for text within a line, and for lines', () => {
    expect(matches('pid …', 'pid 123')).to.equal(true)
    expect(matches('pid …', 'pid 1\nmore')).to.equal(false)
    expect(matches('a\n…\nz', 'a\nb\nc\nz')).to.equal(true)
    expect(matches('a\n…\nz', 'a\nz')).to.equal(true)
  })
})
