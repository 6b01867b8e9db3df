/** Something a test cannot do without. Strings name what is asked for most; the objects name one thing of a kind. */
export type Need =
  | 'root'
  | 'ordinaryUser'
  | 'userns'
  | 'cgroup1'
  | 'cgroup2'
  | 'cgroup2Only'
  | 'overlay'
  | 'idmappedRoot'
  | 'overlayTwice'
  | 'diskForTemporaries'
  | 'sysResource'
  | { kernel: string }
  | { program: string }
  | { capability: string }
  | { controller: string; version?: 1 | 2 }
  | { file: string }
  | { arch: string }

/** What the machine answered. */
export type Answer = { met: true } | { met: false; reason: string; enable: string }

/** The name under which a need can be excused, such as `sysResource`, `kernel:6.5` or `program:crun`. */
export function nameOf(need: Need): string {
  if (typeof need === 'string') return need
  if ('controller' in need)
    return `controller:${need.controller}${need.version === undefined ? '' : `:v${need.version}`}`
  const [kind, value] = Object.entries(need)[0] as [string, string]
  return `${kind}:${value}`
}
