import { descendantsOf, namespacesOf, type ProcessEntry } from './processes.js'
import type { Snapshot } from './snapshot.js'

/** Something that was not there before. */
export interface Leak {
  kind: 'mount' | 'descriptor' | 'cgroup' | 'namespace' | 'ipc object' | 'network interface' | 'process'
  name: string
  /** Whether it is certainly ours: in a shared mount table or among our own processes and descriptors. */
  own: boolean
}

/** Whom a comparison is about. */
export interface CompareOptions {
  /** Processes that were seen below this one at any time; they stay ours when they are orphaned. */
  seen: ReadonlyMap<number, ProcessEntry>
  /** Descendants of this process that are not below ours belong to somebody else. */
  ignoreBelow?: number
}

/**
 * What is there now and was not before.
 *
 * @returns leaks; those with `own: false` may be the work of another process on the same machine
 */
export function compare(before: Snapshot, now: Snapshot, { seen, ignoreBelow }: CompareOptions): Leak[] {
  const processes = added(before, now, seen, ignoreBelow)
  const foreign = new Set(processes.foreign.flatMap(({ pid }) => namespacesOf(pid)))
  const mine = new Set(processes.leaked.filter(({ own }) => own).flatMap(({ pid }) => namespacesOf(pid)))
  return [
    ...extra(before.mounts, now.mounts).map((name): Leak => ({ kind: 'mount', name, own: true })),
    ...extra(before.descriptors, now.descriptors).map((name): Leak => ({ kind: 'descriptor', name, own: true })),
    ...processes.leaked.map(({ text, own }): Leak => ({ kind: 'process', name: text, own })),
    ...extra(before.namespaces, now.namespaces)
      .filter((name) => !foreign.has(name))
      .map((name): Leak => ({ kind: 'namespace', name, own: mine.has(name) })),
    ...extra(before.cgroups, now.cgroups).map((name): Leak => ({ kind: 'cgroup', name, own: false })),
    ...extra(before.ipc, now.ipc).map((name): Leak => ({ kind: 'ipc object', name, own: false })),
    ...extra(before.interfaces, now.interfaces).map((name): Leak => ({ kind: 'network interface', name, own: false })),
  ]
}

interface Added {
  leaked: { pid: number; text: string; own: boolean }[]
  foreign: ProcessEntry[]
}

function added(before: Snapshot, now: Snapshot, seen: CompareOptions['seen'], ignoreBelow: number | undefined): Added {
  const same = (one: ProcessEntry | undefined, other: ProcessEntry): boolean => one?.startTime === other.startTime
  const own = new Set(descendantsOf(process.pid, now.processes).map(({ pid }) => pid))
  const siblings = ignoreBelow === undefined ? [] : descendantsOf(ignoreBelow, now.processes)
  const foreign = siblings.filter(({ pid }) => pid !== process.pid && !own.has(pid))
  const others = new Set(foreign.map(({ pid }) => pid))
  const leaked: Added['leaked'] = []
  for (const entry of now.processes.values()) {
    if (same(before.processes.get(entry.pid), entry) || entry.pid === process.pid) continue
    const ours = own.has(entry.pid) || same(seen.get(entry.pid), entry)
    // Kernel threads, children of kthreadd (2), come and go by themselves.
    if (!ours && (others.has(entry.pid) || entry.parent === 2)) continue
    // A zombie holds nothing but its number, and waits for its parent; an orphan's is the machine's init.
    if (entry.state === 'Z' && entry.parent !== process.pid && !own.has(entry.parent)) continue
    const text = `${entry.pid} (${entry.name}, state ${entry.state}, parent ${entry.parent})`
    leaked.push({ pid: entry.pid, text, own: ours })
  }
  return { leaked, foreign }
}

// Counts matter: the same file system mounted once more on the same place is a leak, too.
function extra(before: readonly string[], now: readonly string[]): string[] {
  const left = new Map<string, number>()
  for (const name of before) left.set(name, (left.get(name) ?? 0) + 1)
  return now.filter((name) => {
    const count = left.get(name) ?? 0
    left.set(name, count - 1)
    return count <= 0
  })
}
