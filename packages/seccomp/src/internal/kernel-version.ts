import { release } from 'node:os'

/** True when the kernel is at least `wanted` (`4.8`); both are compared by major and minor number, as Docker does. */
export function kernelAtLeast(wanted: string, kernel: string = release()): boolean {
  const [major = 0, minor = 0] = numbers(wanted)
  const [ourMajor = 0, ourMinor = 0] = numbers(kernel)
  return ourMajor > major || (ourMajor === major && ourMinor >= minor)
}

function numbers(version: string): number[] {
  return version.split('.', 2).map((part) => Number.parseInt(part, 10))
}
