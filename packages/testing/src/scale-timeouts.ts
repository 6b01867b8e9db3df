import Mocha from 'mocha'

/**
 * How many times slower than the machines the tests were written on this one may be: 1, or `ISO_TIMEOUT_SCALE`. For times a test measures itself.
 */
export function slowness(): number {
  return Number(process.env['ISO_TIMEOUT_SCALE'] ?? 1)
}

/** What sets a time-out, and what asks for it. */
interface Timed {
  timeout: (this: Timed, ms?: number | string) => unknown
}

/**
 * Multiply every time-out of mocha, the default one and those that tests set, for a machine that is slower than the one they were chosen for.
 *
 * It is scaled where the runnable that is under way asks for it. Suites hand theirs to the suites and tests in them; scaling what is set would
 * multiply again at each hand-over.
 *
 * @param factor from `ISO_TIMEOUT_SCALE`, which `npm run test:vm` measures
 * @throws RangeError where it is no number from 1
 */
export function scaleTimeouts(factor: number): void {
  if (!(factor >= 1)) throw new RangeError(`Cannot scale time-outs by ${factor}: wanted a number from 1`)
  const timed = Mocha.Runnable.prototype as unknown as Timed
  const original = timed.timeout
  timed.timeout = function (...given) {
    return given.length === 0 ? Math.min(Number(original.call(this)) * factor, LONGEST_MS) : original.apply(this, given)
  }
}

// setTimeout() takes no more.
const LONGEST_MS = 2 ** 31 - 1
