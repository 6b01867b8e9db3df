// The namespaces of this machine, found through their processes and the files they are pinned to.

import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import type { NamespaceName } from '@iso/native'

import { checkTypes } from './internal/check.js'
import { NAMESPACE_NAMES } from './table.js'

/** One namespace of the machine. */
export interface FoundNamespace {
  type: NamespaceName
  /** Inode number, as `readlink /proc/PID/ns/TYPE` shows it. */
  inode: number
  /** Processes in it that can be seen from here, lowest first. */
  pids: number[]
  /** Owner of the lowest one; absent where the namespace is only pinned. */
  uid?: number
  /** Command line of the lowest one, control characters replaced by `?`. */
  command?: string
  /** Files it is pinned to, in this mount namespace. */
  pinned: string[]
  /** Whether this process is in it. */
  own: boolean
}

/**
 * List namespaces, as lsns(8) does: those with a process, and those that are pinned to a file.
 *
 * @param types - which types. Default: all.
 * @returns by inode number. Processes that may not be looked at are left out: as root there are none. Namespaces that only a descriptor
 * keeps alive cannot be found.
 * @throws TypeError for an unknown type.
 * @example
 * ```ts
 * import { list } from '@iso/ns'
 * for (const { type, inode, pids } of list(['uts'])) console.log(type, inode, pids.length)
 * ```
 */
export function list(types: readonly NamespaceName[] = NAMESPACE_NAMES): FoundNamespace[] {
  const wanted = checkTypes('list namespaces', types)
  const found = new Map<string, FoundNamespace>()
  const at = (type: NamespaceName, inode: number): FoundNamespace => {
    const key = `${type}:${inode}`
    const one = found.get(key) ?? { type, inode, pids: [], pinned: [], own: inodeOf('self', type) === inode }
    found.set(key, one)
    return one
  }
  const pids = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []))
  for (const pid of pids.sort((a, b) => a - b)) {
    for (const type of wanted) {
      const inode = inodeOf(pid, type)
      if (inode !== undefined) at(type, inode).pids.push(pid)
    }
  }
  for (const { type, inode, file } of pins()) if (wanted.includes(type)) at(type, inode).pinned.push(file)
  for (const one of found.values()) Object.assign(one, describe(one.pids[0]))
  return [...found.values()].sort((a, b) => a.inode - b.inode)
}

// undefined where the process has ended, or may not be looked at.
function inodeOf(pid: number | 'self', type: NamespaceName): number | undefined {
  try {
    return Number(/\[(\d+)\]/.exec(readlinkSync(`/proc/${pid}/ns/${type}`))?.[1])
  } catch {
    return undefined
  }
}

function describe(pid: number | undefined): { uid?: number; command?: string } {
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

// Bind mounts of namespace files: "… net:[4026531840] /run/netns/x … - nsfs …".
function pins(): { type: NamespaceName; inode: number; file: string }[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, , , root = '', file = ''] = line.split(' ')
      const [, type, inode] = / - nsfs /.test(line) ? (/^([a-z]+):\[(\d+)\]$/.exec(root) ?? []) : []
      const known = NAMESPACE_NAMES.find((one) => one === type)
      return known === undefined ? [] : [{ type: known, inode: Number(inode), file: unescape(file) }]
    })
}

// Blanks, tabs, line ends and backslashes stand in octal in mountinfo (proc(5)).
const unescape = (path: string) =>
  path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)))
