import type { RunOptions } from '../options.js'
import { sizeBytes } from '../internal/units.js'

/** Size of the writable layer in memory; undefined: the kernel's default. @throws TypeError or RangeError with the value. */
export function storageOf({ storageSize }: RunOptions): { sizeBytes: number } | undefined {
  return storageSize === undefined ? undefined : { sizeBytes: sizeBytes('storageSize', storageSize, 4096) }
}
