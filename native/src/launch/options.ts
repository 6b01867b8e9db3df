// What launch() takes, checked and defaulted once.

import type { SlotName } from '../step.js'

/**
 * Where a standard stream goes. `'pipe'`: a stream of the child. `'ignore'`: /dev/null. `'inherit'`: that of this process.
 * A number: that descriptor, which stays open here.
 */
export type Stdio = 'pipe' | 'ignore' | 'inherit' | number

/** Options of {@link launch}. */
export interface LaunchOptions {
  /** The whole environment of the program; nothing of the caller's leaks in. Default: empty. */
  env?: Readonly<Record<string, string>>
  /** Working directory, absolute, inside the root. Default: `/` where steps change the root or join a mount namespace, else this process's. */
  cwd?: string
  stdin?: Stdio
  stdout?: Stdio
  stderr?: Stdio
  /** Owner of the pipes, so that the program may open /dev/stdout again as another user. Default: this process's. */
  stdioOwner?: { uid: number; gid: number }
  /** A pseudo-terminal instead of the three streams. Where no step makes one, it comes from the host's /dev/ptmx. */
  tty?: boolean | { rows: number; columns: number }
  /** Kill the program after this time, in milliseconds from its start. Held by the supervisor, not by Node. Default: never. */
  timeoutMs?: number
  /** Kill the program when it has written more than this many bytes to standard output and error together. Default: no limit. */
  outputLimitBytes?: number
  /** Kill the program when this is aborted. */
  signal?: AbortSignal
  /** Let the program outlive this process. Default: false. */
  detached?: boolean
  /** Descriptors for slots that steps use but do not make; they stay open here. */
  fds?: Readonly<Record<SlotName, number>>
  /** Answers to `callback` steps, by name. A rejection fails the step. */
  callbacks?: Readonly<Record<string, (pid: number) => void | Promise<void>>>
  /** Stop before the program and wait for `child.start()`. Default: false. */
  parked?: boolean
  /** File mode creation mask of the program. Default: 0o022. */
  umask?: number
  /** Soft limit on open files of the program. Default: 1024, or less where the hard limit is lower. */
  nofileSoft?: number
  /** Report the time at which each step ended: `child.trace`. Default: false. */
  trace?: boolean
}

const MAX_STRING = 128 * 1024 // MAX_ARG_STRLEN: a longer single string is always E2BIG (execve(2))

/** @throws TypeError, RangeError naming the value. @internal */
export function checkOptions(argv: readonly string[], options: LaunchOptions): void {
  if (!Array.isArray(argv)) throw new TypeError(`Cannot launch: argv is ${typeof argv}; wanted an array of strings`)
  if (argv.length === 0 && options.parked !== true)
    throw new TypeError('Cannot launch: argv is empty; wanted a program')
  for (const argument of argv) checkString(argument, 'argument')
  for (const [name, value] of Object.entries(options.env ?? {})) {
    if (name === '' || name.includes('='))
      throw new TypeError(`Cannot launch: ${JSON.stringify(name)} is no name of an environment variable`)
    checkString(value, `environment variable ${name}`)
    checkString(name, 'name of an environment variable')
  }
  if (options.cwd !== undefined && !options.cwd.startsWith('/'))
    throw new TypeError(`Cannot launch: cwd ${JSON.stringify(options.cwd)} is not absolute`)
  checkWhole(options.timeoutMs, 'timeoutMs', 1, 0xffffffff)
  checkWhole(options.outputLimitBytes, 'outputLimitBytes', 1, Number.MAX_SAFE_INTEGER)
  checkWhole(options.umask, 'umask', 0, 0o777)
  for (const name of ['stdin', 'stdout', 'stderr'] as const) {
    const value = options[name]
    const known =
      value === undefined ||
      value === 'pipe' ||
      value === 'ignore' ||
      value === 'inherit' ||
      (Number.isInteger(value) && value >= 0)
    if (!known)
      throw new TypeError(
        `Cannot launch: ${name} is ${JSON.stringify(value)}; wanted 'pipe', 'ignore', 'inherit' or a descriptor`
      )
  }
}

/** `NAME=value` lines. @internal */
export const environment = (env: Readonly<Record<string, string>> = {}): string[] =>
  Object.entries(env).map(([name, value]) => `${name}=${value}`)

function checkString(value: unknown, what: string): void {
  if (typeof value !== 'string') throw new TypeError(`Cannot launch: ${what} is ${typeof value}; wanted a string`)
  if (value.includes('\0'))
    throw new TypeError(`Cannot launch: ${what} ${JSON.stringify(value.slice(0, 80))} holds a NUL byte`)
  if (value.length >= MAX_STRING / 4 && Buffer.byteLength(value) >= MAX_STRING)
    throw new RangeError(
      `Cannot launch: ${what} is ${Buffer.byteLength(value)} bytes long; the kernel takes up to ${MAX_STRING - 1} in one string`
    )
}

function checkWhole(value: number | undefined, name: string, lowest: number, highest: number): void {
  if (value === undefined) return
  if (!Number.isInteger(value) || value < lowest || value > highest)
    throw new RangeError(`Cannot launch: ${name} is ${value}; wanted a whole number from ${lowest} to ${highest}`)
}
