// The size of a memory page: memory limits are rounded down to it.

import { readFileSync } from 'node:fs'

const AT_PAGESZ = 6n
let known: number | undefined

/** Size of a memory page in bytes, as the kernel told this process in its auxiliary vector. */
export function pageSize(): number {
  return (known ??= readPageSize('/proc/self/auxv'))
}

/** Read the page size from an auxiliary vector (pairs of 64-bit words); 4096 where it cannot be read. */
export function readPageSize(path: string): number {
  try {
    const words = readFileSync(path)
    for (let at = 0; at + 16 <= words.length; at += 16) {
      if (words.readBigUInt64LE(at) === AT_PAGESZ) return Number(words.readBigUInt64LE(at + 8))
    }
  } catch {
    // /proc is not mounted; every x86-64 has pages of 4 KiB, and so do nearly all arm64 kernels.
  }
  return 4096
}
