// The seam: the addon's functions with their types, loaded at first use, and the one place where what C throws becomes an
// IsoError. Importing @iso/native for its plans alone needs no binary.

import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { nativeMissing } from './internal/native-missing.js'
import { sinceHint } from './internal/since.js'
import { IsoError, errnoName } from './iso-error.js'
import type { PathLike } from './path-like.js'

/** What addon/binding.c registers. Arguments are checked before they get here. @internal */
export interface Binding {
  mkdirat: (dirfd: number, name: PathLike, mode: number) => void
  symlinkat: (target: PathLike, dirfd: number, name: PathLike) => void
  linkat: (fromDirfd: number, from: PathLike, toDirfd: number, to: PathLike) => void
  mknodat: (dirfd: number, name: PathLike, mode: number, major: number, minor: number) => void
  unlinkat: (dirfd: number, name: PathLike, directory: number) => void
  renameat: (fromDirfd: number, from: PathLike, toDirfd: number, to: PathLike) => void
  fchownat: (dirfd: number, name: PathLike, uid: number, gid: number) => void
  fchmodat: (dirfd: number, name: PathLike, mode: number) => void
  utimensat: (
    dirfd: number,
    name: PathLike | null,
    accessSec: number,
    accessNsec: number,
    modifySec: number,
    modifyNsec: number
  ) => void
  readNames: (fd: number) => Buffer
  syncfs: (fd: number) => void
  capget: (pid: number) => { effective: bigint; permitted: bigint; inheritable: bigint }
  prctl: (option: number, second: number, third: number) => number
  eventfd: (initial: number, flags: number) => number
  eventfdRead: (fd: number) => bigint | null
  eventfdWrite: (fd: number, count: number) => void
  flock: (fd: number, operation: number) => boolean
  launcherSocket: () => number
  launcherStart: (program: number, theirs: number, ours: number) => number
  launcherStop: (socket: number) => void
  memfdCreate: (name: string, executable: number) => number
  addSeals: (fd: number, seals: number) => void
  getSeals: (fd: number) => number
  mknod: (path: PathLike, mode: number, major: number, minor: number) => void
  mount: (
    source: PathLike | null,
    target: PathLike,
    fstype: string | null,
    flags: number,
    data: PathLike | null
  ) => void
  umount2: (target: PathLike, flags: number) => void
  fsopen: (fstype: string) => number
  fsconfig: (fsfd: number, command: number, key: string | null, value: PathLike | null, aux: number) => void
  fsmount: (fsfd: number, attributes: number) => number
  openTree: (dirfd: number, path: PathLike, flags: number) => number
  moveMount: (fromFd: number, from: PathLike, toFd: number, to: PathLike, flags: number) => void
  mountSetattr: (
    dirfd: number,
    path: PathLike,
    flags: number,
    set: number,
    clear: number,
    propagation: number,
    usernsFd: number
  ) => void
  nsInfo: (fd: number) => { type: number; ownerUid: number | null; inode: number; device: number }
  nsParent: (fd: number) => number
  nsUserns: (fd: number) => number
  nsPidFrom: (pidNsFd: number, pid: number) => number
  nsPidIn: (pidNsFd: number, pid: number) => number
  socketInNamespace: (netNsFd: number, family: number, type: number, protocol: number) => number
  hostnameInNamespace: (utsNsFd: number) => { hostname: string; domainname: string }
  openat2: (dirfd: number, path: PathLike, flags: number, mode: number, resolve: number) => number
  close: (fd: number) => void
  closeRange: (first: number, last: number) => void
  dup: (fd: number) => number
  adopt: (fd: number) => void
  release: (fd: number) => void
  pipe2: (flags: number, bytes: number) => [number, number]
  pidfdOpen: (pid: number) => number
  pidfdSendSignal: (pidfd: number, signal: number) => void
  pidfdGetfd: (pidfd: number, target: number) => number
  waitPidfd: (pidfd: number) => { pid: number; code: number; status: number; userUs: number; systemUs: number } | null
  openpty: () => [number, number]
  setWinsize: (fd: number, rows: number, columns: number) => void
  getWinsize: (fd: number) => { rows: number; columns: number }
  makeRaw: (fd: number) => Buffer
  restoreMode: (fd: number, mode: Uint8Array) => void
  socketpair: (type: number) => [number, number]
  sendFds: (socket: number, data: Uint8Array, fds: readonly number[]) => number
  recvFds: (socket: number, maxBytes: number) => { data: Buffer; fds: number[]; truncated: boolean } | null
  peerCredentials: (socket: number) => { pid: number; uid: number; gid: number }
  watch: (fd: number, events: number, callback: (errno: number) => void, keepAlive: number, owned: number) => object
  watchClose: (handle: object) => void
  getxattr: (path: PathLike, name: string) => Buffer
  lgetxattr: (path: PathLike, name: string) => Buffer
  fgetxattr: (fd: number, name: string) => Buffer
  setxattr: (path: PathLike, name: string, value: Uint8Array, flags: number) => void
  lsetxattr: (path: PathLike, name: string, value: Uint8Array, flags: number) => void
  fsetxattr: (fd: number, name: string, value: Uint8Array, flags: number) => void
  listxattr: (path: PathLike) => Buffer
  llistxattr: (path: PathLike) => Buffer
  flistxattr: (fd: number) => Buffer
  removexattr: (path: PathLike, name: string) => void
  lremovexattr: (path: PathLike, name: string) => void
  fremovexattr: (fd: number, name: string) => void
}

let loaded: Binding | undefined

/**
 * The addon, loaded at the first call.
 * @throws IsoError ISO_NATIVE_MISSING when there is neither a prebuilt binary for this machine nor a compiled one.
 * @internal
 */
export function binding(): Binding {
  loaded ??= load(fileURLToPath(new URL('..', import.meta.url)))
  return loaded
}

/** Loads the addon of the package in `root`; apart from {@link binding} for the sake of its test. @internal */
export function load(root: string): Binding {
  let raw: Record<string, (...values: unknown[]) => unknown>
  try {
    raw = createRequire(import.meta.url)('node-gyp-build')(root)
  } catch (cause) {
    throw nativeMissing('load the native addon', root, 'addon.node', cause)
  }
  return Object.fromEntries(Object.entries(raw).map(([name, call]) => [name, converting(call)])) as unknown as Binding
}

// Runs an addon function; what it throws is { errno, syscall, path? }.
function converting(call: (...values: unknown[]) => unknown) {
  return (...values: unknown[]): unknown => {
    try {
      return call(...values)
    } catch (thrown) {
      throw isFailure(thrown) ? toError(thrown) : thrown
    }
  }
}

interface Failure {
  errno: number
  syscall: string
  path?: string
}

function isFailure(thrown: unknown): thrown is Failure {
  return (
    typeof thrown === 'object' &&
    thrown !== null &&
    'errno' in thrown &&
    'syscall' in thrown &&
    !(thrown instanceof Error)
  )
}

const HINTS: Readonly<Record<string, string>> = {
  EPERM: 'a capability over the namespace concerned is missing, or a seccomp filter or security module forbids it',
  EMFILE: 'this process has as many files open as RLIMIT_NOFILE allows',
}

function toError({ errno, syscall, path }: Failure): IsoError {
  const name = errnoName(errno)
  const hint = name === 'ENOSYS' ? sinceHint(syscall) : HINTS[name]
  return new IsoError('ISO_SYSCALL', `Cannot ${syscall}${path === undefined ? '' : ` ${JSON.stringify(path)}`}`, {
    errno,
    syscall,
    ...(path === undefined ? {} : { path }),
    ...(hint === undefined ? {} : { hint }),
  })
}
