// The layout for a plan made now: reading all of it takes 0.1 ms, a third of what a whole plan may take.

import { readFileSync } from 'node:fs'

import { detectLayout, readControllers, type Layout } from '../layout.js'

let known: { memberships: string; layout: Layout } | undefined

/**
 * {@link detectLayout}, with the mounts remembered for as long as this process is in the same cgroups of the same hierarchies: a v1
 * hierarchy that is mounted anew shows in /proc/self/cgroup. Which controllers v2 hands down may change without that, and is read each time.
 */
export function currentLayout(): Layout {
  const memberships = read()
  if (memberships === undefined || memberships !== known?.memberships) {
    const layout = detectLayout()
    if (memberships !== undefined) known = { memberships, layout }
    return layout
  }
  const { layout } = known
  return layout.v2 === undefined
    ? layout
    : { ...layout, v2: { ...layout.v2, controllers: readControllers(layout.v2.directory) } }
}

function read(): string | undefined {
  try {
    return readFileSync('/proc/self/cgroup', 'utf8')
  } catch {
    return undefined
  }
}
