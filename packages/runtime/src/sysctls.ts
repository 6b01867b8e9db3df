// Kernel parameters of the container: only those that belong to a namespace it owns.

import type { Step } from '@iso/native'
import { text } from './internal/check.js'
import type { NamespaceChoice } from './namespaces.js'

const OF_IPC: ReadonlySet<string> = new Set([
  'kernel.msgmax',
  'kernel.msgmnb',
  'kernel.msgmni',
  'kernel.sem',
  'kernel.shmall',
  'kernel.shmmax',
  'kernel.shmmni',
  'kernel.shm_rmid_forced',
])
const OF_UTS: ReadonlySet<string> = new Set(['kernel.domainname'])

/** @throws TypeError for a parameter that would change the host. */
export function sysctlSteps(sysctls: Readonly<Record<string, string>> | undefined, own: NamespaceChoice): Step[] {
  return Object.entries(sysctls ?? {}).map(([name, given]): Step => {
    const key = checkName(name)
    const needs =
      OF_IPC.has(key) || key.startsWith('fs.mqueue.')
        ? 'ipc'
        : OF_UTS.has(key)
          ? 'uts'
          : key.startsWith('net.')
            ? 'net'
            : undefined
    if (needs === undefined)
      throw new TypeError(
        `Cannot set sysctl ${JSON.stringify(name)}: it belongs to the whole machine, not to a namespace`
      )
    if (!own[needs])
      throw new TypeError(
        `Cannot set sysctl ${JSON.stringify(name)}: the container shares the ${needs} namespace of the host`
      )
    const value = text(`sysctl ${name}`, given)
    if (value.includes('\n'))
      throw new TypeError(`Cannot set sysctl ${JSON.stringify(name)}: the value holds a newline`)
    return {
      op: 'writeFile',
      side: 'child',
      in: 'proc',
      path: `sys/${key.replaceAll('.', '/')}`,
      data: value,
      fs: 'proc',
      why: 'sysctl',
    }
  })
}

// Both spellings: net.ipv4.ip_forward and net/ipv4/ip_forward.
function checkName(name: string): string {
  const key = name.includes('/') && !/\..*\//.test(name) ? name.replaceAll('/', '.') : name
  if (!/^[a-z][a-z0-9_-]*(\.[A-Za-z0-9_-]+)+$/.test(key))
    throw new TypeError(`Cannot set sysctl ${JSON.stringify(name)}: it is no name such as "net.ipv4.ip_forward"`)
  return key
}
