// The options of overlay(), and the one place where they are checked.

import { statSync } from 'node:fs'
import { isAbsolute, normalize } from 'node:path'

import type { SlotName } from '@iso/native'

/** Size of the tmpfs that takes the changes. */
export interface TmpfsUpper {
  /** Bytes that may be written, 4096 and above. Default: half of the machine's memory (the kernel's rule). */
  sizeBytes?: number
  /** Files and directories that may exist, from 3. Default: the kernel's, one for each page of half the memory. */
  inodes?: number
}

/** Who root of the container is on the host: the owner of the upper directory. */
export interface IdmapOwner {
  rootUid: number
  rootGid: number
}

/** Which mount interface builds the overlay; see {@link OverlayOptions.api}. */
export type OverlayApi = 'fsconfig' | 'mount'

/** What {@link overlay} is made from. */
export interface OverlayOptions {
  /** Absolute paths of the lower directories, the topmost first; 1 to 500. They are never written to. */
  lower: readonly string[]
  /** Absolute path of the directory that takes the changes; made (mode 0755) when missing. */
  upper?: string
  /** Absolute path of the kernel's work directory, on the same mount as `upper` and outside it; made when missing. Default: `upper` + `.work`. */
  work?: string
  /** Take the changes in a tmpfs that vanishes with the container. Not together with `upper`. */
  tmpfs?: boolean | TmpfsUpper
  /** Mount read-only from the start: nothing can be created at mount points afterwards. Default: whether neither `upper` nor `tmpfs` is given. */
  readonly?: boolean
  /** Keep the marks of the overlay in `user.overlay.*` instead of `trusted.overlay.*`: needed in a user namespace. Kernel 5.11. */
  userxattr?: boolean
  /** Skip every sync of the upper file system; a crash makes the upper directory unusable. Kernel 5.10. */
  volatile?: boolean
  /** Keep hard links one file across copy-up. */
  index?: boolean
  /** Copy up metadata without data where only metadata changes. Not with `userxattr`. Unsafe with lower directories from untrusted hands. */
  metacopy?: boolean
  /** Rename directories by a redirect mark instead of EXDEV. `on` and `follow` not with `userxattr`. */
  redirectDir?: 'on' | 'off' | 'follow' | 'nofollow'
  /** Inode numbers that stay the same over file systems. */
  xino?: 'on' | 'off' | 'auto'
  /** Absolute path at which the overlay appears. Absent: it becomes the root (slot `root`), pivot_root included. */
  target?: string
  /** Slot beneath which `target` is resolved, such as `root`; absent: the process's own view. */
  in?: SlotName
  /**
   * For a container whose root is an unprivileged user of the host: the supervisor makes the overlay, with the owners of the
   * lower directories translated by the container's user namespace, and hands it over. Needs `fsconfig`, CAP_SYS_ADMIN on
   * the host and lower file systems that allow id mapping. Not with `userxattr`.
   *
   * Warning: files of the host's root then belong to root of the container, which reads them all. With `lower: ['/']` these are `/etc/shadow`,
   * private keys and whatever else only root may read, although that root is nobody on the host. Give it a directory made for
   * containers, or hide what is secret with `mask` steps.
   */
  idmap?: IdmapOwner
  /** When the kernel refuses the overlay: fail, or show the only lower directory itself, read-only. Default: `error`. See also {@link overlayOrCopy}. */
  fallback?: 'error' | 'bind'
  /** Interface to use. Default: `fsconfig` (`lowerdir+`) on kernel 6.8 and above, else `mount` (one page of options). */
  api?: OverlayApi
  /** Attach layers that only the plan itself knows while the overlay is made, which is what kernels before 6.15 take. Default: on those kernels. */
  attachLayers?: boolean
}

/** Most lower directories the kernel stacks in one overlay (OVL_MAX_STACK). */
export const MAX_LOWERS = 500

/** Check overlay options: programming mistakes become TypeError and RangeError before a kernel is asked. */
export function checkOverlayOptions(options: OverlayOptions): void {
  const { lower, upper, work, tmpfs, target } = options
  if (!Array.isArray(lower)) throw new TypeError(`Cannot make an overlay of ${String(lower)}: wanted lower: string[]`)
  if (lower.length === 0) throw new RangeError('Cannot make an overlay: no lower directory; wanted 1 to 500')
  if (lower.length > MAX_LOWERS) {
    throw new RangeError(
      `Cannot make an overlay of ${lower.length} lower directories: the kernel stacks at most ${MAX_LOWERS}`
    )
  }
  for (const path of [...lower, upper, work, target]) if (path !== undefined) checkPath(path)
  if (upper !== undefined && tmpfs) throw new TypeError('Cannot make an overlay with upper and tmpfs: choose one')
  if (work !== undefined && upper === undefined) throw new TypeError(`Cannot use work "${work}": it needs upper`)
  if (upper !== undefined && work !== undefined && (contains(upper, work) || contains(work, upper))) {
    throw new RangeError(
      `Cannot use work "${work}" with upper "${upper}": one lies inside the other; wanted two siblings`
    )
  }
  if (typeof tmpfs === 'object') {
    checkCount('tmpfs.sizeBytes', tmpfs.sizeBytes, 4096)
    checkCount('tmpfs.inodes', tmpfs.inodes, 3)
  }
  const writable = upper !== undefined || Boolean(tmpfs)
  if (options.volatile && !writable)
    throw new TypeError('Cannot make a volatile overlay: it has neither upper nor tmpfs')
  if (options.readonly === false && !writable)
    throw new TypeError('Cannot make a writable overlay: it has neither upper nor tmpfs')
  if (options.userxattr && options.metacopy)
    throw new TypeError('Cannot combine userxattr with metacopy: the kernel refuses it')
  if (options.userxattr && (options.redirectDir === 'on' || options.redirectDir === 'follow')) {
    throw new TypeError(`Cannot combine userxattr with redirectDir "${options.redirectDir}": the kernel refuses it`)
  }
  if (options.fallback === 'bind' && lower.length > 1) {
    throw new TypeError(
      `Cannot fall back to a bind mount of ${lower.length} lower directories: a bind shows one; wanted overlayOrCopy()`
    )
  }
  if (options.idmap !== undefined) checkIdmap(options, options.idmap)
  if (options.in !== undefined && target === undefined) throw new TypeError('Cannot use in without target')
  checkOverlap(lower, upper === undefined ? [] : [upper, work ?? `${upper}.work`])
}

/** Check one absolute path. */
export function checkPath(path: string): void {
  if (typeof path !== 'string' || !isAbsolute(path))
    throw new TypeError(`Cannot mount ${JSON.stringify(path)}: wanted an absolute path`)
  if (path.includes('{slot:'))
    throw new TypeError(`Cannot mount ${JSON.stringify(path)}: "{slot:" stands for a descriptor in a plan`)
  if (path.includes('\0')) throw new TypeError(`Cannot mount ${JSON.stringify(path)}: it holds a NUL byte`)
  if (Buffer.byteLength(path) >= 4096)
    throw new RangeError(`Cannot mount a path of ${Buffer.byteLength(path)} bytes: the kernel takes 4095`)
}

function checkIdmap(options: OverlayOptions, { rootUid, rootGid }: IdmapOwner): void {
  for (const [name, id] of [
    ['rootUid', rootUid],
    ['rootGid', rootGid],
  ] as const) {
    if (!Number.isInteger(id) || id < 0 || id > 0xffff_fffe)
      throw new RangeError(`Cannot set idmap.${name}: ${id} is no id; wanted 0 to 4294967294`)
  }
  if (options.api === 'mount')
    throw new TypeError('Cannot idmap an overlay with api "mount": it cannot be made detached')
  if (options.userxattr) throw new TypeError('Cannot combine idmap with userxattr: the overlay is made by the host')
  if (options.fallback === 'bind') throw new TypeError('Cannot combine idmap with fallback "bind"')
}

function checkCount(name: string, value: number | undefined, least: number): void {
  if (value !== undefined && !(Number.isSafeInteger(value) && value >= least)) {
    throw new RangeError(`Cannot set ${name}: ${value} is no whole number from ${least}`)
  }
}

// Layers that contain one another are ELOOP, but only within one file system (a tmpfs mounted below another layer is
// fine), and an upper directory inside a lower one is fine, too: the machine's own `/` below an upper in /var.
function checkOverlap(lower: readonly string[], upper: readonly string[]): void {
  const open: string[] = []
  for (const inner of [...lower, ...upper].map((path) => normalize(`${path}/`)).sort()) {
    while (open.length > 0 && !inner.startsWith(open[open.length - 1] as string)) open.pop()
    for (const outer of open) {
      if (upper.some((path) => normalize(`${path}/`) === inner) || !sameFileSystem(outer, inner)) continue
      throw new RangeError(
        `Cannot stack "${outer}" and "${inner}": one lies inside the other (the kernel answers ELOOP)`
      )
    }
    open.push(inner)
  }
}

function sameFileSystem(one: string, other: string): boolean {
  const first = statSync(one, { throwIfNoEntry: false })
  const second = statSync(other, { throwIfNoEntry: false })
  return first !== undefined && second !== undefined && first.dev === second.dev
}

function contains(outer: string, inner: string): boolean {
  return normalize(`${inner}/`).startsWith(normalize(`${outer}/`))
}
