import type { Step } from '@iso/native'

import { absolute } from './internal/check.js'

/**
 * Change the program's root directory with chroot(2).
 *
 * **Not a sandbox**: a process with CAP_SYS_CHROOT leaves it again (it keeps a directory outside, changes the root once more, and climbs), and
 * processes, network and all else are shared. For a root that cannot be left use `pivotRoot()` in a new mount namespace, as
 * `overlay()` and `bindRoot()` of `@iso/overlay` do.
 *
 * @param path - absolute path of a directory.
 * @throws TypeError for a relative path. The launch fails with ENOENT, ENOTDIR, EPERM.
 * @remarks CAP_SYS_CHROOT.
 * @example
 * ```ts
 * import { launch } from '@iso/native'
 * import { chroot } from '@iso/ns'
 * await using child = await launch(['/bin/sh', '-c', 'cd /; pwd'], chroot('/'), { stdout: 'inherit' })
 * await child.exit
 * ```
 * @see https://man7.org/linux/man-pages/man2/chroot.2.html
 */
export function chroot(path: string): Step[] {
  return [{ origin: '@iso/ns', op: 'chroot', path: absolute('change the root', path), why: 'root directory' }]
}
