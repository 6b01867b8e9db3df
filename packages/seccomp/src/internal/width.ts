import type { Test } from './resolve.js'

const HIGH = 0xffffffff00000000n
const NEGATIVE = 0xffffffff80000000n

/**
 * A test as it is meant where arguments have 32 bits.
 *
 * The kernel hands such arguments over with zeros above, so a value written as a negative 64-bit number would never be met.
 * Values between stay as they are and compare as numbers: cutting `>= 2^32` down to `>= 0`, as libseccomp does, would open a rule.
 */
export function widthOf(test: Test, bits: 32 | 64): Test {
  if (bits === 64) return test
  return { ...test, value: narrow(test.value), valueTwo: narrow(test.valueTwo) }
}

function narrow(value: bigint): bigint {
  return value >= NEGATIVE ? value - HIGH : value
}
