// The program iso-init: where it lies, and a descriptor of it that nothing inside a container can write to.

import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nativeMissing } from '../internal/native-missing.js'
import { IsoError } from '../iso-error.js'
import { memfdCreate } from '../syscalls/memfd.js'
import { mountSetattr, openTree } from '../syscalls/mount.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Where the compiled iso-init lies: beside the addon that was built or installed. It is static: one for every C library. */
function initPath(root: string): string {
  for (const place of ['build/Release/iso-init', `prebuilds/linux-${process.arch}/iso-init`]) {
    const path = join(root, place)
    if (existsSync(path)) return path
  }
  throw nativeMissing('find iso-init', root, 'iso-init')
}

/**
 * A descriptor to execute: a sealed memfd, so that a container cannot overwrite it through /proc/PID/exe (CVE-2019-5736). Where the
 * machine forbids executable memfds (vm.memfd_noexec=2, security modules that go by path) the file itself, behind a detached
 * read-only mount.
 * @internal
 */
export function openInit(root = ROOT): number {
  const path = initPath(root)
  let bytes
  try {
    bytes = readFileSync(path)
  } catch (cause) {
    throw nativeMissing('read iso-init', root, 'iso-init', cause)
  }
  try {
    return memfdCreate('iso-init', bytes, { executable: true })
  } catch (error) {
    if (!(error instanceof IsoError) || error.errnoName !== 'EACCES') throw error
    return openReadonly(path)
  }
}

function openReadonly(path: string): number {
  let mount: number
  try {
    mount = openTree(null, path, ['clone'])
  } catch {
    return openSync(path, 'r') // without CAP_SYS_ADMIN; an ordinary user's container cannot write to a file of root either
  }
  try {
    mountSetattr({ fd: mount }, { set: ['ro'] })
    return openSync(`/proc/self/fd/${mount}`, 'r')
  } finally {
    closeSync(mount)
  }
}
