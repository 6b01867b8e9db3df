import { expect } from 'chai'
import type { IsoError } from '@iso/native'

import { fakeV2, v2Group, type FakeKernel } from '../fake-kernel.test-util.js'
import { Cgroup } from '../group.js'
import type { Limits } from '../limits.js'

describe('group, on a fake v2 machine', () => {
  let kernel: FakeKernel
  let group: Cgroup
  beforeEach(() => {
    kernel = fakeV2()
    kernel.write(v2Group('/app/iso/job'))
    group = Cgroup.open({ name: 'job', layout: kernel.layout() })
  })
  afterEach(() => kernel.remove())
  const file = (name: string) => kernel.read(`sys/fs/cgroup/app/iso/job/${name}`)

  it('update() writes the files of every controller', async () => {
    kernel.write({ 'sys/fs/cgroup/app/iso/job/memory.current': '0\n' })
    await group.update({
      cpu: { cpus: 2, weight: 50 },
      cpuset: { cpus: '0-1' },
      memory: { max: '1m', withSwap: '3m' },
      pids: 5,
      io: { weight: 20 },
      hugetlb: { '2MB': '2m' },
      rdma: { mlx5_0: { hcaHandles: 2 } },
      misc: { sev: 1 },
      perfEvent: true,
      unified: { 'memory.high': '4096' },
    })
    expect(
      [
        'cpu.max',
        'cpu.weight',
        'cpuset.cpus',
        'memory.swap.max',
        'memory.max',
        'pids.max',
        'io.weight',
        'hugetlb.2MB.max',
        'rdma.max',
        'misc.max',
        'memory.high',
      ].map(file)
    ).to.deep.equal([
      '200000 100000',
      '50',
      '0-1',
      '2097152',
      '1048576',
      '5',
      'default 20',
      '2097152',
      'mlx5_0 hca_handle=2',
      'sev 1',
      '4096',
    ])
  })

  it('update() of withSwap alone takes the memory limit that is in force', async () => {
    kernel.write({ 'sys/fs/cgroup/app/iso/job/memory.max': '4096000\n' })
    await group.update({ memory: { withSwap: 8_192_000 } })
    expect(file('memory.swap.max')).to.equal('4096000')
    await group.update({ memory: { withSwap: 4096 } }).then(
      () => expect.fail('took it'),
      (error: Error) => expect(error).to.be.instanceOf(RangeError)
    )
  })

  it('update() asks for reclaim and refuses a limit below what is left in use', async () => {
    const error = await group.update({ memory: 8192 }).then(
      () => expect.fail('took it'),
      (one: IsoError) => one
    )
    expect(error).to.include({ code: 'ISO_CGROUP_BUSY', errnoName: 'EBUSY' })
    expect(error.hint).to.include('4096000 bytes')
    expect(file('memory.reclaim')).to.equal(`${4_096_000 - 8192}`)
    expect(file('memory.max')).to.equal('max\n')
  })

  it('update() refuses v1 classes', async () => {
    const code = (limits: Limits) =>
      group.update(limits).then(
        () => 'none',
        (error: IsoError) => error.code
      )
    expect(await code({ netCls: 5 })).to.equal('ISO_CGROUP_CONTROLLER')
  })

  it('update() reports what the kernel stored instead', async () => {
    // A partition that cannot be is accepted, and reads back as invalid: play that by a file that takes no writes, /dev/null.
    const { rmSync, symlinkSync } = await import('node:fs')
    const path = `${kernel.root}/sys/fs/cgroup/app/iso/job/pids.max`
    rmSync(path)
    symlinkSync('/dev/null', path)
    await group.update({ pids: 5 }).then(
      () => expect.fail('took it'),
      (error: IsoError) => {
        expect(error).to.include({ code: 'ISO_CGROUP_READBACK', path })
        expect(error.message).to.include('it holds "" afterwards')
      }
    )
  })

  it('update() falls back to what BFQ calls the weight', async () => {
    const { renameSync } = await import('node:fs')
    const directory = `${kernel.root}/sys/fs/cgroup/app/iso/job`
    renameSync(`${directory}/io.weight`, `${directory}/io.bfq.weight`)
    await group.update({ io: { weight: 100 } })
    expect(file('io.bfq.weight')).to.equal('default 20')
  })

  it('update() lets a missing swap file pass only where asked', async () => {
    const { rmSync } = await import('node:fs')
    kernel.write({ 'sys/fs/cgroup/app/iso/job/memory.current': '0\n' })
    rmSync(`${kernel.root}/sys/fs/cgroup/app/iso/job/memory.swap.max`)
    await group.update({ memory: { max: '1m', swap: 0, swapIfAccounted: true } })
    expect(file('memory.max')).to.equal('1048576')
    await group.update({ memory: { max: '1m', swap: 0 } }).then(
      () => expect.fail('took it'),
      (error: IsoError) => expect(error.errnoName).to.equal('ENOENT')
    )
  })

  it('stat() reads all figures with their units', async () => {
    expect(await group.stat()).to.deep.equal({
      cpu: {
        usageUs: 500,
        userUs: 300,
        systemUs: 200,
        periods: 7,
        throttledPeriods: 2,
        throttledUs: 40,
        bursts: 1,
        burstUs: 5,
      },
      memory: {
        usageBytes: 4_096_000,
        peakBytes: 8_192_000,
        limitBytes: null,
        swapBytes: 100,
        swapLimitBytes: null,
        anonBytes: 1000,
        fileBytes: 2000,
        kernelBytes: 300,
        shmemBytes: 4,
        inactiveFileBytes: 50,
        pageFaults: 60,
        majorPageFaults: 7,
        limitHits: 4,
        highHits: 3,
        oomKills: 1,
      },
      pids: { current: 3, peak: 9, limit: null, limitHits: 5 },
      io: {
        readBytes: 101,
        writeBytes: 202,
        readOps: 4,
        writeOps: 5,
        devices: {
          '8:0': { readBytes: 100, writeBytes: 200, readOps: 3, writeOps: 4 },
          '8:16': { readBytes: 1, writeBytes: 2, readOps: 1, writeOps: 1 },
        },
      },
      hugetlb: { '2MB': { usageBytes: 2_097_152, limitBytes: null, limitHits: 6 } },
      rdma: { mlx5_0: { hca_handle: 2, hca_object: 2000 } },
      misc: { sev: 5 },
      cpuset: { cpus: '0-3', mems: '0' },
      populated: false,
      frozen: false,
      pressure: {
        cpu: { some: { avg10: 1.5, avg60: 0.2, avg300: 0, totalUs: 12_345 } },
        memory: {
          some: { avg10: 0, avg60: 0, avg300: 0, totalUs: 0 },
          full: { avg10: 2, avg60: 0, avg300: 0, totalUs: 9 },
        },
      },
    })
  })

  it('freeze() gives up after its time and thaws', async () => {
    // Nobody answers here: cgroup.events keeps saying "frozen 0".
    await group.freeze({ timeoutMs: 30 }).then(
      () => expect.fail('froze'),
      (error: IsoError) => expect(error.code).to.equal('ISO_CGROUP_TIMEOUT')
    )
    expect(file('cgroup.freeze')).to.equal('0')
    kernel.write({ 'sys/fs/cgroup/app/iso/job/cgroup.events': 'populated 1\nfrozen 1\n' })
    await group.freeze()
    expect(file('cgroup.freeze')).to.equal('1')
    expect((await group.stat()).frozen).to.equal(true)
  })

  it('kill() names the processes that are left', async () => {
    kernel.write({
      'sys/fs/cgroup/app/iso/job/cgroup.procs': '0\n',
      'sys/fs/cgroup/app/iso/job/below/cgroup.procs': '4194304\n',
    })
    await group.kill({ timeoutMs: 30 }).then(
      () => expect.fail('killed'),
      (error: IsoError) => {
        expect(error.message).to.include('process 0, 4194304 is left')
        expect(error.hint).to.include('PID namespace')
      }
    )
    expect(file('cgroup.kill')).to.equal('1')
  })

  it('add() writes the process ID and explains', async () => {
    await group.add(123)
    expect(file('cgroup.procs')).to.equal('123')
    await group.add(0).then(
      () => expect.fail('took it'),
      (error: Error) => expect(error.message).to.include('Cannot add process 0')
    )
  })

  it('events report what memory.events, pids.events and cgroup.events count', async () => {
    const seen: unknown[] = []
    const { events } = group
    for (const name of ['oom', 'limit', 'populated', 'frozen'] as const)
      events.on(name, (event: unknown) => void seen.push([name, event]))
    kernel.write({ 'sys/fs/cgroup/app/iso/job/memory.events': 'low 0\nhigh 5\nmax 4\noom 2\noom_kill 3\n' })
    kernel.write({
      'sys/fs/cgroup/app/iso/job/pids.events': 'max 6\n',
      'sys/fs/cgroup/app/iso/job/cgroup.events': 'populated 1\nfrozen 1\n',
    })
    const { waitUntil } = await import('../internal/wait.js')
    await waitUntil(async () => seen.length >= 5, 2000)
    expect(seen).to.have.deep.members([
      ['limit', { controller: 'memory', which: 'high', count: 2, total: 5 }],
      ['oom', { kills: 2, total: 3 }],
      ['limit', { controller: 'pids', which: 'max', count: 1, total: 6 }],
      ['populated', true],
      ['frozen', true],
    ])
    group.close()
    group.close()
  })
})
