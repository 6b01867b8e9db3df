import type { Write } from '../write.js'

/** The controller has no files: being in the group is what lets perf(1) watch it. On v2 it is always there. */
export function limits(): Write[] {
  return []
}
