import { AARCH64 } from './syscalls/aarch64.gen.js'
import { ARM } from './syscalls/arm.gen.js'
import { I386 } from './syscalls/i386.gen.js'
import { X32 } from './syscalls/x32.gen.js'
import { X86_64 } from './syscalls/x86_64.gen.js'

/** A system call architecture that filters can be compiled for. */
export type Arch = 'x86_64' | 'i386' | 'x32' | 'aarch64' | 'arm'

/** What a filter needs to know about one architecture. */
export interface ArchInfo {
  /** The kernel's AUDIT_ARCH_… value, as it stands in `seccomp_data.arch`. x32 shares that of x86_64. */
  readonly audit: number
  /** Bits of a system call argument that the kernel hands over; the rest is zero. */
  readonly argumentBits: 32 | 64
  /** Added to every number; tells x32 calls from x86_64 ones. */
  readonly numberBase: number
  /** Where numbers of a second kind begin (the private calls of arm); no newer call of the ordinary kind reaches it. */
  readonly privateBase?: number
  /** Spellings in profiles: libseccomp's, Go's, the kernel's. */
  readonly aliases: readonly string[]
  /** Numbers by name. */
  readonly syscalls: Readonly<Record<string, number>>
}

/** Architectures by name, with their AUDIT_ARCH values and system call tables. */
export const ARCHES: Readonly<Record<Arch, ArchInfo>> = {
  x86_64: {
    audit: 0xc000003e,
    argumentBits: 64,
    numberBase: 0,
    aliases: ['SCMP_ARCH_X86_64', 'amd64', 'x64'],
    syscalls: X86_64,
  },
  i386: {
    audit: 0x40000003,
    argumentBits: 32,
    numberBase: 0,
    aliases: ['SCMP_ARCH_X86', 'x86', '386', 'ia32'],
    syscalls: I386,
  },
  x32: { audit: 0xc000003e, argumentBits: 64, numberBase: 0x40000000, aliases: ['SCMP_ARCH_X32'], syscalls: X32 },
  aarch64: {
    audit: 0xc00000b7,
    argumentBits: 64,
    numberBase: 0,
    aliases: ['SCMP_ARCH_AARCH64', 'arm64'],
    syscalls: AARCH64,
  },
  arm: {
    audit: 0x40000028,
    argumentBits: 32,
    numberBase: 0,
    privateBase: 0xf0000,
    aliases: ['SCMP_ARCH_ARM'],
    syscalls: ARM,
  },
}

// Architectures that profiles name and this package has no table for. A filter for one of ours never meets their calls.
const FOREIGN = new Set(
  (
    'MIPS MIPS64 MIPS64N32 MIPSEL MIPSEL64 MIPSEL64N32 MIPSL3L64N32 PPC PPC64 PPC64LE S390 S390X PARISC PARISC64 RISCV64 ' +
    'LOONGARCH64 LOONG64 M68K SH SHEB'
  ).split(' ')
)

const BY_ALIAS = new Map<string, Arch>(
  (Object.keys(ARCHES) as Arch[]).flatMap((arch) =>
    [arch, ...ARCHES[arch].aliases].map((name) => [name.toLowerCase(), arch] as const)
  )
)

/**
 * Find the architecture a profile means: `SCMP_ARCH_X86_64`, `amd64` and `x86_64` are one.
 *
 * @returns its name; `'foreign'` for one that libseccomp knows and this package has no table for; undefined for anything else.
 * @example
 * ```ts
 * import { archNamed } from '@iso/seccomp'
 * console.log(archNamed('SCMP_ARCH_X86')) // i386
 * ```
 */
export function archNamed(name: string): Arch | 'foreign' | undefined {
  const known = BY_ALIAS.get(name.toLowerCase())
  if (known !== undefined) return known
  return FOREIGN.has(name.toUpperCase().replace(/^SCMP_ARCH_/, '')) ? 'foreign' : undefined
}

/**
 * The architecture this Node runs on: what a filter is compiled for unless told otherwise.
 *
 * @throws RangeError on a machine without a system call table here.
 */
export function nativeArch(): Arch {
  const arch = archNamed(process.arch === 'ia32' ? 'i386' : process.arch)
  if (arch === undefined || arch === 'foreign') {
    throw new RangeError(`Cannot compile a seccomp filter for ${process.arch}: there is no system call table for it`)
  }
  return arch
}
