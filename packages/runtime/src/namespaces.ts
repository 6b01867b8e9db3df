// Which namespaces the container gets, its host name, and its loopback interface.

import type { NamespaceName, Step } from '@iso/native'
import { clockOffsets, domainname, hostname, loopbackUp, namespaces } from '@iso/ns'
import { oneOf } from './internal/check.js'
import type { Context } from './internal/context.js'

/** Which of the five optional namespaces are the container's own. */
export interface NamespaceChoice {
  pid: boolean
  ipc: boolean
  uts: boolean
  net: boolean
  cgroup: boolean
}

/** @throws TypeError for a choice that is unknown, such as the engine's `container:NAME`. */
export function chooseNamespaces({ options }: Context): NamespaceChoice {
  const own = (key: 'pid' | 'uts' | 'cgroupns') =>
    oneOf(key, options[key] ?? 'private', ['private', 'host']) === 'private'
  return {
    pid: own('pid'),
    uts: own('uts'),
    cgroup: own('cgroupns'),
    ipc: oneOf('ipc', options.ipc ?? 'private', ['private', 'none', 'host']) !== 'host',
    net: oneOf('network', options.network ?? 'none', ['none', 'host']) === 'none',
  }
}

/** The clone and the names; the cgroup namespace comes with the cgroup (limits.ts), the user namespace with rootless.ts. */
export function namespaceSteps(context: Context, own: NamespaceChoice): Step[] {
  const { options } = context
  const types: NamespaceName[] = ['mnt', ...(['pid', 'uts', 'ipc', 'net'] as const).filter((type) => own[type])]
  if (!own.uts && (options.hostname !== undefined || options.domainname !== undefined)) {
    throw new TypeError('Cannot set a host name: uts "host" shares that of the host')
  }
  return [
    ...namespaces(...types),
    ...(own.uts ? hostname(hostnameOf(context)) : []),
    ...(options.domainname === undefined ? [] : domainname(options.domainname)),
    ...(own.net ? loopbackUp() : []),
    ...clockSteps(options.time),
  ]
}

/** The host name inside: what was asked for, or the first 12 digits of the id. */
export function hostnameOf({ id, options }: Context): string {
  return options.hostname ?? id.slice(0, 12)
}

function clockSteps(time: Context['options']['time']): Step[] {
  if (time === undefined) return []
  return [...namespaces('time'), ...(Object.keys(time).length === 0 ? [] : clockOffsets(time))]
}
