// The process's own view of the cgroups.

import type { Step } from '@iso/native'

import { currentLayout } from './internal/current-layout.js'
import type { Layout } from './layout.js'

/**
 * Make the step that gives the process a cgroup namespace, whose roots are the groups it is in at that moment (unshare(2), clone3(2)).
 *
 * Must stand after the steps of `cgroup()`, which has the option `namespace` for it. On v2 the clone makes it, together with the birth in
 * the group; with v1 hierarchies the process enters its groups after the clone, so the namespace has to wait for that.
 *
 * @example
 * ```ts
 * import { cgroup, cgroupNamespace } from '@iso/cgroups'
 * console.log([...cgroup({ pids: 10 }), ...cgroupNamespace()].map((step) => step.op).join(' '))
 * ```
 * @see man cgroup_namespaces(7)
 */
export function cgroupNamespace(options: { layout?: Layout } = {}): Step[] {
  const { mode } = options.layout ?? currentLayout()
  const common = { namespaces: ['cgroup'] as const, origin: '@iso/cgroups', why: 'own view of the cgroups' }
  return mode === 'v2' ? [{ op: 'clone', ...common }] : [{ op: 'unshare', side: 'child', ...common }]
}
