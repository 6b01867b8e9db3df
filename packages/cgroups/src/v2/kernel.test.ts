// What the kernel does with the limits of cgroup v2, seen in its own files and in processes.

import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { requires } from '@iso/testing'
import { expect } from 'chai'

import type { Cgroup } from '../group.js'
import { waitUntil } from '../internal/wait.js'
import { Real, ticks } from '../real.test-util.js'

const MIB = 2 ** 20

describe('group, on the v2 kernel', function () {
  this.timeout(30_000)
  const real = new Real()
  before(function () {
    requires(this, 'root', 'cgroup2Only', { controller: 'memory', version: 2 }, { controller: 'cpu', version: 2 })
  })
  afterEach(() => real.end())

  const file = (group: Cgroup, name: string): string =>
    readFileSync(join(group.directories['unified']!, name), 'utf8').trim()
  const run = async (script: string, group: Cgroup) => {
    const { child, begin, output } = await real.shell(script, group)
    begin()
    await once(child, 'exit')
    return { child, output: await output }
  }

  it('create() writes every limit, and the kernel holds it', async () => {
    const disk = diskOf(tmpdir())
    const huge = existsSync('/sys/kernel/mm/hugepages/hugepages-2048kB')
    const group = await real.group({
      cpu: { quotaUs: 20_000, periodUs: 100_000, burstUs: 10_000, weight: 50 },
      cpuset: { cpus: '0', mems: '0' },
      memory: { max: 64 * MIB, high: 48 * MIB, low: 4 * MIB, min: MIB, swap: 32 * MIB, oomGroup: true },
      pids: 20,
      ...(huge && { hugetlb: { '2MB': 4 * MIB } }),
      ...(disk && {
        io: { devices: [{ device: disk, readBps: 3 * MIB, writeBps: 2 * MIB, readIops: 70, writeIops: 60 }] },
      }),
      unified: { 'memory.swap.high': `${16 * MIB}` },
    })
    const held = {
      'cpu.max': '20000 100000',
      'cpu.max.burst': '10000',
      'cpu.weight': '50',
      'cpuset.cpus': '0',
      'cpuset.cpus.effective': '0',
      'cpuset.mems': '0',
      'memory.max': `${64 * MIB}`,
      'memory.high': `${48 * MIB}`,
      'memory.low': `${4 * MIB}`,
      'memory.min': `${MIB}`,
      'memory.swap.max': `${32 * MIB}`,
      'memory.swap.high': `${16 * MIB}`,
      'memory.oom.group': '1',
      'pids.max': '20',
      ...(huge && { 'hugetlb.2MB.max': `${4 * MIB}` }),
      ...(disk && { 'io.max': `${disk} rbps=${3 * MIB} wbps=${2 * MIB} riops=70 wiops=60` }),
    }
    for (const [name, value] of Object.entries(held)) expect(file(group, name), name).to.equal(value)
  })

  it('create() with cpu throttles a busy process, as cpu.stat says', async () => {
    const group = await real.group({ cpu: { quotaUs: 10_000, periodUs: 100_000 } })
    const { begin } = await real.shell('while :; do :; done', group)
    begin()
    expect(await waitUntil(async () => ((await group.stat()).cpu?.throttledPeriods ?? 0) >= 10, 20_000)).to.equal(true)
    const { usageUs, throttledUs, periods } = (await group.stat()).cpu!
    expect(file(group, 'cpu.stat')).to.match(/^nr_throttled [1-9]/m)
    // A tenth of a processor, and what one tick may overrun.
    expect(usageUs).to.be.below((periods ?? 0) * 100_000 * 0.3)
    expect(throttledUs).to.be.above(100_000)
  })

  it('create() with memory has a hog killed, as memory.events says', async () => {
    const group = await real.group({ memory: { max: 16 * MIB, swap: 0 } })
    const oom = once(group.events as never, 'oom')
    const { child } = await run('exec tail /dev/zero', group)
    expect(child.signalCode).to.equal('SIGKILL')
    expect((await oom)[0]).to.deep.equal({ kills: 1, total: 1 })
    expect(file(group, 'memory.events')).to.match(/^oom_kill 1$/m)
    expect((await group.stat()).memory?.limitHits).to.be.above(0)
  })

  it('create() with oomGroup has the whole group killed', async () => {
    const group = await real.group({ memory: { max: 16 * MIB, swap: 0, oomGroup: true } })
    const bystander = await real.sleep(group)
    const { child } = await run('exec tail /dev/zero', group)
    if (bystander.signalCode === null) await once(bystander, 'exit')
    expect([child.signalCode, bystander.signalCode]).to.deep.equal(['SIGKILL', 'SIGKILL'])
  })

  it('create() with high has memory reclaimed instead of anybody killed, and reports it', async function () {
    const directory = diskDirectory(this)
    try {
      const group = await real.group({ memory: { high: 12 * MIB } })
      const limit = once(group.events as never, 'limit')
      const { child } = await run(`dd if=/dev/zero of=${directory}/file bs=1M count=48 2>/dev/null`, group)
      expect(child.exitCode).to.equal(0)
      expect((await limit)[0]).to.deep.include({ controller: 'memory', which: 'high' })
      const { memory, pressure } = await group.stat()
      expect(memory?.highHits).to.be.above(0)
      expect(memory?.peakBytes).to.be.within(8 * MIB, 32 * MIB)
      expect(pressure?.memory?.some?.totalUs).to.be.above(0)
    } finally {
      rmSync(directory, { recursive: true })
    }
  })

  it('create() with io.max slows what is written to a disk', async function () {
    const directory = diskDirectory(this)
    const device = diskOf(directory)!
    try {
      const group = await real.group({ io: { devices: [{ device, writeBps: 2 * MIB }] } })
      const before = performance.now()
      const { child } = await run(
        `dd if=/dev/zero of=${directory}/file bs=256k count=16 oflag=direct 2>/dev/null`,
        group
      )
      expect(child.exitCode).to.equal(0)
      expect(performance.now() - before).to.be.above(1500)
      expect((await group.stat()).io?.devices?.[device]?.writeBytes).to.be.above(4 * MIB - 1)
    } finally {
      rmSync(directory, { recursive: true })
    }
  })

  it('create() with cpuset keeps processes on its processors', async () => {
    const last = String(availableParallelism() - 1)
    const group = await real.group({ cpuset: { cpus: last } })
    const { output } = await run('grep Cpus_allowed_list /proc/self/status', group)
    expect(output.split(/\s+/)[1]).to.equal(last)
    await group.update({ cpuset: { cpus: '0' } })
    expect(file(group, 'cpuset.cpus.effective')).to.equal('0')
  })

  it('create() with pids refuses forks, as pids.events says', async () => {
    const group = await real.group({ pids: 2 })
    const { output } = await run('(true) && echo one; (sleep 0 & sleep 0) 2>/dev/null || echo refused', group)
    expect(output).to.equal('one\nrefused\n')
    expect(file(group, 'pids.events')).to.match(/^max [1-9]/m)
  })

  it('kill() ends a fork bomb by one write', async () => {
    const group = await real.group({ pids: 60 })
    const { begin } = await real.shell('bomb() { while :; do bomb & bomb; done; }; bomb', group)
    begin()
    await waitUntil(async () => ((await group.stat()).pids?.limitHits ?? 0) >= 20, 20_000)
    await group.kill()
    expect(await group.pids()).to.deep.equal([])
    expect(file(group, 'cgroup.events')).to.match(/^populated 0$/m)
  })

  it('freeze() stops a busy process until thaw()', async () => {
    const group = await real.group()
    const { child, begin } = await real.shell('while :; do :; done', group)
    begin()
    await waitUntil(async () => ticks(child.pid!) > 2, 20_000)
    await group.freeze()
    expect(file(group, 'cgroup.events')).to.match(/^frozen 1$/m)
    const before = ticks(child.pid!)
    await sleep(200)
    expect(ticks(child.pid!)).to.equal(before)
    await group.thaw()
    expect(await waitUntil(async () => ticks(child.pid!) > before, 20_000)).to.equal(true)
  })

  it('create() with devices allows and denies by an eBPF program', async () => {
    const rules = [
      { allow: false, type: 'a', access: 'rwm' },
      { allow: true, type: 'c', major: 1, minor: 3, access: 'rw' },
      { allow: true, type: 'c', major: 1, minor: 5, access: 'r' },
    ] as const
    const group = await real.group({ devices: rules })
    const { output } = await run(
      '(echo x > /dev/null) && echo null; (exec 3< /dev/zero) && echo zero; ' +
        '(exec 3> /dev/zero) || echo no writing; (exec 3< /dev/urandom) || echo no random',
      group
    )
    expect(output).to.equal('null\nzero\nno writing\nno random\n')
  })

  it('watchPressure() wakes when processes wait for the processor', async () => {
    const group = await real.group({ cpu: { quotaUs: 10_000, periodUs: 100_000 } })
    const event = once(group.events as never, 'pressure')
    const watching = group.watchPressure({ resource: 'cpu', stallUs: 20_000, windowUs: 500_000 })
    for (let count = 0; count < 4; count++) (await real.shell('while :; do :; done', group)).begin()
    expect((await event)[0]).to.deep.equal({ resource: 'cpu', kind: 'some' })
    watching.close()
  })
})

/** Number of the whole disk a directory is on; undefined where that is none. */
function diskOf(directory: string): string | undefined {
  const { dev } = statSync(directory)
  const number = `${(dev >> 8) & 0xfff}:${(dev & 0xff) | ((dev >> 12) & 0xfff00)}`
  const place = `/sys/dev/block/${number}`
  if (!existsSync(place)) return undefined
  return existsSync(`${place}/partition`) ? readFileSync(`${place}/../dev`, 'utf8').trim() : number
}

function diskDirectory(context: Mocha.Context): string {
  requires(context, { controller: 'io', version: 2 }, 'diskForTemporaries')
  return mkdtempSync(join(tmpdir(), 'iso-cgroup-disk-'))
}
