// What run(), start() and planContainer() take. Docker's meanings; every widening of the isolation has a name of its own.

import type { LaunchOptions, Stdio } from '@iso/native'
import type { Profile } from '@iso/seccomp'
import type { IdRange } from '@iso/userns'
import type { BindOptions, DeviceOptions, FileOptions, MountOptions, TmpfsOptions } from './mount-options.js'

/** Bytes, or text in Docker's units: `'512m'`, `'1g'`. */
export type Size = number | string
/** Milliseconds, or text: `'500ms'`, `'5s'`, `'2m'`, `'1h'`. */
export type Duration = number | string

/**
 * Which ids of the host are those of a container: all ranges of a user in /etc/subuid and /etc/subgid, laid out from 0; or the maps
 * themselves. Both maps must have an id 0 inside, and none may have 0 of the host.
 */
export type UsernsRanges = { user: string | number } | { uids: readonly IdRange[]; gids: readonly IdRange[] }

/** A bytes-per-second or requests-per-second limit of one disk. */
export interface DeviceRate {
  device: string
  rate: Size
}

/** A resource limit of setrlimit(2). */
export interface Ulimit {
  soft: number | 'unlimited'
  hard?: number | 'unlimited'
}

/** Security options in Docker's spelling: `no-new-privileges[:false]`, `seccomp=unconfined`, `seccomp=FILE`, `systempaths=unconfined`, `apparmor=unconfined`, `label=disable`. */
export type SecurityOpt = string

/** Limits that may also change while the container runs. */
export interface LimitOptions {
  /** Processors, such as 1.5; from 0.01 to those of the machine. Not with `cpuQuotaUs` or `cpuPeriodUs`. As everywhere in these limits, 0: no limit. */
  cpus?: number
  /** Relative weight among neighbours, 2 to 262144; Docker's scale. On cgroup v2 the order is kept, ratios are not: see `sharesToWeight()` of @iso/cgroups. */
  cpuShares?: number
  cpuQuotaUs?: number
  cpuPeriodUs?: number
  /** Processors and memory nodes by number: `'0-2,4'`. */
  cpusetCpus?: string
  cpusetMems?: string
  /** Most memory, from 6 MiB as in Docker; beyond it the kernel kills (the receipt says `oom`). */
  memory?: Size
  /** Memory and swap together; -1: unlimited swap. Default: twice `memory`, where the kernel counts swap. */
  memorySwap?: Size
  /** Memory the kernel tries to leave to it; from 6 MiB, at most `memory`. */
  memoryReservation?: Size
  /** 0 to 100; -1: as above it. cgroup v1 only. */
  memorySwappiness?: number
  /** cgroup v1 only. */
  oomKillDisable?: boolean
  /** Most processes and threads. 0 and -1: no limit. */
  pids?: number
  /** 10 to 1000. */
  blkioWeight?: number
  /** `'/dev/sda:300'` lines. */
  blkioWeightDevice?: readonly string[]
  deviceReadBps?: readonly (string | DeviceRate)[]
  deviceWriteBps?: readonly (string | DeviceRate)[]
  deviceReadIops?: readonly (string | DeviceRate)[]
  deviceWriteIops?: readonly (string | DeviceRate)[]
}

/** What {@link run} and {@link start} take. Nothing is required but a root: `image: 'host'` or `rootfs`. */
export interface RunOptions extends LimitOptions {
  /** `'host'`: this machine's own root, read-only, below a private writable layer in memory, with its secrets hidden. */
  image?: 'host'
  /** A directory to be the root. What the program writes stays in it, unless `ephemeral`. */
  rootfs?: string
  /** Put a private writable layer in memory over `rootfs`, so that the directory stays as it is. Default: false; `host` always is. */
  ephemeral?: boolean
  /** Size of the private writable layer. Default: half of the machine's memory; it counts towards `memory`. */
  storageSize?: Size
  /** The root cannot be written, nor what image `host` has emptied (`/tmp`, `/run`, …); mounts that are asked for can. Default: false. */
  readonly?: boolean

  /** 64 hexadecimal digits. Default: random. */
  id?: string
  name?: string
  /** Default: the first 12 digits of the id; with `uts: 'host'` the host's. */
  hostname?: string
  domainname?: string
  /** The environment beside PATH, HOME, HOSTNAME (and TERM with a terminal); an object, or `NAME=value` lines. */
  env?: Readonly<Record<string, string>> | readonly string[]
  /** Files of `NAME=value` lines, read before `env`. */
  envFile?: string | readonly string[]
  /** Working directory; made when missing. Default: `/`. */
  cwd?: string
  /** `name`, `uid`, `name:group`, `uid:gid`, from the container's own /etc/passwd and /etc/group. Default: root. */
  user?: string | number
  /** Supplementary groups, by name or number. */
  groupAdd?: readonly (string | number)[]
  /** 0 to 0o777. Default: 0o022. */
  umask?: number
  /** Put before argv. */
  entrypoint?: string | readonly string[]

  /** A terminal instead of the three streams. */
  tty?: boolean | { rows: number; columns: number }
  stdin?: Stdio
  stdout?: Stdio
  stderr?: Stdio
  /** Run a reaping, signal-forwarding PID 1 before the program. Default: false. */
  init?: boolean

  /** `source:target[:options]` in Docker's form, or objects. */
  binds?: readonly (string | BindOptions)[]
  /** The same, but a missing source is left out. */
  bindsIfPresent?: readonly (string | BindOptions)[]
  mounts?: readonly MountOptions[]
  /** `'/path[:options]'` in Docker's form, or objects. */
  tmpfs?: readonly (string | TmpfsOptions)[]
  files?: readonly FileOptions[]
  /** Size of /dev/shm, from 4096 bytes. Default, and what 0 means: 64 MiB. */
  shmSize?: Size
  /** `/dev/x[:/dev/y[:rwm]]`, or objects. */
  devices?: readonly (string | DeviceOptions)[]
  /** `'c 1:3 rwm'`. */
  deviceCgroupRules?: readonly string[]

  /** `none`: a network namespace with lo only (default). `host`: that of the host. */
  network?: 'none' | 'host'
  pid?: 'private' | 'host'
  /** `none`: private, and no /dev/shm. */
  ipc?: 'private' | 'none' | 'host'
  uts?: 'private' | 'host'
  cgroupns?: 'private' | 'host'
  /**
   * A user namespace: root inside is an unprivileged user of the host. An ordinary user always has one. For root of the host (Docker's
   * userns-remap) `private` takes the ranges of the user `iso-remap`, or else `dockremap`, in /etc/subuid and /etc/subgid; others are named
   * by {@link UsernsRanges}. Owners of the root look right inside, through an idmapped mount, unless the directory belongs to the mapped root;
   * those of binds do with `idmap`. Default: `host` for root.
   */
  userns?: 'private' | 'host' | UsernsRanges
  /** Offsets of the clocks inside, in seconds: a time namespace. */
  time?: { monotonicSec?: number; boottimeSec?: number }

  capAdd?: readonly string[]
  capDrop?: readonly string[]
  /** All capabilities and devices, no filter, no hidden paths. Default: false. */
  privileged?: boolean
  securityOpt?: readonly SecurityOpt[]
  /** Default: true (Docker: false), but false when `privileged`. */
  noNewPrivileges?: boolean
  /** Default: Docker's default profile. */
  seccomp?: Profile | 'default' | 'unconfined'
  /** The program may make user namespaces of its own. Default: false. */
  allowNestedUserns?: boolean
  /** `'nofile=1024:2048'` lines, or an object by name. */
  ulimits?: readonly string[] | Readonly<Record<string, number | Ulimit>>
  /** Only those that belong to a namespace of the container. */
  sysctls?: Readonly<Record<string, string>>
  /** -1000 to 1000. */
  oomScoreAdj?: number
  /** Default: `iso`, beneath the caller's own cgroup; absolute: from the root of each hierarchy. */
  cgroupParent?: string
  /** Work without privilege. `auto` (default): when the caller is not root. */
  rootless?: 'auto' | boolean

  /** Kill the program after this time. */
  timeout?: Duration
  /** Kill the program when it has written more than this to standard output and error together. */
  outputLimit?: Size
  /** Kill the program when this is aborted. */
  signal?: AbortSignal
  /** What stop() sends. Default: SIGTERM. */
  stopSignal?: NodeJS.Signals | number
  /** How long stop() waits before SIGKILL; -1: for ever. Default: 10000. */
  stopTimeoutMs?: number
  /** Let the container outlive this process. Default: false. */
  detached?: boolean
  /** Stop before the program and wait for `container.start()`. Default: false. */
  parked?: boolean
  /** Extra descriptors by the number they get in the program, from 3. */
  fds?: Readonly<Record<number, number>>
}

/** Every key of {@link RunOptions}; the compiler keeps it complete. @internal */
export const RUN_OPTION_KEYS: Record<keyof RunOptions, true> = {
  image: true,
  rootfs: true,
  ephemeral: true,
  storageSize: true,
  readonly: true,
  id: true,
  name: true,
  hostname: true,
  domainname: true,
  env: true,
  envFile: true,
  cwd: true,
  user: true,
  groupAdd: true,
  umask: true,
  entrypoint: true,
  tty: true,
  stdin: true,
  stdout: true,
  stderr: true,
  init: true,
  binds: true,
  bindsIfPresent: true,
  mounts: true,
  tmpfs: true,
  files: true,
  shmSize: true,
  devices: true,
  deviceCgroupRules: true,
  network: true,
  pid: true,
  ipc: true,
  uts: true,
  cgroupns: true,
  userns: true,
  time: true,
  capAdd: true,
  capDrop: true,
  privileged: true,
  securityOpt: true,
  noNewPrivileges: true,
  seccomp: true,
  allowNestedUserns: true,
  ulimits: true,
  sysctls: true,
  oomScoreAdj: true,
  cgroupParent: true,
  rootless: true,
  timeout: true,
  outputLimit: true,
  signal: true,
  stopSignal: true,
  stopTimeoutMs: true,
  detached: true,
  parked: true,
  fds: true,
  cpus: true,
  cpuShares: true,
  cpuQuotaUs: true,
  cpuPeriodUs: true,
  cpusetCpus: true,
  cpusetMems: true,
  memory: true,
  memorySwap: true,
  memoryReservation: true,
  memorySwappiness: true,
  oomKillDisable: true,
  pids: true,
  blkioWeight: true,
  blkioWeightDevice: true,
  deviceReadBps: true,
  deviceWriteBps: true,
  deviceReadIops: true,
  deviceWriteIops: true,
}

/** Options of the launch below; the same object for start() and for show. @internal */
export type ContainerLaunchOptions = LaunchOptions
