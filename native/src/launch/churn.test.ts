import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

import { requires } from '@iso/testing'
import { expect } from 'chai'

import type { Step } from '../operations.gen.js'
import { launch } from './launch.js'

const QUIET = { stdin: 'ignore', stdout: 'ignore', stderr: 'ignore' } as const
const GROUP = `iso-churn-${process.pid}`

// Five namespaces, a root on a tmpfs over the host's, and a cgroup: a bit of everything that can be left behind.
function steps(number: number, cgroups: string): Step[] {
  return [
    { op: 'cgroupCreate', path: `${cgroups}/${GROUP}-${number}`, slot: 'cgroup' },
    { op: 'clone', namespaces: ['mnt', 'pid', 'net', 'ipc', 'uts'] },
    { op: 'propagation', path: '/', propagation: 'slave', recursive: true },
    { op: 'fsMount', fstype: 'tmpfs', options: [], slot: 'tmp' },
    { op: 'moveMount', slot: 'tmp', path: '/tmp' },
    { op: 'mount', fstype: 'proc', source: 'proc', path: '/proc' },
    { op: 'hostname', name: `n${number}` },
  ]
}

/** A hierarchy to make groups in: v1 pids, else v2. */
function hierarchy(): string {
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
  const pids = mounts.find(([, , type, options]) => type === 'cgroup' && options?.split(',').includes('pids'))
  const found = pids ?? mounts.find(([, , type]) => type === 'cgroup2')
  if (found?.[1] === undefined) throw new Error('no cgroup hierarchy is mounted')
  return found[1]
}

const descriptors = (): number => readdirSync('/proc/self/fd').length
const mounts = (): number => readFileSync('/proc/self/mountinfo', 'utf8').split('\n').length
const groups = (cgroups: string): string[] => readdirSync(cgroups).filter((name) => name.startsWith(GROUP))
const parentOf = (pid: number): number =>
  Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])

describe('launch() many times', function () {
  this.timeout(120_000)
  this.slow(30_000)
  before(function () {
    requires(this, 'root', { program: 'busybox' })
  })
  // The launcher and what libuv keeps for good are there before anything is counted; the event loop has closed the rest.
  before(async () => {
    await launch(['/bin/busybox', 'true'], [], QUIET).then((child) => child.close())
    await sleep(100)
  })

  it('launch() starts 200 containers at once, and all of them end and leave nothing', async () => {
    const cgroups = hierarchy()
    const before = [descriptors(), mounts()]
    const statuses = await Promise.all(
      Array.from({ length: 200 }, async (_, number) => {
        const child = await launch(['/bin/busybox', 'true'], steps(number, cgroups), QUIET)
        const { exitCode, cause } = await child.exit
        await child.closed
        await child.close()
        return `${exitCode} ${cause}`
      })
    )
    expect([...new Set(statuses)]).to.deep.equal(['0 exit'])
    await settle(before)
    expect([descriptors(), mounts()]).to.deep.equal(before)
    expect(groups(cgroups)).to.deep.equal([])
  })

  it('launch() runs 200 containers at the same time', async () => {
    const cgroups = hierarchy()
    const before = [descriptors(), mounts()]
    const children = await Promise.all(
      Array.from({ length: 200 }, (_, number) =>
        launch(['/bin/busybox', 'sleep', '600'], steps(number, cgroups), QUIET)
      )
    )
    try {
      expect(new Set(children.map(({ pid }) => pid)).size).to.equal(200)
      expect(new Set(children.map(({ pid }) => parentOf(pid))).size).to.equal(200)
      expect(groups(cgroups)).to.have.lengthOf(200)
    } finally {
      await Promise.all(children.map((child) => child.close()))
    }
    await settle(before)
    expect([descriptors(), mounts()]).to.deep.equal(before)
    expect(groups(cgroups)).to.deep.equal([])
  })

  it('launch() leaves no descriptor, mount, cgroup or growing memory behind 300 containers', async () => {
    const cgroups = hierarchy()
    const one = async (number: number) => {
      const child = await launch(['/bin/busybox', 'true'], steps(number, cgroups), QUIET)
      await child.exit
      await child.close()
    }
    for (let number = 0; number < 50; number++) await one(number)
    const before = [descriptors(), mounts()]
    const rss = process.memoryUsage.rss()
    for (let number = 0; number < 300; number++) await one(number)
    await settle(before)
    expect([descriptors(), mounts()]).to.deep.equal(before)
    expect(groups(cgroups)).to.deep.equal([])
    // Garbage that was not collected yet is within this; 100 kB a container would not be.
    expect(process.memoryUsage.rss() - rss).to.be.below(30 * 2 ** 20)
  })
})

// What was closed is gone at once; streams and watches are closed by the event loop.
async function settle(before: number[]): Promise<void> {
  for (let tries = 0; tries < 100 && (descriptors() !== before[0] || mounts() !== before[1]); tries++) await sleep(20)
}
