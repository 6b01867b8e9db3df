import { expect } from 'chai'

import { kernelAtLeast } from './kernel-version.js'

describe('kernelAtLeast()', () => {
  it('kernelAtLeast() compares numbers, not text', () => {
    expect(kernelAtLeast(6, 8, '6.18.44-x')).to.equal(true)
    expect(kernelAtLeast(6, 8, '6.7.0')).to.equal(false)
    expect(kernelAtLeast(6, 8, '5.15.0-91-generic')).to.equal(false)
    expect(kernelAtLeast(5, 12, '6.1')).to.equal(true)
    expect(kernelAtLeast(4, 0, 'strange')).to.equal(false)
  })
})
