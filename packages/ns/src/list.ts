// The namespaces of this machine, found through their processes and the files they are pinned to.

import { readlinkSync } from 'node:fs'
import { opendir, readFile, stat } from 'node:fs/promises'
import type { NamespaceName } from '@iso/native'

import { checkTypes } from './internal/check.js'
import { sliced } from './internal/sliced.js'
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
 * Works in slices of less than a millisecond, so that thousands of processes do not hold the event loop up. What begins or ends meanwhile may be
 * in the list or not.
 *
 * @param types - which types. Default: all.
 * @returns by inode number. Processes that may not be looked at are left out: as root there are none. Namespaces that only a descriptor
 * keeps alive cannot be found.
 * @throws TypeError for an unknown type.
 * @example
 * ```ts
 * import { list } from '@iso/ns'
 * for (const { type, inode, pids } of await list(['uts'])) console.log(type, inode, pids.length)
 * ```
 */
export async function list(types: readonly NamespaceName[] = NAMESPACE_NAMES): Promise<FoundNamespace[]> {
  const wanted = checkTypes('list namespaces', types)
  const own = new Map(wanted.map((type) => [type, inodeOf('self', type)]))
  const found = new Map<string, FoundNamespace>()
  const at = (type: NamespaceName, inode: number): FoundNamespace => {
    const key = `${type}:${inode}`
    let one = found.get(key)
    if (one === undefined) found.set(key, (one = { type, inode, pids: [], pinned: [], own: own.get(type) === inode }))
    return one
  }
  // A symbolic link of /proc is read from memory in microseconds; a promise for each would take ten times as long.
  await sliced(await pidsOf('/proc'), (pid) => {
    for (const type of wanted) {
      const inode = inodeOf(pid, type)
      if (inode !== undefined) at(type, inode).pids.push(pid)
    }
  })
  await sliced(pins(await readFile('/proc/self/mountinfo', 'utf8')), ({ type, inode, file }) => {
    if (wanted.includes(type)) at(type, inode).pinned.push(file)
  })
  for (const one of found.values()) Object.assign(one, await describe(one.pids[0]))
  return [...found.values()].sort((a, b) => a.inode - b.inode)
}

async function pidsOf(directory: string): Promise<number[]> {
  const pids: number[] = []
  for await (const { name } of await opendir(directory)) if (/^\d+$/.test(name)) pids.push(Number(name))
  return pids.sort((a, b) => a - b)
}

// undefined where the process has ended, or may not be looked at.
function inodeOf(pid: number | 'self', type: NamespaceName): number | undefined {
  try {
    const link = readlinkSync(`/proc/${pid}/ns/${type}`) // "uts:[4026531838]"
    return Number(link.slice(link.indexOf('[') + 1, -1))
  } catch {
    return undefined
  }
}

// By promises: the command line lies in the memory of the process, and reading it waits while that is being changed.
async function describe(pid: number | undefined): Promise<{ uid?: number; command?: string }> {
  if (pid === undefined) return {}
  try {
    const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replace(/\0+$/, '').replaceAll('\0', ' ')
    // Kernel threads have no command line.
    const command = words === '' ? `[${(await readFile(`/proc/${pid}/comm`, 'utf8')).trim()}]` : words
    return { uid: (await stat(`/proc/${pid}`)).uid, command: [...command].map(visible).join('') }
  } catch {
    return {}
  }
}

// What a process calls itself must not steer the terminal of whoever looks.
const visible = (letter: string) => ((letter.codePointAt(0) ?? 0) < 0x20 || letter === '\x7f' ? '?' : letter)

// Bind mounts of namespace files: "… net:[4026531840] /run/netns/x … - nsfs …". The type is looked for first: there may be ten thousand mounts.
function* pins(mountinfo: string): Generator<{ type: NamespaceName; inode: number; file: string }> {
  for (let at = -1; (at = mountinfo.indexOf(' - nsfs ', at + 1)) >= 0;) {
    const [, , , root = '', file = ''] = mountinfo.slice(mountinfo.lastIndexOf('\n', at) + 1, at).split(' ')
    const [, type, inode] = /^([a-z]+):\[(\d+)\]$/.exec(root) ?? []
    const known = NAMESPACE_NAMES.find((one) => one === type)
    if (known !== undefined) yield { type: known, inode: Number(inode), file: unescape(file) }
  }
}

// Blanks, tabs, line ends and backslashes stand in octal in mountinfo (proc(5)).
const unescape = (path: string) =>
  path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)))
