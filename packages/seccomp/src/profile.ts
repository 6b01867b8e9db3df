// The JSON that Docker, Podman and the OCI runtime specification use for seccomp profiles, as types.

/** What the kernel does with a call. `SCMP_ACT_KILL` is `SCMP_ACT_KILL_THREAD`. */
export type Action =
  | 'SCMP_ACT_ALLOW'
  | 'SCMP_ACT_ERRNO'
  | 'SCMP_ACT_KILL'
  | 'SCMP_ACT_KILL_PROCESS'
  | 'SCMP_ACT_KILL_THREAD'
  | 'SCMP_ACT_LOG'
  | 'SCMP_ACT_NOTIFY'
  | 'SCMP_ACT_TRACE'
  | 'SCMP_ACT_TRAP'

/** How an argument is compared with `value`; unsigned, 64 bits wide. */
export type Comparison =
  'SCMP_CMP_NE' | 'SCMP_CMP_LT' | 'SCMP_CMP_LE' | 'SCMP_CMP_EQ' | 'SCMP_CMP_GE' | 'SCMP_CMP_GT' | 'SCMP_CMP_MASKED_EQ'

/** A flag of seccomp(2). */
export type FilterFlag =
  | 'SECCOMP_FILTER_FLAG_TSYNC'
  | 'SECCOMP_FILTER_FLAG_LOG'
  | 'SECCOMP_FILTER_FLAG_SPEC_ALLOW'
  | 'SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV'

/** One condition on one argument. */
export interface Condition {
  /** Which argument, 0 to 5. */
  readonly index: number
  /** What it is compared with, 0 to 2^64-1; for `MASKED_EQ` the mask. Above 2^53: a bigint, or its decimal digits as a string. */
  readonly value: number | bigint | string
  /** For `MASKED_EQ`: what the masked argument must equal, 0 to 2^64-1; bits outside the mask are passed over. Default: 0. */
  readonly valueTwo?: number | bigint | string
  readonly op: Comparison
}

/** When a rule applies (Docker's extension of the OCI format). Every field present must agree. */
export interface Filter {
  /** In `includes` all of these are needed; in `excludes` one is enough. Names such as `CAP_SYS_ADMIN`. */
  readonly caps?: readonly string[]
  /** Architecture of the machine: `amd64`, `arm64`, `x86`, … */
  readonly arches?: readonly string[]
  /** Kernel version from which on the rule is meant, such as `4.8`. */
  readonly minKernel?: string
}

/** What happens to some system calls. */
export interface Rule {
  readonly names?: readonly string[]
  /** One name, as profiles had it before 2017. Instead of `names`. */
  readonly name?: string
  readonly action: Action
  /** Error number for `ERRNO`, message for `TRACE`: 0 to 4095. Default: 1, EPERM. */
  readonly errnoRet?: number
  /** The same as a name, such as `ENOSYS` (Podman). Counts before `errnoRet`. */
  readonly errno?: string
  /** All must hold. Absent, empty or null: whatever the arguments. */
  readonly args?: readonly Condition[] | null
  readonly includes?: Filter
  readonly excludes?: Filter
  readonly comment?: string
}

/** A seccomp profile in Docker's or the OCI runtime specification's format. */
export interface Profile {
  readonly defaultAction: Action
  /** Error number for a default action of `ERRNO`, message for `TRACE`: 0 to 4095. Default: 1, EPERM. */
  readonly defaultErrnoRet?: number
  /** The same as a name, such as `ENOSYS` (Podman). Counts before `defaultErrnoRet`. */
  readonly defaultErrno?: string
  /** Architectures besides the native one (OCI). Not together with `archMap`. */
  readonly architectures?: readonly string[]
  /** Architectures allowed beside each native one (Docker). */
  readonly archMap?: readonly { readonly architecture: string; readonly subArchitectures?: readonly string[] | null }[]
  readonly flags?: readonly FilterFlag[]
  /** Unix socket that receives the notification descriptor; needs a rule with `SCMP_ACT_NOTIFY`. */
  readonly listenerPath?: string
  /** Text sent along with it. */
  readonly listenerMetadata?: string
  readonly syscalls?: readonly Rule[] | null
}
