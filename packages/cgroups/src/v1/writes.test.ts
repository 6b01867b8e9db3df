import { expect } from 'chai'
import { IsoError } from '@iso/native'

import { fakeV1, v1Group, type FakeKernel } from '../fake-kernel.test-util.js'
import { Cgroup } from '../group.js'
import { validate, type Limits } from '../limits.js'
import { DOCKER_DEVICES, parseDeviceRule } from '../options/devices.js'
import { type V1_CONTROLLERS, writesV1 } from './writes.js'

type Controller = keyof typeof V1_CONTROLLERS
const written = (controller: Controller, limits: Limits) =>
  writesV1(controller, validate(limits)).map(({ file, value }) => `${file}=${value}`)

describe('v1 writes', () => {
  it('writesV1() of cpu: idle before shares, period before quota, burst last', () => {
    expect(
      written('cpu', { cpu: { cpus: 0.5, burstUs: 1000, weight: 100, idle: false, rtRuntimeUs: 5, rtPeriodUs: 9 } })
    ).to.deep.equal([
      'cpu.idle=0',
      'cpu.shares=1024',
      'cpu.rt_period_us=9',
      'cpu.rt_runtime_us=5',
      'cpu.cfs_period_us=100000',
      'cpu.cfs_quota_us=50000',
      'cpu.cfs_burst_us=1000',
    ])
    expect(written('cpu', { cpu: { quotaUs: 'max', idle: true, shares: 5 } })).to.deep.equal([
      'cpu.idle=1',
      'cpu.cfs_quota_us=-1',
    ])
  })

  it('writesV1() of memory: the limit before memsw, which is the sum', () => {
    expect(
      written('memory', {
        memory: { max: '1m', swap: '1m', low: '8k', swappiness: 0, oomKillDisable: true, kernelTcp: '4k' },
      })
    ).to.deep.equal([
      'memory.limit_in_bytes=1048576',
      'memory.memsw.limit_in_bytes=2097152',
      'memory.soft_limit_in_bytes=8192',
      'memory.kmem.tcp.limit_in_bytes=4096',
      'memory.swappiness=0',
      'memory.oom_control=1',
    ])
    expect(written('memory', { memory: { max: '1m', withSwap: '3m' } })[1]).to.equal(
      'memory.memsw.limit_in_bytes=3145728'
    )
    expect(written('memory', { memory: { max: 'max', swap: 'max' } })).to.deep.equal([
      'memory.limit_in_bytes=-1',
      'memory.memsw.limit_in_bytes=-1',
    ])
    expect(() => written('memory', { memory: { swap: 0 } })).to.throw(RangeError, 'give max, too')
  })

  it('writesV1() of blkio: weights with what BFQ calls them, 0 for no rate', () => {
    const io = {
      blkioWeight: 500,
      devices: [{ device: '8:0', readBps: '1m', writeBps: 'max', readIops: 7, writeIops: 'max' as const, weight: 100 }],
    }
    expect(written('blkio', { io })).to.deep.equal([
      'blkio.weight=500',
      'blkio.weight_device=8:0 20',
      'blkio.throttle.read_bps_device=8:0 1048576',
      'blkio.throttle.write_bps_device=8:0 0',
      'blkio.throttle.read_iops_device=8:0 7',
      'blkio.throttle.write_iops_device=8:0 0',
    ])
    expect(writesV1('blkio', validate({ io }))[0]?.otherwise).to.deep.equal({ file: 'blkio.bfq.weight', value: '500' })
  })

  it('writesV1() of devices keeps the order of the rules', () => {
    expect(written('devices', { devices: DOCKER_DEVICES })).to.deep.equal([
      'devices.deny=a',
      'devices.allow=c *:* m',
      'devices.allow=b *:* m',
      'devices.allow=c 1:3 rwm',
      'devices.allow=c 1:5 rwm',
      'devices.allow=c 1:7 rwm',
      'devices.allow=c 1:8 rwm',
      'devices.allow=c 1:9 rwm',
      'devices.allow=c 5:0 rwm',
      'devices.allow=c 5:1 rwm',
      'devices.allow=c 5:2 rwm',
      'devices.allow=c 136:* rwm',
    ])
  })

  it('writesV1() of devices refuses what the kernel would silently ignore', () => {
    const rules = (...texts: [boolean, string][]) => texts.map(([allow, text]) => parseDeviceRule(text, allow))
    expect(() => written('devices', { devices: rules([false, 'a'], [true, 'c 1:* rw'], [false, 'c 1:3 r']) })).to.throw(
      IsoError,
      '"c 1:3 r" after the wider "c 1:* rw"'
    )
    expect(() => written('devices', { devices: rules([true, 'a'], [false, 'b *:* rwm'], [true, 'b 8:0 r']) })).to.throw(
      IsoError,
      'use cgroup v2'
    )
    expect(
      written('devices', {
        devices: rules(
          [false, 'a'],
          [true, 'c 1:3 rw'],
          [false, 'c 1:3 w'],
          [false, 'c 1:5 r'],
          [true, 'a'],
          [false, 'b *:* m']
        ),
      })
    ).to.have.length(6)
  })

  it('writesV1() of the others', () => {
    expect(
      written('cpuset', { cpuset: { cpus: '1,0', mems: '0', memoryMigrate: true, cpuExclusive: false } })
    ).to.deep.equal(['cpuset.memory_migrate=1', 'cpuset.cpus=0-1', 'cpuset.mems=0', 'cpuset.cpu_exclusive=0'])
    expect(written('pids', { pids: 64 })).to.deep.equal(['pids.max=64'])
    expect(written('pids', { pids: 0 })).to.deep.equal(['pids.max=0'])
    expect(written('hugetlb', { hugetlb: { '2MB': '4m', '1GB': 'max' } })).to.deep.equal([
      'hugetlb.2MB.limit_in_bytes=4194304',
      'hugetlb.2MB.rsvd.limit_in_bytes=4194304',
      'hugetlb.1GB.limit_in_bytes=-1',
      'hugetlb.1GB.rsvd.limit_in_bytes=-1',
    ])
    expect(written('net_cls', { netCls: '10:1' })).to.deep.equal(['net_cls.classid=1048577'])
    expect(written('net_prio', { netPrio: { lo: 3, eth0: 5 } })).to.deep.equal([
      'net_prio.ifpriomap=lo 3',
      'net_prio.ifpriomap=eth0 5',
    ])
    expect(written('rdma', { rdma: { mlx5_0: { hcaHandles: 2, hcaObjects: 'max' } } })).to.deep.equal([
      'rdma.max=mlx5_0 hca_handle=2 hca_object=max',
    ])
    expect(written('perf_event', { perfEvent: true })).to.deep.equal([])
  })

  const v2Only: [Controller, Limits][] = [
    ['memory', { memory: { high: '1m' } }],
    ['memory', { memory: { min: '1m' } }],
    ['memory', { memory: { oomGroup: true } }],
    ['memory', { memory: { zswap: 0 } }],
    ['cpu', { cpu: { uclampMinPercent: 5 } }],
    ['cpuset', { cpuset: { partition: 'root' } }],
    ['blkio', { io: { devices: [{ device: '8:0', latencyTargetUs: 5 }] } }],
  ]
  for (const [controller, limits] of v2Only) {
    it(`writesV1() refuses ${JSON.stringify(limits)}, which only v2 has`, () => {
      expect(() => written(controller, limits))
        .to.throw(IsoError, 'cgroup v1 has no such limit')
        .with.property('code', 'ISO_CGROUP_UNSUPPORTED')
    })
  }

  describe('on a v1 machine', () => {
    let kernel: FakeKernel
    let group: Cgroup
    beforeEach(() => {
      kernel = fakeV1()
      kernel.write(v1Group('/app/iso/job', { 'blkio/blkio.weight': '500' }))
      group = Cgroup.open({ name: 'job', layout: kernel.layout() })
    })
    afterEach(() => kernel.remove())
    const file = (path: string) => {
      const [mount, name] = path.split('/')
      return kernel.read(`sys/fs/cgroup/${mount}/app/iso/job/${name}`)
    }

    it('update() writes the files of every controller', async () => {
      await group.update({
        cpu: { quotaUs: 50_000, shares: 512 },
        cpuset: { cpus: '0-1', mems: '0' },
        memory: { max: '1m', withSwap: '2m' },
        pids: 5,
        io: { blkioWeight: 20 },
        devices: [{ allow: false, type: 'a', access: 'rwm' }],
        hugetlb: { '2MB': '2m' },
        rdma: { mlx5_0: { hcaHandles: 2 } },
        netCls: 5,
        netPrio: { lo: 1 },
        perfEvent: true,
      })
      expect(file('cpu,cpuacct/cpu.cfs_quota_us')).to.equal('50000')
      expect(file('cpuset/cpuset.cpus')).to.equal('0-1')
      expect(file('memory/memory.memsw.limit_in_bytes')).to.equal('2097152')
      expect(file('pids/pids.max')).to.equal('5')
      expect(file('blkio/blkio.weight')).to.equal('20')
      expect(file('devices/devices.deny')).to.equal('a')
      expect(file('hugetlb/hugetlb.2MB.limit_in_bytes')).to.equal('2097152')
      expect(file('rdma/rdma.max')).to.equal('mlx5_0 hca_handle=2')
      expect(file('net_cls,net_prio/net_cls.classid')).to.equal('5')
      expect(file('net_cls,net_prio/net_prio.ifpriomap')).to.equal('lo 1')
    })

    it('stat() reads all figures with their units', async () => {
      const io = { readBytes: 101, writeBytes: 202, readOps: 4, writeOps: 5 }
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
          oomKills: 1,
        },
        pids: { current: 3, peak: 9, limit: null, limitHits: 5 },
        io: {
          ...io,
          devices: {
            '8:0': { readBytes: 100, writeBytes: 200, readOps: 3, writeOps: 4 },
            '8:16': { readBytes: 1, writeBytes: 2, readOps: 1, writeOps: 1 },
          },
        },
        hugetlb: { '2MB': { usageBytes: 2_097_152, peakBytes: 4_194_304, limitBytes: null, limitHits: 6 } },
        rdma: { mlx5_0: { hca_handle: 2, hca_object: 2000 } },
        cpuset: { cpus: '0-3', mems: '0' },
        frozen: false,
        netClass: 0,
        netPriorities: { lo: 0, eth0: 0 },
      })
    })

    it('update() says which limits of v2 there are not', async () => {
      await group.update({ misc: { sev: 1 } }).then(
        () => expect.fail('took misc'),
        (error: IsoError) => expect(error.code).to.equal('ISO_CGROUP_CONTROLLER')
      )
    })
  })
})
