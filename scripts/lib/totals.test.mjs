import { expect } from 'chai'

import { formatTotals, parseTotals } from './totals.mjs'

describe('totals', () => {
  it('formatTotals() leaves out skipped tests where there are none', () => {
    expect(formatTotals({ passed: 3, failed: 0, skipped: 0 })).to.equal('3 passed, 0 failed')
    expect(formatTotals({ passed: 3, failed: 1, skipped: 2 })).to.equal('3 passed, 1 failed, 2 skipped')
  })

  it('parseTotals() reads the last line and nothing else', () => {
    expect(parseTotals('1 passed, 0 failed\n\n3 passed, 1 failed, 2 skipped\n')).to.deep.equal({
      passed: 3,
      failed: 1,
      skipped: 2,
    })
    expect(parseTotals('3 passed, 0 failed\nSegmentation fault\n')).to.equal(undefined)
  })
})
