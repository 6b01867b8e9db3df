import { wholeNumber } from '../internal/check.js'

/**
 * Limit of the `pids` controller: processes and threads together; `'max'` or -1: no limit.
 *
 * 0 is a real limit, as in OCI 1.3: nothing in the group can fork. Docker's `--pids-limit 0` means no limit; dockerLimits() translates.
 */
export type PidsLimit = number | 'max'

/** Check a limit of processes. @throws TypeError or RangeError with the value. */
export function validatePids(limit: PidsLimit): PidsLimit {
  if (limit === 'max' || limit === -1) return 'max'
  if (typeof limit === 'number' && limit < 0) {
    throw new RangeError(`Cannot set pids limit: ${limit} is negative; wanted a whole number from 0, or 'max'`)
  }
  // PIDS_MAX: the kernel refuses what is above its own highest process ID.
  return wholeNumber('pids limit', limit, 0, 4_194_304)
}
