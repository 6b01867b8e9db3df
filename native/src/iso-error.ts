// The one error class for what the machine refused. Programming mistakes are TypeError and RangeError.

import { constants } from 'node:os'

/** Where in a plan a failure happened. */
export interface FailedStep {
  /** Position in the linked plan, from 0. */
  index: number
  /** Operation, such as `mount`. */
  op: string
  /** Package that asked for the step. */
  origin?: string
  /** Why the step was there. */
  why?: string
}

/** What an {@link IsoError} is made from. */
export interface IsoErrorInit {
  /** Error number of the kernel, positive. */
  errno?: number
  syscall?: string
  path?: string
  step?: FailedStep
  /** What would help. */
  hint?: string
  cause?: unknown
}

/**
 * The machine refused something. `code` is stable and documented in docs/errors.md; `message` may change.
 *
 * @example
 * ```ts
 * import { IsoError, launch } from '@iso/native'
 * try {
 *   await launch(['/no/such/program'], [])
 * } catch (error) {
 *   if (error instanceof IsoError) console.log(error.code, error.errnoName, error.path) // ISO_NOT_FOUND ENOENT /no/such/program
 * }
 * ```
 */
export class IsoError extends Error {
  override readonly name = 'IsoError'
  /** Stable code, `ISO_…`. */
  readonly code: string
  readonly errno?: number
  readonly syscall?: string
  readonly path?: string
  readonly step?: FailedStep
  readonly hint?: string

  constructor(code: string, message: string, init: IsoErrorInit = {}) {
    const said = init.errno === undefined ? '' : `: ${errnoName(init.errno)}`
    const hint = init.hint === undefined ? '' : `; ${init.hint}`
    super(`${message}${said}${hint}`, init.cause === undefined ? undefined : { cause: init.cause })
    this.code = code
    if (init.errno !== undefined) this.errno = init.errno
    if (init.syscall !== undefined) this.syscall = init.syscall
    if (init.path !== undefined) this.path = init.path
    if (init.step !== undefined) this.step = init.step
    if (init.hint !== undefined) this.hint = init.hint
  }

  /** Name of the error number, such as `EPERM`; undefined where the kernel was not asked. */
  get errnoName(): string | undefined {
    return this.errno === undefined ? undefined : errnoName(this.errno)
  }
}

/** The name of an error number: `errnoName(1)` is `'EPERM'`. Numbers without a name come back as `errno N`. */
export function errnoName(errno: number): string {
  return NAMES.get(errno) ?? `errno ${errno}`
}

// Error numbers of Linux (errno(3)) beyond those that Node names.
const MORE: Readonly<Record<string, number>> = {
  ENOTBLK: 15,
  EUCLEAN: 117,
  EBADE: 52,
  ELIBACC: 79,
  EUSERS: 87,
  ETOOMANYREFS: 109,
  ENOKEY: 126,
  EKEYEXPIRED: 127,
  EOWNERDEAD: 130,
}
const NAMES = new Map(
  [
    ...Object.entries(MORE),
    ...Object.entries(constants.errno).filter(([name]) => name !== 'EWOULDBLOCK' && name !== 'EOPNOTSUPP'),
  ].map(([name, n]) => [n, name])
)
