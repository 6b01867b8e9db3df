import { rmdirSync } from 'node:fs'
import { basename } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

import { compare, type Leak } from './compare.js'
import { descendantsOf, readProcesses, type ProcessEntry } from './processes.js'
import { snapshot, type Snapshot } from './snapshot.js'

// The default parent of @iso/cgroups.
const PARENT = 'iso'

/** How strictly to look. */
export interface LeakCheckOptions {
  /** Whatever is new on the whole machine is a leak. Without it only what is certainly ours; the rest is reported as seen. */
  strict?: boolean
  /** Processes below this one, ours aside, belong to somebody else even in strict mode. */
  ignoreBelow?: number
  /** How long the kernel has for its deferred cleanup. Default: 3000. */
  patienceMs?: number
}

/** What a check found. */
export interface LeakReport {
  leaks: Leak[]
  /** New on the machine, but perhaps another's work. Empty in strict mode. */
  doubtful: Leak[]
}

/**
 * Compares the machine with what it was: mounts, cgroups, namespaces, processes, descriptors, System V objects, network
 * interfaces.
 */
export class LeakCheck {
  readonly #options: LeakCheckOptions
  readonly #seen = new Map<number, ProcessEntry>()
  #before: Snapshot

  constructor(options: LeakCheckOptions = {}) {
    this.#options = options
    this.#before = snapshot()
  }

  /** Note the processes that are below this one now: they count as ours even if they are orphaned later. */
  observe(): void {
    for (const entry of descendantsOf(process.pid, readProcesses())) this.#seen.set(entry.pid, entry)
  }

  /** Compare, again and again until nothing is left or the patience is at its end. */
  async check(): Promise<LeakReport> {
    this.observe()
    this.#removeParents()
    const deadline = Date.now() + (this.#options.patienceMs ?? 3000)
    for (;;) {
      const report = this.#compare()
      if (report.leaks.length === 0 || Date.now() >= deadline) return report
      await delay(100)
    }
  }

  // Containers keep the empty group they lie in, as Docker keeps its own: making it again would cost each start. Whoever brought it to
  // this machine takes it away in the end. What is not empty stays, and is reported.
  #removeParents(): void {
    for (const group of snapshot().cgroups) {
      if (this.#before.cgroups.includes(group) || basename(group) !== PARENT) continue
      try {
        rmdirSync(group)
      } catch {
        // in use
      }
    }
  }

  #compare(): LeakReport {
    const { ignoreBelow, strict } = this.#options
    const found = compare(this.#before, snapshot(), {
      seen: this.#seen,
      ...(ignoreBelow === undefined ? {} : { ignoreBelow }),
    })
    if (strict) return { leaks: found, doubtful: [] }
    return { leaks: found.filter(({ own }) => own), doubtful: found.filter(worthMentioning) }
  }
}

/** What the environment asks for: `ISO_LEAK_STRICT`, `ISO_LEAK_IGNORE_BELOW`. */
export function leakOptions(): LeakCheckOptions {
  const strict = process.env['ISO_LEAK_STRICT'] === '1'
  const ignore = process.env['ISO_LEAK_IGNORE_BELOW']
  return ignore === undefined ? { strict } : { strict, ignoreBelow: Number(ignore) }
}

// Processes and their namespaces come and go all the time on a shared machine; our own program should not.
function worthMentioning({ kind, name, own }: Leak): boolean {
  return !own && kind !== 'namespace' && (kind !== 'process' || name.includes('iso-init'))
}

/** One line a leak. */
export function describeLeaks(leaks: readonly Leak[]): string {
  return leaks.map(({ kind, name }) => `  ${kind} ${name}`).join('\n')
}
