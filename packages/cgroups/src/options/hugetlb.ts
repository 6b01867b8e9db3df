import { parseLimitSize, parseMemory, type Size } from '../units.js'

/** Limits of the `hugetlb` controller by page size as the kernel writes it: `{ '2MB': '64m' }`. */
export type HugetlbLimits = Readonly<Record<string, Size>>

/** Check limits of huge pages; they are rounded down to whole pages, as the kernel does. @throws TypeError or RangeError with the value. */
export function validateHugetlb(options: HugetlbLimits): Record<string, number | 'max'> {
  const limits: Record<string, number | 'max'> = {}
  for (const [page, size] of Object.entries(options)) {
    if (!/^[1-9]\d*(KB|MB|GB)$/.test(page))
      throw new RangeError(`Cannot set hugetlb limit: "${page}" is no page size; wanted one such as "2MB"`)
    const bytes = parseLimitSize(`hugetlb ${page} limit`, size)
    limits[page] = bytes === 'max' ? bytes : bytes - (bytes % parseMemory(page))
  }
  return limits
}
