// What an extraction may be told, with its defaults.

/** How whiteouts of a layer are stored. */
export type WhiteoutFormat = 'overlay' | 'apply' | 'keep'

/** The most that an archive may hold; Infinity lifts a limit. */
export interface ExtractLimits {
  /** Bytes of all files together, holes included. Default: 64 GiB. */
  bytes?: number
  /** Entries. Default: 5,000,000. */
  entries?: number
  /** Bytes unpacked for each byte that came in, once more than 1 GiB was unpacked. Default: 250; it needs `compressedBytes`. */
  ratio?: number
}

/** Options of `extractTar()`. */
export interface ExtractOptions {
  /**
   * `overlay`: a whiteout becomes a 0:0 device and an opaque directory gets its mark, for an overlay mount. `apply`: what they hide is removed
   * from the directory. `keep`: they are files like others. Default: `keep`.
   */
  whiteouts?: WhiteoutFormat
  /** Marks of opaque directories in `user.overlay.` instead of `trusted.overlay.`. Default: unless the effective user is root. */
  userxattr?: boolean
  /** Keep owners. Default: whether the effective user is root; everything belongs to the caller otherwise. */
  keepOwner?: boolean
  /** What becomes of device nodes. Default: `make` for root, `skip` otherwise. */
  devices?: 'make' | 'skip' | 'refuse'
  /** Keep set-user-ID and set-group-ID bits and file capabilities. Default: true, images need them. */
  setuid?: boolean
  limits?: ExtractLimits
  /** How many bytes the archive took so far before it was decompressed. */
  compressedBytes?: () => number
  /** Stops between two chunks; what was extracted stays. */
  signal?: AbortSignal
}

/** What an extraction did. */
export interface ExtractReport {
  entries: number
  /** Bytes of all files together, holes included. */
  bytes: number
  /** Whiteouts and marks of opaque directories. */
  whiteouts: number
  /** Device nodes left out by policy. */
  skippedDevices: number
  /** Extended attributes left out: marks of overlay, which no archive may set, and what the file system or the kernel refused. */
  skippedXattrs: number
}

/** Options with their defaults. @internal */
export type Settled = Required<Omit<ExtractOptions, 'limits' | 'compressedBytes' | 'signal'>> & {
  limits: Required<ExtractLimits>
  compressedBytes: (() => number) | undefined
}

/** Check options and fill in what is missing. @throws TypeError or RangeError naming the value @internal */
export function settle(options: ExtractOptions): Settled {
  const root = process.geteuid?.() === 0
  const { whiteouts = 'keep', devices = root ? 'make' : 'skip', limits = {} } = options
  if (!['overlay', 'apply', 'keep'].includes(whiteouts))
    throw new TypeError(`Cannot extract: whiteouts '${whiteouts}' is unknown; wanted 'overlay', 'apply' or 'keep'`)
  if (!['make', 'skip', 'refuse'].includes(devices))
    throw new TypeError(`Cannot extract: devices '${devices}' is unknown; wanted 'make', 'skip' or 'refuse'`)
  for (const [name, value] of Object.entries(limits))
    if (typeof value !== 'number' || !(value > 0))
      throw new RangeError(`Cannot extract: limit ${name} is ${value}; wanted a number above 0, or Infinity`)
  return {
    whiteouts,
    devices,
    userxattr: options.userxattr ?? !root,
    keepOwner: options.keepOwner ?? root,
    setuid: options.setuid ?? true,
    limits: { bytes: 64 * 1024 ** 3, entries: 5_000_000, ratio: 250, ...limits },
    compressedBytes: options.compressedBytes,
  }
}
