import type { NamespaceName, SlotName, Step } from '@iso/native'

import { absolute, checkTypes } from './internal/check.js'
import { NAMESPACE_NAMES } from './table.js'

/** Who the program is in a joined user namespace. */
export type JoinUser = 'root' | 'keep' | { uid: number; gid: number }

/** Whose namespaces are joined, and as whom. */
export type JoinTarget = (
  | {
      /** A process by its number. It may have ended meanwhile and the number mean another: where that matters, use a pidfd. */
      pid: number
      /** Default: all eight. */
      types?: readonly NamespaceName[]
    }
  | {
      /** A pidfd, or a namespace descriptor, that the caller hands to `launch()` as `fds: { [slot]: fd }`. */
      slot: SlotName
      /** Default: all eight. */
      types?: readonly NamespaceName[]
    }
  | {
      /** A namespace that is pinned to a file, or a file /proc/PID/ns/TYPE. */
      path: string
      type?: NamespaceName
    }
) & {
  /**
   * `root`: user and group 0 of the joined user namespace, without the caller's groups where that allows setgroups(2); as nsenter(1) does. Nothing
   * changes where no user namespace is entered. `keep`: the caller's ids, which may mean nobody (65534) inside. Numbers: that user and group, without
   * other groups, wherever the program is. Default: `root`.
   */
  user?: JoinUser
}

/**
 * Run the program in namespaces that exist: a throw-away stage joins them with setns(2), and the program is born inside.
 *
 * Joining several at once by pid or pidfd is one atomic call, the user namespace first. Those the caller is in already are left out. In another
 * user namespace the program becomes its root: see `user`.
 *
 * @returns steps; several `join()` may follow one another, the user namespace first.
 * @throws TypeError, RangeError for bad arguments. The launch fails with ESRCH (the process has ended), EPERM (CAP_SYS_ADMIN over the
 * namespace is missing; for numbers in `user`, CAP_SETUID and CAP_SETGID), ESTALE (the path is no namespace), EINVAL of setresuid (the user
 * namespace has no user or group of that number).
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
      ...identity(types.length === 0 ? ['user'] : types, target.user),
    ]
  }
  const namespaces = checkTypes('join namespaces', target.types ?? NAMESPACE_NAMES)
  if (namespaces.length === 0) throw new TypeError('Cannot join namespaces: no type was given')
  const why = `join ${namespaces.join(', ')}`
  const rest = identity(namespaces, target.user)
  if ('slot' in target) return [{ ...own, op: 'setns', slot: target.slot, namespaces, why }, ...rest]
  const { pid } = target
  if (!Number.isInteger(pid) || pid < 1) throw new RangeError(`Cannot join namespaces: ${String(pid)} is no process ID`)
  const slot = `ns:join:${pid}`
  return [
    { ...own, op: 'pidfdOpen', pid, slot, why: 'the process whose namespaces are joined' },
    { ...own, op: 'setns', slot, namespaces, why },
    ...rest,
  ]
}

// becomeRoot asks the stage whether a user namespace was entered at all.
function identity(types: readonly NamespaceName[], user: JoinUser = 'root'): Step[] {
  const own = { origin: '@iso/ns' } as const
  if (user === 'keep' || (user === 'root' && !types.includes('user'))) return []
  if (user === 'root')
    return [{ ...own, op: 'becomeRoot', why: "the caller's ids are nobody's in another user namespace" }]
  const { uid, gid } = Object(user) as Partial<Exclude<JoinUser, string>>
  if (!isId(uid) || !isId(gid)) {
    throw new TypeError(
      `Cannot join namespaces: user is ${JSON.stringify(user)}; wanted 'root', 'keep' or { uid, gid } from 0 to 2147483647`
    )
  }
  // A namespace with setgroups=deny keeps the groups, and they mean nothing inside.
  const groups = { ...own, op: 'setgroups', gids: [], onError: { ignore: ['EPERM'] } } as const
  return [
    { ...groups, why: "let go of the caller's groups" },
    { ...own, op: 'setgid', gid, why: 'group inside' },
    { ...own, op: 'setuid', uid, why: 'user inside' },
  ]
}

const isId = (id: unknown): id is number => Number.isInteger(id) && (id as number) >= 0 && (id as number) < 2 ** 31
