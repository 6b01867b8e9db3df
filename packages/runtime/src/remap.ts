// Which ids of the host are those of a container whose root is an unprivileged user.

import { IsoError } from '@iso/native'
import {
  checkRanges,
  layRanges,
  mergeRanges,
  subidRanges,
  toOutside,
  type IdMaps,
  type IdRange,
  type SubidFiles,
  type SubidRange,
} from '@iso/userns'
import { knownKeys, show } from './internal/check.js'
import type { UsernsRanges } from './options.js'

/** Users whose subordinate ids are for containers: ours, and Docker's. */
const USERS: readonly string[] = ['iso-remap', 'dockremap']

/**
 * @param files for tests
 * @throws TypeError or RangeError with the value; IsoError `ISO_NO_SUBIDS`, `ISO_USER_UNKNOWN`
 */
export function remapRanges(choice: 'private' | UsernsRanges, files?: SubidFiles): IdMaps {
  const maps = choice === 'private' ? ofFirst(USERS, files) : 'user' in choice ? ofUser(choice, files) : given(choice)
  for (const kind of ['uids', 'gids'] as const) checkRoot(kind, maps[kind])
  return maps
}

// Root inside makes the mounts, and must not be the root it is to be kept apart from.
function checkRoot(kind: 'uids' | 'gids', ranges: readonly IdRange[]): void {
  if (toOutside(ranges, 0) === undefined)
    throw new RangeError(`Cannot set userns: ${kind} have no 0 inside; a container needs its root`)
  if (ranges.some(({ outside }) => outside === 0))
    throw new RangeError(`Cannot set userns: ${kind} hold 0 of the host; root of the host is not for a container`)
}

function given(choice: object): IdMaps {
  knownKeys('userns', choice, ['uids', 'gids'])
  const { uids, gids } = choice as Partial<IdMaps>
  if (uids === undefined || gids === undefined)
    throw new TypeError(`Cannot set userns: ${uids === undefined ? 'uids' : 'gids'} are missing; wanted { uids, gids }`)
  for (const [what, ranges] of [
    ['uids of userns', uids],
    ['gids of userns', gids],
  ] as const)
    checkRanges(ranges, what)
  return { uids: mergeRanges(uids), gids: mergeRanges(gids) }
}

function ofUser(choice: { user: string | number }, files: SubidFiles | undefined): IdMaps {
  knownKeys('userns', choice, ['user'])
  const { user } = choice
  if (typeof user !== 'string' && !(Number.isInteger(user) && user >= 0))
    throw new TypeError(`Cannot set userns: ${show(user)} is no user`)
  const ranges = subidRanges(user, files)
  if (ranges.uids.length === 0 || ranges.gids.length === 0) throw noRanges([String(user)])
  return laid(ranges)
}

function ofFirst(users: readonly string[], files: SubidFiles | undefined): IdMaps {
  for (const user of users) {
    const ranges = rangesOrNone(user, files)
    if (ranges.uids.length > 0 && ranges.gids.length > 0) return laid(ranges)
  }
  throw noRanges(users)
}

const laid = ({ uids, gids }: { uids: SubidRange[]; gids: SubidRange[] }): IdMaps => ({
  uids: layRanges(uids),
  gids: layRanges(gids),
})

function rangesOrNone(user: string, files: SubidFiles | undefined): { uids: SubidRange[]; gids: SubidRange[] } {
  try {
    return subidRanges(user, files)
  } catch (error) {
    if (error instanceof IsoError && error.code === 'ISO_USER_UNKNOWN') return { uids: [], gids: [] }
    throw error
  }
}

function noRanges(users: readonly string[]): IsoError {
  const [first = ''] = users
  return new IsoError(
    'ISO_NO_SUBIDS',
    `Cannot set userns: ${users.map((user) => JSON.stringify(user)).join(' and ')} ${users.length > 1 ? 'have' : 'has'} no range of ids in /etc/subuid and /etc/subgid`,
    {
      path: '/etc/subuid',
      hint: `useradd --system --no-create-home ${first}; usermod --add-subuids 200000-265535 --add-subgids 200000-265535 ${first}; or give the ranges: userns: { uids, gids } (--uidmap 0:200000:65536)`,
    }
  )
}
