// linux.namespaces, hostname, domainname, linux.timeOffsets: made by the clone, joined by the stage.

import type { NamespaceName, Step } from '@iso/native'
import { clockOffsets, domainname, hostname, join, loopbackUp, namespaces } from '@iso/ns'
import { toNumber } from '../config/big-numbers.js'
import { ConfigError } from '../config/config-error.js'
import type { NamespaceKind, TimeOffset } from '../spec/linux.js'
import { makes, separate, type Context } from './context.js'

/** The kernel's names. */
export const KERNEL_NAMES: Readonly<Record<NamespaceKind, NamespaceName>> = {
  mount: 'mnt',
  pid: 'pid',
  network: 'net',
  uts: 'uts',
  ipc: 'ipc',
  user: 'user',
  cgroup: 'cgroup',
  time: 'time',
}

// The user namespace first: it owns the others. The mount namespace last: paths of the others are the caller's.
const JOIN_ORDER: readonly NamespaceKind[] = ['user', 'ipc', 'uts', 'network', 'pid', 'cgroup', 'time', 'mount']

/** New namespaces but user and cgroup, which come with their maps and groups; joined ones; names and clocks. */
export function namespaceSteps(context: Context): Step[] {
  const { config } = context
  const made = (['mount', 'pid', 'network', 'uts', 'ipc', 'time'] as const).filter((kind) => makes(context, kind))
  if (separate(context, 'mount') && !makes(context, 'mount'))
    throw new ConfigError(
      '$.linux.namespaces',
      'a mount namespace with a path cannot be joined; the container needs its own'
    )
  return [
    ...joinSteps(context),
    ...namespaces(...made.map((kind) => KERNEL_NAMES[kind])),
    ...(config.hostname ? hostname(config.hostname) : []),
    ...(config.domainname ? domainname(config.domainname) : []),
    ...(makes(context, 'network') ? loopbackUp() : []),
    ...timeSteps(context),
  ]
}

function joinSteps({ namespaces: entries }: Context): Step[] {
  return JOIN_ORDER.flatMap((kind) => {
    const path = entries.get(kind)?.path ?? ''
    return path === '' ? [] : join({ path, type: KERNEL_NAMES[kind] })
  })
}

function timeSteps({ config }: Context): Step[] {
  const { monotonic, boottime } = config.linux?.timeOffsets ?? {}
  const offsets = {
    ...(monotonic !== undefined && { monotonicSec: seconds(monotonic) }),
    ...(boottime !== undefined && { boottimeSec: seconds(boottime) }),
  }
  return Object.keys(offsets).length === 0 ? [] : clockOffsets(offsets)
}

const seconds = ({ secs = 0, nanosecs = 0 }: TimeOffset): number => toNumber(secs) + nanosecs / 1e9
