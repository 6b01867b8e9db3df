// What the tests of the command share: bundles, and a command that runs as an engine would run it.

import { spawnSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Rootfs } from '../container.test.support.js'
import type { Config } from '../oci/spec/config.js'
import { exampleConfig } from './example-config.js'

const dist = fileURLToPath(new URL('..', import.meta.url))

/** The bundled command; made anew where the code is newer. */
export const COMMAND = join(dist, 'iso-runtime.cjs')

const newest = (directory: string): number =>
  Math.max(
    ...readdirSync(directory, { withFileTypes: true, recursive: true })
      .filter(({ name }) => name.endsWith('.js') && !name.includes('.test.'))
      .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs)
  )

export function bundleCommand(): void {
  const native = fileURLToPath(import.meta.resolve('@iso/native'))
  const code = Math.max(newest(join(dist, 'oci')), newest(join(dist, 'iso-runtime')), newest(join(native, '..')))
  if (existsSync(COMMAND) && statSync(COMMAND).mtimeMs > code) return
  const { status, stderr } = spawnSync(process.execPath, [join(dist, '../scripts/bundle.mjs')], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`The command could not be bundled: ${stderr}`)
}

/** How a command ended. */
export interface Ended {
  status: number | null
  stdout: string
  stderr: string
}

/** A bundle, a state directory, and a runtime that uses them. `remove()` ends what was made. */
export class Bench {
  readonly rootfs = new Rootfs()
  readonly scratch = this.rootfs.scratch
  readonly root = join(this.scratch, 'state')
  readonly prefix = `ociiso${process.pid}x`
  private count = 0
  private readonly ids: string[] = []

  /** @param runtime program and first arguments; default: ours. */
  constructor(private readonly runtime: readonly string[] = [process.execPath, '--', COMMAND]) {}

  /** A new id. */
  id(): string {
    const id = `${this.prefix}${this.count++}`
    this.ids.push(id)
    return id
  }

  /** A bundle of the shared root, with what the test changes of the example. @returns its directory. */
  bundle(change: (config: Mutable<Config>) => void = () => undefined): string {
    const directory = join(this.scratch, `bundle${this.count++}`)
    mkdirSync(directory)
    const config = JSON.parse(JSON.stringify(exampleConfig())) as Mutable<Config>
    config.root = { path: this.rootfs.path }
    if (config.process !== undefined) Object.assign(config.process, { terminal: false, args: ['true'] })
    change(config)
    writeFileSync(join(directory, 'config.json'), JSON.stringify(config))
    return directory
  }

  /** Run a verb. Its streams are files: a container keeps those it was created with, and the end of a pipe would not come. */
  run(words: readonly string[], options: { input?: string; cwd?: string; env?: NodeJS.ProcessEnv } = {}): Ended {
    const [program = '', ...first] = this.runtime
    const { input = '', ...rest } = options
    const names = ['in', 'out', 'err'].map((name) => join(this.scratch, `std${name}${this.count++}`)) as [
      string,
      string,
      string,
    ]
    writeFileSync(names[0], input)
    const stdio = [openSync(names[0], 'r'), openSync(names[1], 'a'), openSync(names[2], 'a')]
    const { status, error } = spawnSync(program, [...first, '--root', this.root, ...words], {
      timeout: 60_000,
      stdio,
      ...rest,
    })
    stdio.forEach((fd) => closeSync(fd))
    if (error !== undefined) throw error
    return { status, stdout: readFileSync(names[1], 'utf8'), stderr: readFileSync(names[2], 'utf8') }
  }

  /** `run` of a shell script in a new container: what it printed. */
  sh(script: string, change: (config: Mutable<Config>) => void = () => undefined): Ended {
    const bundle = this.bundle((config) => {
      if (config.process !== undefined) config.process = { ...config.process, args: ['sh', '-c', script] }
      change(config)
    })
    return this.run(['run', '--bundle', bundle, this.id()])
  }

  /** The state as `state` shows it. */
  state(id: string): { status: string; pid: number } {
    const { status, stdout, stderr } = this.run(['state', id])
    if (status !== 0) throw new Error(stderr)
    return JSON.parse(stdout) as { status: string; pid: number }
  }

  /** Wait until a container has a status, for at most ten seconds. */
  until(id: string, wanted: string): void {
    for (const end = Date.now() + 10_000; this.state(id).status !== wanted;)
      if (Date.now() > end) throw new Error(`${id} is ${this.state(id).status}; wanted ${wanted}`)
  }

  /** Take away a group that a container has left on purpose. */
  dropCgroup(directory: string): void {
    rmdirSync(directory)
  }

  remove(): void {
    for (const id of this.ids) this.run(['delete', '--force', id])
    this.rootfs.remove()
  }
}

/** A configuration a test may change. */
export type Mutable<T> = { -readonly [K in keyof T]: T[K] extends object | undefined ? Mutable<T[K]> : T[K] }
