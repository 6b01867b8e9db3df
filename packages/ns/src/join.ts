import type { NamespaceName, SlotName, Step } from '@iso/native'

import { absolute, checkTypes } from './internal/check.js'
import { NAMESPACE_NAMES } from './table.js'

/** Whose namespaces are joined. */
export type JoinTarget =
  /** A process by its number. It may have ended meanwhile and the number mean another: where that matters, use a pidfd. */
  | { pid: number; types?: readonly NamespaceName[] }
  /** A pidfd, or a namespace descriptor, that the caller hands to `launch()` as `fds: { [slot]: fd }`. */
  | { slot: SlotName; types?: readonly NamespaceName[] }
  /** A namespace that is pinned to a file, or a file /proc/PID/ns/TYPE. */
  | { path: string; type?: NamespaceName }

/**
 * Run the program in namespaces that exist: a throw-away stage joins them with setns(2), and the program is born inside.
 *
 * Joining several at once by pid or pidfd is one atomic call, the user namespace first. Those the caller is in already are left out.
 *
 * @param target - `types` default to all eight.
 * @returns steps; several `join()` may follow one another, the user namespace first.
 * @throws TypeError, RangeError for bad arguments. The launch fails with ESRCH (the process has ended), EPERM (CAP_SYS_ADMIN over the
 * namespace is missing), ESTALE (the path is no namespace).
 * @remarks The root directory and working directory become those of the joined mount namespace. By pid or pidfd: Linux 5.8.
 * @example
 * ```ts
 * import { launch } from '@iso/native'
 * import { hostname, join, namespaces } from '@iso/ns'
 * await using first = await launch(['sleep', '60'], [...namespaces('uts'), ...hostname('box')])
 * await using second = await launch(['hostname'], join({ pid: first.pid, types: ['uts'] }), { stdout: 'inherit' }) // box
 * await second.exit
 * ```
 * @see https://man7.org/linux/man-pages/man2/setns.2.html
 */
export function join(target: JoinTarget): Step[] {
  const own = { origin: '@iso/ns' } as const
  if ('path' in target) {
    const path = absolute('join a namespace', target.path)
    const types = target.type === undefined ? [] : checkTypes('join a namespace', [target.type])
    const slot = `ns:join:${path}`
    return [
      { ...own, op: 'open', side: 'stage', path, flags: ['readOnly'], fs: 'nsfs', slot, why: 'the namespace to join' },
      { ...own, op: 'setns', slot, namespaces: types, why: `join ${types[0] ?? path}` },
    ]
  }
  const namespaces = checkTypes('join namespaces', target.types ?? NAMESPACE_NAMES)
  if (namespaces.length === 0) throw new TypeError('Cannot join namespaces: no type was given')
  const why = `join ${namespaces.join(', ')}`
  if ('slot' in target) return [{ ...own, op: 'setns', slot: target.slot, namespaces, why }]
  const { pid } = target
  if (!Number.isInteger(pid) || pid < 1) throw new RangeError(`Cannot join namespaces: ${String(pid)} is no process ID`)
  const slot = `ns:join:${pid}`
  return [
    { ...own, op: 'pidfdOpen', pid, slot, why: 'the process whose namespaces are joined' },
    { ...own, op: 'setns', slot, namespaces, why },
  ]
}
