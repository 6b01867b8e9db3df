import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, openSync, closeSync, readFileSync, rmdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'

import { create, flock, launch, start, undo, type Step } from '@iso/native'
import { requires } from '@iso/testing'
import { expect } from 'chai'

import { cgroup, type CgroupOptions } from './cgroup.js'
import { Cgroup } from './group.js'
import { waitUntil } from './internal/wait.js'
import { detectLayout, type Layout } from './layout.js'
import { findHierarchies, placeIn } from './place.js'
import { sweep } from './sweep.js'

const index = new URL('./index.js', import.meta.url).href
const ignored = { stdin: 'ignore', stdout: 'ignore', stderr: 'ignore' } as const

// A parent of its own for each test: other tests launch beneath the usual one at the same time.
let count = 0
const parents: string[] = []
function parent(): string {
  const name = `sweep-${process.pid}-${count++}`
  parents.push(name)
  return name
}

// Each hierarchy's directory of a parent, where relative parents lie.
function tops(name: string): string[] {
  return findHierarchies(detectLayout()).map((one) => dirname(placeIn(one, { name: 'any', parent: name }).directory))
}
const groups = (steps: readonly Step[]) =>
  steps.flatMap((step) => (step.op === 'cgroupCreate' && !step.exist ? [step.path] : []))
const parentOf = (pid: number) => Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
// Whoever inherits an orphan may take his time to reap it.
function alive(pid: number): boolean {
  try {
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

interface Orphaned {
  directories: string[]
  program: number
}

// Another Node launches, then it and the supervisor are killed before either sees the other's end.
async function killBoth(options: CgroupOptions, frozen = false): Promise<Orphaned> {
  const script = `
    import { launch } from ${JSON.stringify(import.meta.resolve('@iso/native'))}
    import { cgroup, detectLayout } from ${JSON.stringify(index)}
    const steps = cgroup(JSON.parse(process.argv[1]))
    const child = await launch(['sleep', '1000'], steps, ${JSON.stringify(ignored)})
    const directories = steps.flatMap((step) => (step.op === 'cgroupCreate' && !step.exist ? [step.path] : []))
    console.log(JSON.stringify({ pid: child.pid, directories }))
    setInterval(() => {}, 1000)`
  const node = spawn(process.execPath, ['--input-type=module', '-e', script, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(createInterface(node.stdout), 'line')) as [string]
  const { pid, directories } = JSON.parse(line) as { pid: number; directories: string[] }
  const supervisor = parentOf(pid)
  if (frozen) await Cgroup.open({ name: options.name!, ...options }).freeze()
  process.kill(node.pid!, 'SIGSTOP')
  process.kill(supervisor, 'SIGKILL')
  process.kill(node.pid!, 'SIGKILL')
  await once(node, 'exit')
  if (!frozen) expect(await waitUntil(() => Promise.resolve(!alive(pid)))).to.equal(true)
  return { directories, program: pid }
}

describe('sweep', function () {
  this.timeout(20_000)
  let sleeper: ChildProcess | undefined
  before(function () {
    requires(this, 'root', { controller: 'memory' }, { controller: 'pids' })
  })
  afterEach(async () => {
    sleeper?.kill('SIGKILL')
    if (sleeper !== undefined) await once(sleeper, 'exit')
    sleeper = undefined
    for (const top of parents.splice(0).flatMap(tops)) {
      await waitUntil(() => {
        try {
          if (existsSync(top)) rmdirSync(top)
          return Promise.resolve(true)
        } catch {
          return Promise.resolve(false)
        }
      })
    }
  })

  it('sweep() removes what a launch left behind whose Node and supervisor were killed at once', async () => {
    const at = parent()
    const { directories } = await killBoth({ name: 'both', parent: at, memory: '64m', pids: 10 })
    expect(directories).to.have.length.above(detectLayout().mode === 'v2' ? 0 : 1)
    expect(directories.filter((directory) => !existsSync(directory))).to.deep.equal([])
    const { removed, left } = await sweep({ parent: at, minAgeMs: 0 })
    expect(removed.sort()).to.deep.equal(directories.sort())
    expect(left).to.deep.equal([])
    expect(directories.filter((directory) => existsSync(directory))).to.deep.equal([])
  })

  it('sweep() takes groups beneath an orphan along, and looks beneath names with a slash', async () => {
    const at = parent()
    const { directories } = await killBoth({ name: 'shop/web', parent: at, pids: 10 })
    for (const directory of directories) mkdirSync(join(directory, 'inner'))
    expect((await sweep({ parent: at, minAgeMs: 0 })).removed.sort()).to.deep.equal(directories.sort())
    for (const top of tops(at)) if (existsSync(top)) rmdirSync(join(top, 'shop'))
  })

  it('sweep() leaves a launch alone whose supervisor lives, until it has ended', async () => {
    const at = parent()
    const steps = cgroup({ name: 'live', parent: at, pids: 10 })
    await using child = await launch(['sleep', '1000'], steps, ignored)
    expect(await sweep({ parent: at, minAgeMs: 0 })).to.deep.equal({ removed: [], left: [] })
    expect(groups(steps).filter((directory) => !existsSync(directory))).to.deep.equal([])
    expect(child.kill('SIGKILL')).to.equal(true)
    await child.closed
    expect(groups(steps).filter((directory) => existsSync(directory))).to.deep.equal([])
  })

  it('sweep() leaves groups alone that are locked, young, not marked, or of the role create', async () => {
    const at = parent()
    const group = await Cgroup.create({ name: 'made', parent: at, pids: 10 })
    const [top] = tops(at).filter((directory) => existsSync(directory)) as [string]
    const locked = join(top, 'locked')
    mkdirSync(locked, { mode: 0o1755 })
    const fd = openSync(locked, 'r')
    expect(flock(fd, 'shared')).to.equal(true)
    const scratch = mkdtempSync(join(tmpdir(), 'iso-sweep-'))
    const made = await create(
      join(scratch, 'socket'),
      ['true'],
      cgroup({ name: 'created', parent: at, pids: 10 }),
      ignored
    )
    await start(join(scratch, 'socket'))
    const created = Object.values(Cgroup.open({ name: 'created', parent: at }).directories)
    expect(await waitUntil(() => Promise.resolve(!alive(made.pid)))).to.equal(true)
    expect(await sweep({ parent: at, minAgeMs: 0 })).to.deep.equal({ removed: [], left: [] })
    for (const directory of [...created, ...Object.values(group.directories), locked])
      expect(existsSync(directory), directory).to.equal(true)
    closeSync(fd)
    expect(await sweep({ parent: at, minAgeMs: 60_000 })).to.deep.equal({ removed: [], left: [] })
    expect(await sweep({ parent: at, minAgeMs: 0 })).to.deep.equal({ removed: [locked], left: [] })
    await group.remove()
    await undo(made.undo)
    closeSync(made.pidfd)
    rmSync(scratch, { recursive: true })
  })

  it('sweep() kills nobody: an orphan with a process is reported', async () => {
    const at = parent()
    const { directories } = await killBoth({ name: 'busy', parent: at, pids: 10 })
    sleeper = spawn('sleep', ['1000'], { stdio: 'ignore' })
    await Cgroup.open({ name: 'busy', parent: at }).add(sleeper.pid!)
    const { removed, left } = await sweep({ parent: at, minAgeMs: 0 })
    expect(removed).to.deep.equal([])
    expect(left.map(({ directory }) => directory).sort()).to.deep.equal(directories.sort())
    expect(left.every(({ why }) => why === 'populated')).to.equal(true)
    expect(alive(sleeper.pid!)).to.equal(true)
    sleeper.kill('SIGKILL')
    await once(sleeper, 'exit')
    sleeper = undefined
    expect((await sweep({ parent: at, minAgeMs: 0 })).removed.sort()).to.deep.equal(directories.sort())
  })

  it('sweep() thaws what was frozen on v1 when its supervisor was killed, because it cannot die before', async function () {
    requires(this, { controller: 'freezer', version: 1 })
    const at = parent()
    const layout: Layout = { mode: 'v1', v1: detectLayout().v1 }
    const { directories, program } = await killBoth({ name: 'frozen', parent: at, pids: 10, layout }, true)
    expect(alive(program)).to.equal(true)
    expect((await sweep({ parent: at, minAgeMs: 0, layout })).removed.sort()).to.deep.equal(directories.sort())
    expect(await waitUntil(() => Promise.resolve(!alive(program)))).to.equal(true)
  })

  it('sweep() refuses a bad parent and a bad age', async () => {
    for (const bad of [{ parent: '../x' }, { minAgeMs: -1 }, { minAgeMs: NaN }]) {
      const error: unknown = await sweep(bad).catch((thrown: unknown) => thrown)
      expect(error, basename(JSON.stringify(bad))).to.be.instanceOf(RangeError)
    }
  })

  it('cgroup() has the first launch of a process swept for, in the background', async () => {
    const name = `left-${process.pid}`
    const { directories } = await killBoth({ name, pids: 10 })
    const script = `
      import { cgroup } from ${JSON.stringify(index)}
      import { existsSync } from 'node:fs'
      const now = Date.now()
      Date.now = () => now + 60_000
      cgroup({ name: 'any', pids: 10 })
      const left = () => ${JSON.stringify(directories)}.filter((directory) => existsSync(directory))
      const look = () => (left().length === 0 ? console.log('gone') : setTimeout(look, 5))
      setTimeout(look, 5)
      setTimeout(() => process.exit(1), 5000).unref()`
    const node = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(createInterface(node.stdout), 'line')) as [string]
    expect(line).to.equal('gone')
    if (node.exitCode === null) await once(node, 'exit')
  })
})
