import { release } from 'node:os'

/** Whether the running kernel (or the named release, such as `6.6.30-amd64`) is at least `major.minor`. */
export function kernelAtLeast(major: number, minor: number, running: string = release()): boolean {
  const found = /^(\d+)\.(\d+)/.exec(running)
  const [runningMajor, runningMinor] = [Number(found?.[1] ?? 0), Number(found?.[2] ?? 0)]
  return runningMajor === major ? runningMinor >= minor : runningMajor > major
}
