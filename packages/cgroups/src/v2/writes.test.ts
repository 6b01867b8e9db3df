import { expect } from 'chai'
import { IsoError } from '@iso/native'

import { validate, type Limits } from '../limits.js'
import { type V2_CONTROLLERS, writesUnified, writesV2 } from './writes.js'

type Controller = keyof typeof V2_CONTROLLERS
const written = (controller: Controller, limits: Limits) =>
  writesV2(controller, validate(limits)).map(({ file, value }) => `${file}=${value}`)

describe('v2 writes', () => {
  it('writesV2() of cpu: quota with period, shares as weight', () => {
    expect(
      written('cpu', {
        cpu: { cpus: 1.5, shares: 1024, burstUs: 1000, uclampMinPercent: 12.5, uclampMaxPercent: 80, idle: false },
      })
    ).to.deep.equal([
      'cpu.idle=0',
      'cpu.weight=100',
      'cpu.max=150000 100000',
      'cpu.max.burst=1000',
      'cpu.uclamp.min=12.50',
      'cpu.uclamp.max=80.00',
    ])
    expect(written('cpu', { cpu: { quotaUs: 5000 } })).to.deep.equal(['cpu.max=5000 100000'])
    expect(written('cpu', { cpu: { periodUs: 5000 } })).to.deep.equal(['cpu.max=max 5000'])
    expect(written('cpu', { cpu: { quotaUs: 'max', idle: true, weight: 5 } })).to.deep.equal([
      'cpu.idle=1',
      'cpu.max=max',
    ])
  })

  it("writesV2() of memory: swap is what Docker's sum leaves beyond the memory", () => {
    expect(written('memory', { memory: { max: '1m', withSwap: '3m' } })).to.deep.equal([
      'memory.swap.max=2097152',
      'memory.max=1048576',
    ])
    expect(written('memory', { memory: { max: '1m', withSwap: -1 } })[0]).to.equal('memory.swap.max=max')
    expect(
      written('memory', {
        memory: { max: 'max', swap: 0, high: '8k', low: '4k', min: 0, zswap: 'max', oomGroup: true },
      })
    ).to.deep.equal([
      'memory.swap.max=0',
      'memory.zswap.max=max',
      'memory.max=max',
      'memory.high=8192',
      'memory.low=4096',
      'memory.min=0',
      'memory.oom.group=1',
    ])
    expect(() => written('memory', { memory: { withSwap: '1m' } })).to.throw(RangeError, 'give max, too')
  })

  it('writesV2() of io: one line a device', () => {
    const io = {
      weight: 50,
      devices: [
        { device: '8:0', readBps: '1m', writeIops: 'max' as const, weight: 10_000, latencyTargetUs: 75 },
        { device: '8:16', blkioWeight: 10 },
      ],
    }
    expect(written('io', { io })).to.deep.equal([
      'io.weight=default 50',
      'io.weight=8:0 10000',
      'io.max=8:0 rbps=1048576 wiops=max',
      'io.latency=8:0 target=75',
      'io.weight=8:16 1',
    ])
    expect(writesV2('io', validate({ io }))[0]?.otherwise).to.deep.equal({ file: 'io.bfq.weight', value: 'default 15' })
  })

  it('writesV2() of the others', () => {
    expect(written('cpuset', { cpuset: { cpus: '0-1', mems: '0', partition: 'isolated' } })).to.deep.equal([
      'cpuset.cpus=0-1',
      'cpuset.mems=0',
      'cpuset.cpus.partition=isolated',
    ])
    expect(written('pids', { pids: 'max' })).to.deep.equal(['pids.max=max'])
    expect(written('hugetlb', { hugetlb: { '2MB': '5m' } })).to.deep.equal([
      'hugetlb.2MB.max=4194304',
      'hugetlb.2MB.rsvd.max=4194304',
    ])
    expect(written('rdma', { rdma: { mlx5_0: { hcaObjects: 5 } } })).to.deep.equal(['rdma.max=mlx5_0 hca_object=5'])
    expect(written('misc', { misc: { sev: 5, tdx: 'max' } })).to.deep.equal(['misc.max=sev 5', 'misc.max=tdx max'])
    expect(writesUnified(validate({ unified: { 'memory.high': '5', 'cgroup.max.depth': '1' } }))).to.deep.equal([
      { file: 'memory.high', value: '5' },
      { file: 'cgroup.max.depth', value: '1' },
    ])
  })

  const v1Only: [Controller, Limits][] = [
    ['memory', { memory: { swappiness: 1 } }],
    ['memory', { memory: { oomKillDisable: true } }],
    ['memory', { memory: { kernelTcp: 1 } }],
    ['cpu', { cpu: { rtRuntimeUs: 5 } }],
    ['cpuset', { cpuset: { memoryMigrate: true } }],
    ['cpuset', { cpuset: { cpuExclusive: true } }],
  ]
  for (const [controller, limits] of v1Only) {
    it(`writesV2() refuses ${JSON.stringify(limits)}, which only v1 has`, () => {
      expect(() => written(controller, limits))
        .to.throw(IsoError, 'cgroup v2 has no such limit')
        .with.property('code', 'ISO_CGROUP_UNSUPPORTED')
    })
  }
})
