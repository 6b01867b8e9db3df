// The namespaces of this machine, found through their processes and the files they are pinned to.

import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'

import type { NamespaceName } from '@iso/native'

/** The types in the order of lsns(8). */
export const TYPES: readonly NamespaceName[] = ['time', 'cgroup', 'pid', 'user', 'uts', 'ipc', 'mnt', 'net']

/** One namespace. */
export interface FoundNamespace {
  type: NamespaceName
  inode: number
  /** Processes in it that can be seen from here, lowest first. */
  pids: number[]
  /** Owner and command line of the lowest one; absent where it is only pinned. */
  uid?: number
  command?: string
  /** Files it is pinned to. */
  pinned: string[]
  /** Whether this process is in it. */
  own: boolean
}

/** Find namespaces. Processes that may not be looked at are left out: as root there are none. */
export function listNamespaces(types: readonly NamespaceName[] = TYPES): FoundNamespace[] {
  const found = new Map<string, FoundNamespace>()
  const at = (type: NamespaceName, inode: number): FoundNamespace => {
    const key = `${type}:${inode}`
    const one = found.get(key) ?? { type, inode, pids: [], pinned: [], own: identify('self', type) === inode }
    found.set(key, one)
    return one
  }
  const pids = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []))
  for (const pid of pids.sort((a, b) => a - b)) {
    for (const type of types) {
      const inode = identify(pid, type)
      if (inode !== undefined) at(type, inode).pids.push(pid)
    }
  }
  for (const { type, inode, file } of pins()) if (types.includes(type)) at(type, inode).pinned.push(file)
  for (const one of found.values()) Object.assign(one, describeProcess(one.pids[0]))
  return [...found.values()].sort((a, b) => a.inode - b.inode)
}

/** Inode number of a namespace of a process; undefined where it has ended, or may not be looked at. */
export function identify(pid: number | 'self', type: NamespaceName): number | undefined {
  try {
    return Number(/\[(\d+)\]/.exec(readlinkSync(`/proc/${pid}/ns/${type}`))?.[1])
  } catch {
    return undefined
  }
}

function describeProcess(pid: number | undefined): { uid?: number; command?: string } {
  if (pid === undefined) return {}
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replace(/\0+$/, '').replaceAll('\0', ' ')
    // Kernel threads have no command line.
    const command = words === '' ? `[${readFileSync(`/proc/${pid}/comm`, 'utf8').trim()}]` : words
    return { uid: statSync(`/proc/${pid}`).uid, command: [...command].map(visible).join('') }
  } catch {
    return {}
  }
}

// What a process calls itself must not steer the terminal of whoever looks.
const visible = (letter: string) => ((letter.codePointAt(0) ?? 0) < 0x20 || letter === '\x7f' ? '?' : letter)

// Bind mounts of /proc/PID/ns files: "… net:[4026531840] /run/netns/x … - nsfs …".
function pins(): { type: NamespaceName; inode: number; file: string }[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, , , root = '', file = ''] = line.split(' ')
      const [, type, inode] = / - nsfs /.test(line) ? (/^([a-z]+):\[(\d+)\]$/.exec(root) ?? []) : []
      const known = TYPES.find((one) => one === type)
      return known === undefined ? [] : [{ type: known, inode: Number(inode), file }]
    })
}
