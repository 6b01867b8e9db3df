import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { IsoError } from '@iso/native'
import { requires } from '@iso/testing'
import { expect } from 'chai'

import { Cgroup } from './group.js'
import { waitUntil } from './internal/wait.js'
import { detectLayout, type Layout } from './layout.js'
import { Real, ticks } from './real.test-util.js'

const hog = (bytes: number) => `exec head -c ${bytes} /dev/zero | tail`
const failed = async (promise: Promise<unknown>): Promise<IsoError> => {
  try {
    await promise
  } catch (error) {
    expect(error).to.be.instanceOf(IsoError)
    return error as IsoError
  }
  return expect.fail('it worked')
}

/** The machine as it is, and as one without v2 would see it. */
const views: Record<string, () => Layout> = {
  'as mounted': () => detectLayout(),
  'with v1 alone': () => {
    const { v1 } = detectLayout()
    return { mode: 'v1', v1 }
  },
}

for (const [view, layout] of Object.entries(views)) {
  describe(`group, ${view}`, function () {
    this.timeout(20_000)
    const real = new Real()
    before(function () {
      requires(this, 'root', { controller: 'pids' }, { controller: 'memory' }, { controller: 'cpu' })
      if (view === 'with v1 alone') requires(this, 'cgroup1', { controller: 'freezer', version: 1 })
    })
    afterEach(() => real.end())

    it('create() writes the limit, which reads back as 1073741824 for 1g', async () => {
      const group = await real.group({ memory: '1g', layout: layout() })
      const directory = group.directories['memory'] ?? group.directories['unified']!
      const file = group.directories['memory'] ? 'memory.limit_in_bytes' : 'memory.max'
      expect(readFileSync(join(directory, file), 'utf8')).to.equal('1073741824\n')
      expect((await group.stat()).memory?.limitBytes).to.equal(1_073_741_824)
    })

    it('add() puts a process in, and its children are born there', async () => {
      const group = await real.group({ layout: layout() })
      const { child, begin } = await real.shell('sleep 100 & wait', group)
      begin()
      while ((await group.pids()).length < 2) await sleep(5)
      expect(await group.pids()).to.include(child.pid)
      expect((await failed(group.add(4_194_303))).hint).to.include('no such process')
    })

    it('create() with pids stops a fork', async () => {
      const group = await real.group({ pids: 1, layout: layout() })
      const { child, begin, output } = await real.shell('(true); echo forked', group)
      begin()
      await once(child, 'exit')
      expect(await output).to.equal('')
      expect(child.exitCode).to.not.equal(0)
      expect((await group.stat()).pids).to.include({ limit: 1, limitHits: 1, current: 0 })
    })

    it('freeze() stops the clock of a busy process, thaw() lets it run on', async () => {
      const group = await real.group({ layout: layout() })
      const { child, begin } = await real.shell('while :; do :; done', group)
      begin()
      while (ticks(child.pid!) < 2) await sleep(10)
      await group.freeze()
      const before = ticks(child.pid!)
      await sleep(150)
      expect(ticks(child.pid!)).to.equal(before)
      expect((await group.stat()).frozen).to.equal(true)
      await group.thaw()
      const thawed = performance.now()
      while (ticks(child.pid!) === before && performance.now() - thawed < 5000) await sleep(10)
      expect(ticks(child.pid!)).to.be.above(before)
      expect((await group.stat()).frozen).to.equal(false)
    })

    it('kill() ends frozen processes', async () => {
      const group = await real.group({ layout: layout() })
      const child = await real.sleep(group)
      await group.freeze()
      await group.kill()
      if (child.signalCode === null) await once(child, 'exit')
      expect(child.signalCode).to.equal('SIGKILL')
      expect(await group.pids()).to.deep.equal([])
    })

    it('kill() ends a fork bomb', async () => {
      const group = await real.group({ pids: 40, layout: layout() })
      const { begin } = await real.shell('bomb() { while :; do bomb & bomb; done; }; bomb', group)
      begin()
      const hits = async () => (await group.stat()).pids?.limitHits ?? 0
      while ((await hits()) < 20) await sleep(10)
      await group.kill()
      expect(await group.pids()).to.deep.equal([])
      // The dead count until somebody has waited for them: here it is PID 1, in its own time.
      expect(await waitUntil(async () => (await group.stat()).pids?.current === 0)).to.equal(true)
    })

    it('stat() shows throttling under a quota', async () => {
      const group = await real.group({ cpu: { quotaUs: 5000, periodUs: 50_000 }, layout: layout() })
      const { begin } = await real.shell('while :; do :; done', group)
      begin()
      const cpu = async () => (await group.stat()).cpu!
      while (((await cpu()).throttledPeriods ?? 0) < 3) await sleep(20)
      const { throttledUs, periods, usageUs } = await cpu()
      expect(throttledUs).to.be.above(20_000)
      expect(periods).to.be.above(2)
      expect(usageUs).to.be.above(5000)
    })

    it('update() changes limits of running processes, up and down in the right order', async () => {
      const group = await real.group({ memory: { max: '64m' }, cpus: 1, pids: 10, layout: layout() })
      await real.sleep(group)
      const memsw = existsSync(join(group.directories['memory'] ?? '/none', 'memory.memsw.limit_in_bytes'))
      for (const mib of [128, 32, 64]) {
        const max = mib * 2 ** 20
        await group.update({
          memory: memsw ? { max, withSwap: max } : { max },
          cpu: { quotaUs: mib * 1000, burstUs: mib * 1000 },
          pids: mib,
        })
        const stat = await group.stat()
        expect(stat.memory).to.include({ limitBytes: max, ...(memsw && { swapLimitBytes: 0 }) })
        expect(stat.pids?.limit).to.equal(mib)
      }
    })

    it('update() explains a memory limit below what is in use', async () => {
      const group = await real.group({ memory: { max: '200m' }, layout: layout() })
      const { begin } = await real.shell('x=$(head -c 40000000 /dev/zero | tr "\\0" x); sleep 100', group)
      begin()
      while (((await group.stat()).memory?.anonBytes ?? 0) < 40_000_000) await sleep(20)
      const error = await failed(group.update({ memory: '4m' }))
      expect(error).to.include({ code: 'ISO_CGROUP_BUSY', errnoName: 'EBUSY' })
      expect(error.hint).to.match(/uses \d+ bytes that cannot be reclaimed/)
      expect((await group.stat()).memory?.limitBytes).to.equal(200 * 2 ** 20)
    })

    it('update() explains a memory limit above that of memory and swap', async function () {
      const group = await real.group({ memory: { max: '64m' }, layout: layout() })
      requires(
        this,
        { controller: 'memory', version: 1 },
        { file: join(group.directories['memory'] ?? '/none', 'memory.memsw.limit_in_bytes') }
      )
      await group.update({ memory: { max: '64m', withSwap: '64m' } })
      expect((await failed(group.update({ memory: '128m' }))).hint).to.include('set withSwap at the same time')
    })

    it('update() refuses a limit of a controller the group is not under', async function () {
      requires(this, { controller: 'cpu', version: 1 })
      const group = await real.group({ layout: layout(), controllers: ['memory'] })
      expect((await failed(group.update({ cpus: 1 }))).hint).to.include('controllers: ["cpu"]')
      const other = await real.group({ layout: layout(), controllers: ['cpu'] })
      await other.update({ cpus: 1 })
      expect(readFileSync(join(other.directories['cpu']!, 'cpu.cfs_quota_us'), 'utf8')).to.equal('100000\n')
    })

    it('stat() keeps peak memory and CPU time after the exit', async () => {
      const group = await real.group({
        memory: { max: '200m' },
        layout: layout(),
        controllers: ['memory', 'cpuacct', 'pids'],
      })
      const { child, begin } = await real.shell('x=$(head -c 30000000 /dev/zero | tr "\\0" x); echo ${#x}', group)
      begin()
      await once(child, 'exit')
      const { memory, cpu, pids } = await group.stat()
      expect(memory?.peakBytes).to.be.above(30_000_000)
      expect(cpu?.usageUs).to.be.above(1000)
      expect(pids).to.include({ current: 0 })
      expect(pids?.peak).to.be.above(1)
    })

    it('create() gives a group a cpuset', async function () {
      requires(this, { controller: 'cpuset' })
      const group = await real.group({ cpuset: { cpus: '0' }, layout: layout() })
      const child = await real.sleep(group)
      expect(readFileSync(`/proc/${child.pid}/status`, 'utf8')).to.match(/Cpus_allowed_list:\t0\n/)
      expect((await group.stat()).cpuset).to.deep.equal({ cpus: '0', mems: '0' })
      expect(await failed(group.update({ cpuset: { cpus: '4000' } }))).to.include({ code: 'ISO_CGROUP_WRITE' })
    })

    it('create() limits a disk and counts what it did', async function () {
      requires(this, { controller: 'blkio', version: 1 })
      const group = await real.group({
        io: { blkioWeight: 50, devices: [{ device: '/dev/loop0', writeBps: '1g', readIops: 1000 }] },
        layout: layout(),
      })
      expect(readFileSync(join(group.directories['blkio']!, 'blkio.throttle.write_bps_device'), 'utf8')).to.equal(
        '7:0 1073741824\n'
      )
      await group.update({ io: { devices: [{ device: '/dev/loop0', writeBps: 'max' }] } })
      expect(readFileSync(join(group.directories['blkio']!, 'blkio.throttle.write_bps_device'), 'utf8')).to.equal('')
      expect((await group.stat()).io).to.include({ readBytes: 0, writeBytes: 0 })
    })

    it('create() keeps a process from devices that the rules deny', async () => {
      const devices = [
        { allow: false, type: 'a', access: 'rwm' },
        { allow: true, type: 'c', major: 1, minor: 3, access: 'rw' },
      ] as const
      const group = await real.group({ devices, layout: layout() })
      const { child, begin, output } = await real.shell(
        'echo x > /dev/null && echo null; (exec 3< /dev/zero) 2>&- && echo zero; mknod /tmp/iso-no c 1 3 2>&- && echo node; echo done',
        group
      )
      begin()
      await once(child, 'exit')
      expect(await output).to.equal('null\ndone\n')
    })

    it('remove() refuses a group with processes, takes groups beneath with it, and may come twice', async () => {
      const group = await real.group({ layout: layout() })
      await real.sleep(group)
      const error = await failed(group.remove({ timeoutMs: 50 }))
      expect(error).to.include({ code: 'ISO_CGROUP_BUSY', errnoName: 'EBUSY' })
      expect(error.hint).to.include('kill() first')
      await group.kill()
      for (const directory of Object.values(group.directories))
        mkdirSync(join(directory, 'below', 'deeper'), { recursive: true })
      await group.remove()
      await group.remove()
      expect(Object.values(group.directories).filter((directory) => existsSync(directory))).to.deep.equal([])
      expect(await group.pids()).to.deep.equal([])
    })

    it('open() finds a group in every hierarchy that has it, and misses one that is not there', async () => {
      const made = await real.group({ pids: 5, layout: layout() })
      const name = Object.values(made.directories)[0]!.split('/').at(-1)!
      const found = Cgroup.open({ name, layout: layout() })
      expect(found.directories).to.include(made.directories)
      expect((await found.stat()).pids?.limit).to.equal(5)
      expect(() => Cgroup.open({ name: 'no-such-group' }))
        .to.throw(IsoError, 'no hierarchy has it')
        .with.property('code', 'ISO_CGROUP_MISSING')
    })

    it('create() refuses a name that is taken, and names with ..', async () => {
      const group = await real.group({ layout: layout() })
      const name = Object.values(group.directories)[0]!.split('/').at(-1)!
      expect(await failed(Cgroup.create({ name, layout: layout() }))).to.include({
        code: 'ISO_CGROUP_EXISTS',
        errnoName: 'EEXIST',
      })
      await Cgroup.create({ name: '../escape', layout: layout() }).then(
        () => expect.fail('made it'),
        (error) => expect(error).to.be.instanceOf(RangeError)
      )
    })

    it('create() reports what the kernel refuses, and leaves nothing', async () => {
      const layoutNow = layout()
      const error = await failed(
        Cgroup.create({ name: 'refused', io: { devices: [{ device: '240:999', readBps: 1 }] }, layout: layoutNow })
      )
      expect(error).to.include({ code: 'ISO_CGROUP_WRITE', errnoName: 'ENODEV' })
      expect(() => Cgroup.open({ name: 'refused', layout: layoutNow })).to.throw(IsoError, 'no hierarchy has it')
    })

    it('add() explains a cpuset without processors', async function () {
      requires(this, { controller: 'cpuset', version: 1 })
      const group = await real.group({ cpuset: { cpus: '0' }, layout: layout(), controllers: [] })
      const below = join(group.directories['cpuset']!, 'below')
      mkdirSync(below)
      const { cpuset } = layout().v1
      const empty = Cgroup.open({
        name: 'below',
        parent: '',
        layout: { mode: 'v1', v1: { cpuset: { ...cpuset!, directory: group.directories['cpuset']! } } },
      })
      expect((await failed(empty.add(process.pid))).hint).to.include('no processors or no memory nodes')
    })

    it('kill() survives a group that kills itself, and empty ones', async () => {
      const group = await real.group({ memory: '8m', layout: layout() })
      const { child, begin } = await real.shell(hog(100_000_000), group)
      begin()
      await once(child, 'exit')
      await group.kill()
      expect((await group.stat()).memory?.oomKills).to.be.above(0)
    })
  })
}
