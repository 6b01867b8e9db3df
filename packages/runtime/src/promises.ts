// What a program could undo: mounts made in a user namespace can be changed by whoever has CAP_SYS_ADMIN in it (the kernel locks only those
// that a more privileged namespace made). A promise that would not hold is not made.

import type { Step } from '@iso/native'
import type { Context } from './internal/context.js'
import { list, show } from './internal/check.js'
import { parseBind } from './mounts/binds.js'
import { parseTmpfs } from './mounts/tmpfs.js'
import type { BindOptions, TmpfsOptions } from './mount-options.js'

/**
 * The first promise that CAP_SYS_ADMIN inside could break; undefined where there is none.
 *
 * The hidden paths of /proc and /sys are none: what they keep from root of the machine the kernel itself refuses to a root that is none.
 *
 * @param root the steps of the root
 */
export function breakablePromise({ userns, idmap, options }: Context, root: readonly Step[]): string | undefined {
  if (!userns) return undefined
  if (options.readonly) return 'the root read-only'
  const mount = readonlyMounts(options).find(({ readonly }) => readonly)
  if (mount !== undefined) return `${show(mount.target)} read-only`
  if (options.image !== 'host') return undefined
  // There root inside reads the files of root, and these are hidden by mounts.
  if (idmap !== undefined) return 'the secrets of image "host" hidden'
  const bound = root.find((step) => step.op === 'bind')
  return bound?.op === 'bind' ? `${show(bound.source)} of image "host" read-only` : undefined
}

/** @returns the refusal of a combination. */
export function cannotKeep(promise: string): TypeError {
  return new TypeError(
    `Cannot keep ${promise}: with CAP_SYS_ADMIN in its own user namespace the program can undo it; wanted one of the two`
  )
}

function readonlyMounts(options: Context['options']): readonly (BindOptions | TmpfsOptions)[] {
  const { binds, bindsIfPresent, tmpfs, mounts } = options
  return [
    ...[...list('binds', binds), ...list('bindsIfPresent', bindsIfPresent)].map((bind) => parseBind(bind)),
    ...list('tmpfs', tmpfs).map((one) => parseTmpfs(one)),
    ...list('mounts', mounts),
  ]
}
