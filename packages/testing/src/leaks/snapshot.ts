import { readdirSync, readFileSync, readlinkSync, type Dirent } from 'node:fs'

import { namespacesOf, readProcesses, type ProcessEntry } from './processes.js'

/** What is there at one moment, each kind as a list of printable names; equal names may repeat. */
export interface Snapshot {
  /** Mount table of this process: mount point, root, type and source. */
  mounts: string[]
  /** Open descriptors of this process. */
  descriptors: string[]
  /** Directories under /sys/fs/cgroup, in every hierarchy. */
  cgroups: string[]
  /** Namespaces that any process on the machine is in. */
  namespaces: string[]
  /** System V shared memory, semaphores and message queues of this IPC namespace. */
  ipc: string[]
  /** Network interfaces of this network namespace. */
  interfaces: string[]
  /** Every process on the machine. */
  processes: Map<number, ProcessEntry>
}

/** Look at the machine. */
export function snapshot(): Snapshot {
  const processes = readProcesses()
  return {
    mounts: readMounts(),
    descriptors: readDescriptors(),
    cgroups: directoriesBelow('/sys/fs/cgroup'),
    namespaces: [...new Set([...processes.keys()].flatMap(namespacesOf))],
    ipc: readIpc(),
    interfaces: readdirSync('/sys/class/net').sort(),
    processes,
  }
}

function readMounts(): string[] {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').trim().split('\n')
  return lines.map((line) => {
    const [before = '', after = ''] = line.split(' - ')
    const [, , , root, mountPoint] = before.split(' ')
    const [type, source] = after.split(' ')
    return `${mountPoint} (${type} ${source}, root ${root})`
  })
}

function readDescriptors(): string[] {
  const found: string[] = []
  for (const number of readdirSync('/proc/self/fd')) {
    try {
      found.push(`${number} -> ${readlinkSync(`/proc/self/fd/${number}`)}`)
    } catch {
      // The descriptor readdir itself used.
    }
  }
  return found
}

function directoriesBelow(path: string): string[] {
  let entries: Dirent[]
  try {
    entries = readdirSync(path, { withFileTypes: true })
  } catch {
    return [] // Removed since its parent was read.
  }
  const below = entries.filter((entry) => entry.isDirectory()).map((entry) => `${path}/${entry.name}`)
  return below.flatMap((directory) => [directory, ...directoriesBelow(directory)])
}

function readIpc(): string[] {
  return ['shm', 'sem', 'msg'].flatMap((kind) => {
    const rows = readFileSync(`/proc/sysvipc/${kind}`, 'utf8').trim().split('\n').slice(1)
    return rows.map((row) => `${kind} id ${row.trim().split(/\s+/)[1]}`)
  })
}
