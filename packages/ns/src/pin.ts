import { closeSync, openSync, statfsSync, unlinkSync } from 'node:fs'
import { IsoError, mount, nsInfo, umount2 } from '@iso/native'

import { absolute } from './internal/check.js'
import { withNamespace, type NamespaceRef } from './reference.js'

const NSFS_MAGIC = 0x6e736673

/**
 * Keep a namespace alive without a process: bind it to a file with mount(2). `ip netns` finds network namespaces in /run/netns.
 *
 * @param ref - the namespace.
 * @param file - absolute path that does not exist yet; it is made. It is removed again where the mount fails.
 * @throws IsoError `ISO_SYSCALL`: EINVAL for a mount namespace when `file` lies on a mount that is shared or in that namespace itself;
 * EPERM without CAP_SYS_ADMIN. A file that is there already is the error EEXIST of Node.
 * @remarks The pin shows in every mount namespace that `file` propagates to, and each copy keeps the namespace alive.
 * @example
 * ```ts
 * import { launch } from '@iso/native'
 * import { identify, join, namespaces, pin, unpin } from '@iso/ns'
 * await using child = await launch(['sleep', '60'], namespaces('net'))
 * pin({ pid: child.pid, type: 'net' }, '/run/iso-example-net')
 * await child.close()
 * console.log(identify('/run/iso-example-net').type) // net
 * await using later = await launch(['true'], join({ path: '/run/iso-example-net' }))
 * await later.exit
 * unpin('/run/iso-example-net')
 * ```
 * @see https://man7.org/linux/man-pages/man7/namespaces.7.html
 */
export function pin(ref: NamespaceRef, file: string): void {
  absolute('pin a namespace', file)
  withNamespace('pin a namespace', ref, (fd) => {
    nsInfo(fd) // anything else must not be bound here
    closeSync(openSync(file, 'wx', 0o444))
    try {
      mount({ source: `/proc/self/fd/${fd}`, target: file, flags: ['bind'] })
    } catch (error) {
      unlinkSync(file)
      throw error
    }
  })
}

/**
 * Let go of a pinned namespace and remove its file. The namespace ends when nothing else holds it.
 *
 * @throws IsoError `ISO_NOT_PINNED` when no namespace is pinned there: nothing is unmounted or removed then.
 */
export function unpin(file: string): void {
  absolute('unpin a namespace', file)
  if (statfsSync(file).type !== NSFS_MAGIC) {
    throw new IsoError('ISO_NOT_PINNED', `Cannot unpin ${JSON.stringify(file)}: no namespace is pinned there`, {
      path: file,
    })
  }
  umount2(file, ['detach', 'nofollow'])
  unlinkSync(file)
}
