// probe(): which overlays this kernel makes for this user.

import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'

import type { Step } from '@iso/native'

import { attempt } from './internal/attempt.js'
import { MAX_LOWERS, type OverlayApi } from './overlay-options.js'

/** What {@link probe} found. */
export interface OverlayProbe {
  /** Interfaces that worked; empty: no overlay at all. */
  apis: OverlayApi[]
  /** Whether an overlay with `userxattr` on a tmpfs worked. */
  userxattr: boolean
  /** Lower directories one overlay may have. */
  maxLowers: number
  /** What was refused, in the words of the kernel. */
  causes: string[]
}

/**
 * Try overlays, each in a process of its own that runs nothing: over `/usr`, with a tmpfs on top, by either interface and
 * with `userxattr`. Nothing is left behind.
 *
 * How deep overlays may nest (two, upper included) is a matter of the lower directories: `overlayOrCopy()` tries those.
 *
 * @param within steps of the launches that decide what is allowed, such as `rootless().steps` for an ordinary user
 *
 * @example
 * ```ts
 * import { probe } from '@iso/overlay'
 * console.log(await probe()) // { apis: [ 'fsconfig', 'mount' ], userxattr: true, maxLowers: 500, causes: [] }
 * ```
 */
export async function probe(within: readonly Step[] = []): Promise<OverlayProbe> {
  const lower = [existsSync('/usr') ? '/usr' : tmpdir()]
  const found: OverlayProbe = { apis: [], userxattr: false, maxLowers: MAX_LOWERS, causes: [] }
  for (const api of ['fsconfig', 'mount'] as const) {
    const refusal = await attempt({ lower, tmpfs: true, api }, within)
    if (refusal === undefined) found.apis.push(api)
    else found.causes.push(`${api}: ${refusal.message}`)
  }
  const [api] = found.apis
  if (api === undefined) return found
  const refusal = await attempt({ lower, tmpfs: true, userxattr: true, api }, within)
  found.userxattr = refusal === undefined
  if (refusal !== undefined) found.causes.push(`userxattr: ${refusal.message}`)
  return found
}
