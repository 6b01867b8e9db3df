import { release } from 'node:os'

/** Whether the running kernel (or the named release, such as `6.6.30-amd64`) is at least `major.minor`. */
export function kernelAtLeast(major: number, minor: number, running: string = release()): boolean {
  const [, runningMajor, runningMinor] = /^(\d+)\.(\d+)/.exec(running) ?? [, '0', '0']
  return Number(runningMajor) !== major ? Number(runningMajor) > major : Number(runningMinor) >= minor
}
