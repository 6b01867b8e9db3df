// remap(): root of the container is an unprivileged user of the host.

import { IsoError, type Step } from '@iso/native'

import { layRanges } from './layout.js'
import { subidRanges, type SubidFiles, type SubidRange } from './subid.js'
import { userns } from './userns.js'

/** Options of {@link remap}: a user whose subordinate ids are taken, or the ranges themselves. */
export type RemapOptions =
  { user: string | number; files?: SubidFiles } | { uids: readonly SubidRange[]; gids: readonly SubidRange[] }

/**
 * Describe a user namespace made by the host's root whose root is an unprivileged user of the host, as Docker's
 * userns-remap: id 0 inside is the first subordinate id, and none of the host's own users exists inside.
 *
 * Directories the container writes to must belong to the mapped root (`chown` them, or see {@link idmapped}).
 *
 * Warning: what keeps this root from files that only the host's root may read is that their owner is not mapped. {@link idmapped} and the option `idmap`
 * of `overlay()` map it: of a directory shown that way, and of an overlay of `/` with it `/etc/shadow`, container root reads everything.
 *
 * @param options `{ user: 'dockremap' }` for the ranges of `/etc/subuid` and `/etc/subgid`, or the ranges
 * @throws IsoError `ISO_NO_SUBIDS` where the user has none, `ISO_USER_UNKNOWN`; RangeError for ranges that overlap
 *
 * Privileges: CAP_SETUID and CAP_SETGID. Kernel 3.8.
 *
 * @example
 * ```ts
 * import { launch } from '@iso/native'
 * import { remap } from '@iso/userns'
 * const range = [{ start: 200000, count: 65536 }]
 * const child = await launch(['/usr/bin/id', '-u'], remap({ uids: range, gids: range }))
 * child.stdout?.pipe(process.stdout) // 0, which is 200000 outside
 * await child.closed
 * ```
 * @see https://docs.docker.com/engine/security/userns-remap/
 */
export function remap(options: RemapOptions): Step[] {
  const { uids, gids } = 'user' in options ? rangesOfUser(options.user, options.files) : options
  return userns({ uids: layRanges(uids), gids: layRanges(gids), writer: 'direct' })
}

function rangesOfUser(
  user: string | number,
  files: SubidFiles | undefined
): { uids: SubidRange[]; gids: SubidRange[] } {
  const ranges = subidRanges(user, files)
  for (const [kind, list] of [
    ['subuid', ranges.uids],
    ['subgid', ranges.gids],
  ] as const) {
    if (list.length > 0) continue
    const path = files?.[kind] ?? `/etc/${kind}`
    throw new IsoError('ISO_NO_SUBIDS', `Cannot remap to user "${user}": no range in ${path}`, {
      path,
      hint: `add a line "${user}:100000:65536"`,
    })
  }
  return ranges
}
