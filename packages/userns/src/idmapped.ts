// idmapped(): a directory of the host whose owners are translated by the container's id maps.

import { createHash } from 'node:crypto'
import { isAbsolute } from 'node:path'

import type { SlotName, Step } from '@iso/native'

/** Options of {@link idmapped}. */
export interface IdmappedOptions {
  /** Absolute path of the file or directory on the host. */
  path: string
  /** Where it appears. */
  target: string
  /** Slot beneath which `target` is resolved. Default: `root`, the container's new root; `null`: the process's own view. */
  in?: SlotName | null
  /** Also every mount below; each of their file systems must allow id mapping. Default: false. */
  recursive?: boolean
  /** Nothing can be written through it. Default: false. */
  readonly?: boolean
}

const ORIGIN = '@iso/userns'

/**
 * Describe an idmapped mount, mount_setattr(2) MOUNT_ATTR_IDMAP: a file that belongs to uid 1000 on the host belongs to
 * uid 1000 inside the container, too, and what the container makes there as uid 1000 belongs to uid 1000 on the host,
 * although 1000 inside is another user outside. Nothing is chowned.
 *
 * Warning: what belongs to root of the host belongs to root of the container there, who reads it whatever its mode, and changes it
 * unless `readonly`. Show directories made for containers, not `/`, `/etc` or `/root`.
 *
 * The supervisor makes the mount with the container's own user namespace, once its maps stand, and hands it over detached.
 * So these steps go with {@link userns} or {@link remap} in one launch. Not for the upper directory of an overlay, which the
 * kernel turns read-only without a word: idmap the lower directories.
 *
 * Privileges: CAP_SYS_ADMIN in the user namespace of the file system, so the host's root. Kernel 5.12 (ext4, FAT), 5.15
 * btrfs, 5.12 xfs, 5.19 overlay, 6.3 tmpfs; others EINVAL.
 *
 * @throws TypeError for relative paths
 *
 * @example
 * ```ts
 * import { launch } from '@iso/native'
 * import { idmapped, remap } from '@iso/userns'
 * const range = [{ start: 200000, count: 65536 }]
 * const child = await launch(['/usr/bin/stat', '-c', '%u', '/mnt/passwd'], [
 *   ...remap({ uids: range, gids: range }),
 *   { op: 'clone', namespaces: ['mnt'] },
 *   { op: 'propagation', path: '/', propagation: 'slave', recursive: true },
 *   ...idmapped({ path: '/etc', target: '/mnt', in: null }),
 * ])
 * child.stdout?.pipe(process.stdout) // 0: root's file is root's inside
 * await child.closed
 * ```
 * @see https://man7.org/linux/man-pages/man2/mount_setattr.2.html
 */
export function idmapped(options: IdmappedOptions): Step[] {
  const { path, target, recursive = false, readonly = false } = options
  for (const [name, value] of [
    ['path', path],
    ['target', target],
  ] as const) {
    if (!isAbsolute(value) || value.includes('\0'))
      throw new TypeError(`Cannot idmap ${name} ${JSON.stringify(value)}: wanted an absolute path`)
  }
  const root = options.in === undefined ? 'root' : options.in
  const beside = { side: 'parent', phase: 'beside' } as const
  // Barrier names are short: at most 55 bytes.
  const id = createHash('sha256').update(target).digest('hex').slice(0, 12)
  const names = { userns: `userns:ns:${id}`, made: `userns:idmapped:${id}`, received: `userns:received:${id}` }
  const steps: Step[] = [
    {
      ...beside,
      op: 'open',
      path: '/proc/{pid}/ns/user',
      flags: ['readOnly'],
      fs: 'nsfs',
      slot: names.userns,
      why: 'the maps that translate owners',
    },
    { ...beside, op: 'openTree', path, recursive, slot: names.made },
    {
      ...beside,
      op: 'mountSetattr',
      in: names.made,
      recursive,
      set: readonly ? ['idmap', 'ro'] : ['idmap'],
      propagation: 'private',
      userns: names.userns,
      why: 'owners as the container sees them',
    },
    { ...beside, op: 'signal', barrier: names.made, send: names.made },
    { op: 'wait', side: 'child', barrier: names.made, receive: names.received },
    { op: 'moveMount', slot: names.received, path: target, create: 'sameAsSource', ...(root !== null && { in: root }) },
  ]
  return steps.map((step) => ({ origin: ORIGIN, ...step }))
}
