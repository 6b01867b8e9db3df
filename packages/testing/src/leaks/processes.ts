import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** A process, told apart from a later one with the same number by its start time. */
export interface ProcessEntry {
  pid: number
  parent: number
  /** Clock ticks since boot. */
  startTime: string
  state: string
  name: string
}

/** Every process that /proc shows, by pid. */
export function readProcesses(): Map<number, ProcessEntry> {
  const table = new Map<number, ProcessEntry>()
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const process = readProcess(Number(entry))
    if (process !== undefined) table.set(process.pid, process)
  }
  return table
}

/** The process and everything below it, itself left out. */
export function descendantsOf(pid: number, table: Map<number, ProcessEntry>): ProcessEntry[] {
  const children = new Map<number, ProcessEntry[]>()
  for (const entry of table.values()) children.set(entry.parent, [...(children.get(entry.parent) ?? []), entry])
  const found: ProcessEntry[] = []
  const queue = [...(children.get(pid) ?? [])]
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    found.push(next)
    queue.push(...(children.get(next.pid) ?? []))
  }
  return found
}

/** Names such as `net:[4026531840]` of all namespaces a process is in, those of its future children included. */
export function namespacesOf(pid: number): string[] {
  try {
    const directory = `/proc/${pid}/ns`
    return readdirSync(directory).map((entry) => readlinkSync(`${directory}/${entry}`))
  } catch {
    return [] // It has ended.
  }
}

function readProcess(pid: number): ProcessEntry | undefined {
  let text: string
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1')
  } catch {
    return undefined // It has ended.
  }
  // The name stands in parentheses and may hold any byte, a parenthesis too: the last one closes it.
  const close = text.lastIndexOf(')')
  const fields = text.slice(close + 2).split(' ')
  return {
    pid,
    name: text.slice(text.indexOf('(') + 1, close),
    state: fields[0] ?? '',
    parent: Number(fields[1]),
    startTime: fields[19] ?? '',
  }
}
