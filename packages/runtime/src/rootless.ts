// Without privilege: what makes a caller an ordinary user.

import type { RunOptions } from './options.js'

/** Whether the caller works without privilege. @throws TypeError for a value that is unknown. */
export function isRootless({ rootless = 'auto' }: Pick<RunOptions, 'rootless'>): boolean {
  if (rootless !== 'auto' && typeof rootless !== 'boolean')
    throw new TypeError(`Cannot set rootless: ${String(rootless)} is unknown; wanted "auto", true or false`)
  return rootless === 'auto' ? process.geteuid?.() !== 0 : rootless
}
