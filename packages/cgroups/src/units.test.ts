import { expect } from 'chai'

import { cpusToQuota, parseLimitSize, parseMemory } from './units.js'

describe('units', () => {
  // What go-units RAMInBytes, Docker's parser, gives for the same texts.
  for (const [text, bytes] of Object.entries({
    '32': 32,
    '32b': 32,
    '32B': 32,
    '32k': 32_768,
    '32K': 32_768,
    '32kb': 32_768,
    '32Kb': 32_768,
    '32KiB': 32_768,
    '2048m': 2_147_483_648,
    '32Mb': 33_554_432,
    '1g': 1_073_741_824,
    '1Gib': 1_073_741_824,
    '2t': 2_199_023_255_552,
    '1P': 1_125_899_906_842_624,
    '32.5kB': 33_280,
    '1.5g': 1_610_612_736,
    '.5m': 524_288,
    '0': 0,
    '32 kb': 32_768,
    '5.': 5,
    '1e3': 1000,
    '32.3': 32,
    '0.1b': 0,
  })) {
    it(`parseMemory() gives ${bytes} for "${text}"`, () => expect(parseMemory(text)).to.equal(bytes))
  }

  for (const text of [
    '',
    'hello',
    '-32',
    '-1',
    ' 32',
    '32  kb',
    '32bm',
    '32bi',
    '32x',
    '32kbb',
    '32kii',
    '32 mbx',
    '1.2.3',
    '0x10',
    '9999999p',
    '1,5g',
    'g',
    '32m ',
  ]) {
    it(`parseMemory() refuses "${text}" and says so`, () =>
      expect(() => parseMemory(text)).to.throw(RangeError, `"${text}"`))
  }

  it('parseLimitSize() takes -1 and max for no limit and refuses other negative numbers', () => {
    for (const size of [-1, '-1', 'max', Infinity]) expect(parseLimitSize('limit', size)).to.equal('max')
    expect(() => parseLimitSize('memory limit', -5)).to.throw(RangeError, 'Cannot set memory limit: -5 is negative')
    expect(() => parseLimitSize('memory limit', 1.5)).to.throw(RangeError, '1.5 is not a whole number')
    expect(() => parseLimitSize('memory limit', null as unknown as string)).to.throw(TypeError, 'null is not a number')
  })

  it('cpusToQuota() multiplies the period and refuses quotas under 1 ms', () => {
    expect(cpusToQuota(1.5)).to.deep.equal({ quotaUs: 150_000, periodUs: 100_000 })
    expect(cpusToQuota(0.01)).to.deep.equal({ quotaUs: 1000, periodUs: 100_000 })
    expect(cpusToQuota(2, 50_000)).to.deep.equal({ quotaUs: 100_000, periodUs: 50_000 })
    for (const cpus of [0, -1, 0.009, NaN, Infinity])
      expect(() => cpusToQuota(cpus)).to.throw(RangeError, `${cpus} is out of range`)
  })
})
