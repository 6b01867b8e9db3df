import type { SlotName, Step } from '@iso/native'

/** How mount events spread between the copies of a mount in several namespaces. */
export type Propagation = 'private' | 'slave' | 'shared' | 'unbindable'
const TYPES: readonly Propagation[] = ['private', 'slave', 'shared', 'unbindable']

/** What {@link propagation} changes. */
export interface PropagationOptions {
  /** Slot of the root beneath which `path` lies. Default: the process's own view. */
  in?: SlotName
  /** A mount point. Default: `/`. */
  path?: string
  /** Every mount below, too. Default: true. */
  recursive?: boolean
}

/**
 * Set how mounts spread, with mount(2): `private` (not at all), `slave` (in, not out), `shared` (both), `unbindable` (private, and not
 * to be bound elsewhere).
 *
 * @throws TypeError for an unknown type.
 * @remarks Do it before the first mount in a new mount namespace, or that mount may appear on the host. CAP_SYS_ADMIN; Linux 2.6.15.
 * @example
 * ```ts
 * import { launch } from '@iso/native'
 * import { namespaces, propagation } from '@iso/ns'
 * const steps = [...namespaces('mnt'), ...propagation('private')]
 * await using child = await launch(['mount', '-t', 'tmpfs', 'inside', '/mnt'], steps)
 * console.log((await child.exit).exitCode) // 0, and the host has no such mount
 * ```
 * @see https://man7.org/linux/man-pages/man7/mount_namespaces.7.html
 */
export function propagation(type: Propagation, options: PropagationOptions = {}): Step[] {
  if (!TYPES.includes(type)) {
    throw new TypeError(`Cannot set propagation: ${JSON.stringify(type)} is unknown; wanted ${TYPES.join(', ')}`)
  }
  const { path = options.in === undefined ? '/' : '.', recursive = true } = options
  return [
    {
      origin: '@iso/ns',
      op: 'propagation',
      path,
      propagation: type,
      recursive,
      ...(options.in === undefined ? {} : { in: options.in }),
      why: `mounts are ${type}`,
    },
  ]
}
