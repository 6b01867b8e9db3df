// Which namespaces the container gets, its host name, and its loopback interface.

import type { Step } from '@iso/native'
import type { Context } from './internal/context.js'
import { oneOf, text } from './internal/check.js'

type NamespaceName = Extract<Step, { op: 'clone' }>['namespaces'][number]

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
    { op: 'clone', namespaces: types, why: 'isolation' },
    ...(own.uts ? [{ op: 'hostname', name: hostnameOf(context) } as const] : []),
    ...(options.domainname === undefined
      ? []
      : [{ op: 'domainname', name: checkName('domainname', options.domainname) } as const]),
    ...(own.net ? [{ op: 'interfaceUp', name: 'lo', why: 'a network of its own' } as const] : []),
    ...clockSteps(options.time),
  ]
}

/** The host name inside: what was asked for, or the first 12 digits of the id. */
export function hostnameOf({ id, options }: Context): string {
  return options.hostname === undefined ? id.slice(0, 12) : checkName('hostname', options.hostname)
}

// sethostname(2) takes up to 64 bytes.
function checkName(what: string, name: unknown): string {
  const checked = text(what, name)
  if (!/^[A-Za-z0-9._-]+$/.test(checked))
    throw new TypeError(
      `Cannot set ${what}: ${JSON.stringify(checked)} is no name; wanted letters, digits, "-" and "."`
    )
  if (checked.length > 64)
    throw new RangeError(`Cannot set ${what}: ${checked.length} bytes are too long; the kernel takes 64`)
  return checked
}

// unshare, then the offsets, then execve switches (Linux 6.2): clone3 would freeze them (kernel-notes 21).
function clockSteps(time: Context['options']['time']): Step[] {
  if (time === undefined) return []
  const lines = (['monotonic', 'boottime'] as const).flatMap((clock) => {
    const seconds = time[`${clock}Sec`]
    if (seconds === undefined) return []
    if (!Number.isSafeInteger(seconds))
      throw new TypeError(`Cannot set time.${clock}Sec: ${String(seconds)} is no whole number of seconds`)
    return [`${clock} ${seconds} 0\n`]
  })
  return [
    { op: 'unshare', side: 'child', namespaces: ['time'], why: 'clocks of its own' },
    ...(lines.length === 0
      ? []
      : [
          {
            op: 'writeFile',
            side: 'child',
            path: '/proc/self/timens_offsets',
            data: lines.join(''),
            fs: 'proc',
          } as const,
        ]),
  ]
}
