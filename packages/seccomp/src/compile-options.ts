import { release } from 'node:os'

import { type Arch, archNamed, nativeArch } from './arch.js'
import { defaultProfile } from './default-profile.js'
import type { Context } from './internal/select.js'
import type { Profile } from './profile.js'
import type { ValidateOptions } from './validate.js'

/** What a profile is compiled for. */
export interface CompileOptions extends ValidateOptions {
  /** The machine's architecture. Default: the one this Node runs on. */
  arch?: Arch
  /**
   * Capabilities in the bounding set of the filtered process, with or without `CAP_`, in any case. Rules with `includes.caps`
   * or `excludes.caps` depend on them. Default: Docker's fourteen, of which Docker's profile asks for `CAP_SYS_CHROOT` only.
   */
  caps?: readonly string[]
  /** Kernel release for `minKernel`. Default: the running one. */
  kernel?: string
  /** What meets calls of an architecture that is not listed: int 0x80 or x32 on x86_64 when left out. Default: `kill`. */
  badArch?: 'kill' | 'errno'
  /**
   * What meets calls with a higher number than any the profile names on that architecture, unless the default action lets calls
   * through. `enosys` is what Docker with runc does: a C library falls back where EPERM would be taken for the answer. Default: `enosys`.
   */
  newerCalls?: 'enosys' | 'default'
}

/** Docker's default set, which is what rules are resolved against when no capabilities are given. */
export const DEFAULT_CAPS: readonly string[] = [
  'CAP_AUDIT_WRITE',
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_FOWNER',
  'CAP_FSETID',
  'CAP_KILL',
  'CAP_MKNOD',
  'CAP_NET_BIND_SERVICE',
  'CAP_NET_RAW',
  'CAP_SETFCAP',
  'CAP_SETGID',
  'CAP_SETPCAP',
  'CAP_SETUID',
  'CAP_SYS_CHROOT',
]
const DEFAULT_SET: ReadonlySet<string> = new Set(DEFAULT_CAPS)

/** A profile given by value or as `'default'`. */
export function profileOf(profile: Profile | 'default'): Profile {
  if (profile === 'default') return defaultProfile
  if (typeof profile !== 'object' || profile === null) {
    throw new TypeError(`Cannot use seccomp profile ${JSON.stringify(profile)}: wanted 'default' or a profile object`)
  }
  return profile
}

/** The context that options describe. */
export function contextOf(options: CompileOptions): Context {
  const arch = options.arch === undefined ? nativeArch() : archNamed(options.arch)
  if (arch === undefined || arch === 'foreign') {
    throw new RangeError(
      `Cannot compile a seccomp filter for "${options.arch}": wanted one of x86_64, i386, x32, aarch64, arm`
    )
  }
  const kernel = options.kernel ?? release()
  if (!/^\d+\.\d+/.test(kernel))
    throw new TypeError(`Cannot compile a seccomp filter for kernel "${kernel}": wanted a release such as 6.1`)
  return { arch, kernel, caps: options.caps === undefined ? DEFAULT_SET : new Set(options.caps.map(capName)) }
}

function capName(name: string): string {
  const upper = String(name).toUpperCase()
  const full = upper.startsWith('CAP_') ? upper : `CAP_${upper}`
  if (!/^CAP_[A-Z][A-Z0-9_]*$/.test(full))
    throw new TypeError(`Cannot read capability ${JSON.stringify(name)}: wanted a name such as CAP_SYS_ADMIN`)
  return full
}
