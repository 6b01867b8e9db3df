// Real groups and processes for the tests, and their end.

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'

import { Cgroup, type CreateOptions } from './group.js'

let count = 0

/** Everything a test makes; end() kills and removes it. */
export class Real {
  readonly #groups: Cgroup[] = []
  readonly #children: ChildProcess[] = []

  async group(options: Partial<CreateOptions> = {}): Promise<Cgroup> {
    const group = await Cgroup.create({ name: `test-${process.pid}-${count++}`, ...options })
    this.#groups.push(group)
    return group
  }

  /** A process that waits for its standard input, so that it can be put into a group before it begins. */
  async shell(
    script: string,
    group: Cgroup
  ): Promise<{ child: ChildProcess; begin: () => void; output: Promise<string> }> {
    const child = spawn('sh', ['-c', `read go; ${script}`], { stdio: ['pipe', 'pipe', 'ignore'] })
    this.#children.push(child)
    child.stdin.on('error', () => {})
    const output = readAll(child)
    await group.add(child.pid!)
    return { child, begin: () => child.stdin.end('go\n'), output }
  }

  async sleep(group: Cgroup): Promise<ChildProcess> {
    const child = spawn('sleep', ['100'], { stdio: 'ignore' })
    this.#children.push(child)
    await group.add(child.pid!)
    return child
  }

  async end(): Promise<void> {
    for (const group of this.#groups) await group.thaw().catch(() => {})
    for (const group of this.#groups) await group.kill()
    for (const child of this.#children)
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    for (const group of this.#groups) await group.remove()
    this.#groups.length = 0
    this.#children.length = 0
  }
}

async function readAll(child: ChildProcess): Promise<string> {
  let text = ''
  for await (const chunk of child.stdout!.setEncoding('utf8')) text += chunk
  return text
}

/** CPU ticks a process has used, from /proc/PID/stat. */
export function ticks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return Number(fields[11]) + Number(fields[12])
}
