import { expect } from 'chai'
import { IsoError, type Step } from '@iso/native'

import { cgroup } from './cgroup.js'
import { cgroupNamespace } from './cgroup-namespace.js'
import { fakeV1, fakeV2, FakeKernel, v1Group, v2Group } from './fake-kernel.test-util.js'
import { compileDevices } from './v2/devices.js'
import { DOCKER_DEVICES } from './options/devices.js'

/** One line a step, the temporary directory left out. */
function lines(kernel: FakeKernel, steps: readonly Step[]): string[] {
  return steps.map((step) => {
    const {
      op,
      side,
      in: at,
      path,
      data,
      slot,
      exist,
      cgroup: group,
      label,
    } = step as unknown as Record<string, string | undefined>
    return [
      side,
      op,
      at,
      path?.replace(`${kernel.root}/sys/fs/cgroup`, ''),
      data,
      slot,
      group,
      label,
      exist === undefined ? '' : 'exist',
    ]
      .filter(Boolean)
      .join(' ')
  })
}

describe('cgroup', () => {
  let kernel: FakeKernel
  afterEach(() => kernel.remove())

  it('cgroup() on v2: hands controllers down, makes one group, is born in it', () => {
    kernel = fakeV2()
    const steps = cgroup({
      name: 'job',
      memory: '1m',
      pids: 5,
      layout: kernel.layout(),
      controllers: [],
      namespace: true,
    })
    expect(lines(kernel, steps)).to.deep.equal([
      'writeFile /app/cgroup.subtree_control +memory +pids',
      'cgroupCreate /app/iso cgroup:unified:above0 exist',
      'writeFile cgroup:unified:above0 cgroup.subtree_control +memory +pids',
      'cgroupCreate /app/iso/job cgroup:unified',
      'writeFile cgroup:unified memory.max 1048576',
      'writeFile cgroup:unified pids.max 5',
      'clone cgroup:unified',
      'clone',
      'after readFile cgroup:unified cpu.stat cgroup/unified/cpu.stat',
      'after readFile cgroup:unified memory.peak cgroup/unified/memory.peak',
      'after readFile cgroup:unified memory.events cgroup/unified/memory.events',
      'after readFile cgroup:unified pids.peak cgroup/unified/pids.peak',
      'after readFile cgroup:unified pids.events cgroup/unified/pids.events',
    ])
    for (const step of steps) expect(step).to.include({ origin: '@iso/cgroups' }).and.have.property('why')
  })

  it('cgroup() on v2 writes nothing to groups that hand down already', () => {
    kernel = fakeV2({ enabled: 'memory pids', procs: '' })
    kernel.write(v2Group('/app/iso', { 'cgroup.subtree_control': 'memory pids\n' }))
    const steps = lines(kernel, cgroup({ name: 'job', memory: '1m', layout: kernel.layout(), controllers: ['pids'] }))
    expect(steps.filter((line) => line.includes('subtree_control'))).to.deep.equal([])
  })

  it('cgroup() on v1: one group a hierarchy, entered by the child itself, the namespace after that', () => {
    kernel = fakeV1()
    const steps = cgroup({
      name: 'job',
      parent: '/docker',
      memory: '1m',
      cpus: 1,
      layout: kernel.layout(),
      namespace: true,
    })
    expect(lines(kernel, steps)).to.deep.equal([
      'cgroupCreate /cpu,cpuacct/docker cgroup:cpu:above0 exist',
      'cgroupCreate /cpu,cpuacct/docker/job cgroup:cpu',
      'writeFile cgroup:cpu cpu.cfs_period_us 100000',
      'writeFile cgroup:cpu cpu.cfs_quota_us 100000',
      'cgroupCreate /memory/docker cgroup:memory:above0 exist',
      'cgroupCreate /memory/docker/job cgroup:memory',
      'writeFile cgroup:memory memory.limit_in_bytes 1048576',
      'cgroupCreate /freezer/docker cgroup:freezer:above0 exist',
      'cgroupCreate /freezer/docker/job cgroup:freezer',
      'cgroupCreate /pids/docker cgroup:pids:above0 exist',
      'cgroupCreate /pids/docker/job cgroup:pids',
      'child writeFile cgroup:cpu tasks 0',
      'child writeFile cgroup:memory tasks 0',
      'child writeFile cgroup:freezer tasks 0',
      'child writeFile cgroup:pids tasks 0',
      'child unshare',
      'after readFile cgroup:cpu cpu.stat cgroup/cpu/cpu.stat',
      'after readFile cgroup:cpu cpuacct.usage cgroup/cpuacct/cpuacct.usage',
      'after readFile cgroup:cpu cpuacct.usage_user cgroup/cpuacct/cpuacct.usage_user',
      'after readFile cgroup:cpu cpuacct.usage_sys cgroup/cpuacct/cpuacct.usage_sys',
      'after readFile cgroup:memory memory.max_usage_in_bytes cgroup/memory/memory.max_usage_in_bytes',
      'after readFile cgroup:memory memory.oom_control cgroup/memory/memory.oom_control',
      'after readFile cgroup:memory memory.failcnt cgroup/memory/memory.failcnt',
      'after readFile cgroup:pids pids.peak cgroup/pids/pids.peak',
      'after readFile cgroup:pids pids.events cgroup/pids/pids.events',
      'after writeFile cgroup:pids pids.max 0',
    ])
  })

  it('cgroup() on v1 fills new cpusets from the group above, and leaves those that have one', () => {
    kernel = fakeV1()
    const cpuset = () =>
      lines(kernel, cgroup({ name: 'job', cpuset: { cpus: '1' }, layout: kernel.layout(), controllers: [] })).filter(
        (line) => line.startsWith('writeFile cgroup:cpuset')
      )
    expect(cpuset()).to.deep.equal([
      'writeFile cgroup:cpuset:above0 cpuset.cpus 0-3',
      'writeFile cgroup:cpuset:above0 cpuset.mems 0-1',
      'writeFile cgroup:cpuset cpuset.mems 0-1',
      'writeFile cgroup:cpuset cpuset.cpus 1',
    ])
    kernel.write(v1Group('/app/iso', { 'cpuset/cpuset.cpus': '2-3\n', 'cpuset/cpuset.mems': '1\n' }))
    expect(cpuset()).to.deep.equal(['writeFile cgroup:cpuset cpuset.mems 1', 'writeFile cgroup:cpuset cpuset.cpus 1'])
  })

  it('cgroup() on hybrid also joins the v2 tree, and needs no cpuacct and no freezer', () => {
    kernel = new FakeKernel({
      'proc/self/mountinfo':
        '31 1 0:1 / /sys/fs/cgroup/memory rw - cgroup c rw,memory\n32 1 0:2 / /sys/fs/cgroup/cpuacct rw - cgroup c rw,cpuacct\n' +
        '33 1 0:3 / /sys/fs/cgroup/freezer rw - cgroup c rw,freezer\n34 1 0:4 / /sys/fs/cgroup/unified rw - cgroup2 c rw\n',
      'proc/self/cgroup': '3:freezer:/\n2:cpuacct:/\n1:memory:/\n0::/\n',
    })
    expect(
      lines(kernel, cgroup({ name: 'a/b', layout: kernel.layout(), devices: DOCKER_DEVICES })).slice(0, 11)
    ).to.deep.equal([
      'cgroupCreate /memory/iso cgroup:memory:above0 exist',
      'cgroupCreate /memory/iso/a cgroup:memory:above1 exist',
      'cgroupCreate /memory/iso/a/b cgroup:memory',
      'cgroupCreate /unified/iso cgroup:unified:above0 exist',
      'cgroupCreate /unified/iso/a cgroup:unified:above1 exist',
      'cgroupCreate /unified/iso/a/b cgroup:unified',
      'deviceProgram cgroup:unified',
      'clone cgroup:unified',
      'child writeFile cgroup:memory tasks 0',
      'after readFile cgroup:memory memory.max_usage_in_bytes cgroup/memory/memory.max_usage_in_bytes',
      'after readFile cgroup:memory memory.oom_control cgroup/memory/memory.oom_control',
    ])
    const program = cgroup({ layout: kernel.layout(), devices: DOCKER_DEVICES }).find(
      (step) => step.op === 'deviceProgram'
    )
    expect(program?.op === 'deviceProgram' && program.program).to.deep.equal(compileDevices(DOCKER_DEVICES))
  })

  it('cgroup() gives files with two names, and those that may be missing, their way out', () => {
    kernel = fakeV1()
    const find = (steps: readonly Step[], path: string) => steps.find((step) => 'path' in step && step.path === path)
    const steps = cgroup({
      layout: kernel.layout(),
      io: { blkioWeight: 20 },
      memory: { max: '1m', withSwap: '2m', swapIfAccounted: true },
    })
    expect(find(steps, 'blkio.weight')?.onError?.else).to.have.length(1)
    expect(find(steps, 'blkio.weight')?.onError?.else?.[0]).to.include({
      in: 'cgroup:blkio',
      path: 'blkio.bfq.weight',
      data: '20',
    })
    expect(find(steps, 'memory.memsw.limit_in_bytes')?.onError).to.deep.equal({ ignore: ['ENOENT'] })
    expect(find(steps, 'memory.limit_in_bytes')).to.include({ readback: '1048576', fs: 'cgroup' })
  })

  it('cgroup() makes names that differ', () => {
    kernel = fakeV2()
    const path = () =>
      cgroup({ layout: kernel.layout(), parent: '' }).flatMap((step) => (step.op === 'cgroupCreate' ? [step.path] : []))
    expect(path()[0]).to.match(/\/app\/[0-9a-f]{12}$/)
    expect(path()).to.not.deep.equal(path())
  })

  it('cgroup() refuses names with .., unknown options, limits nobody can keep, and machines without cgroups', () => {
    kernel = fakeV2({ controllers: 'cpu' })
    const layout = kernel.layout()
    expect(() => cgroup({ name: '../x', layout })).to.throw(RangeError, 'would leave the parent')
    expect(() => cgroup({ name: 'x', parent: '/a/../b', layout })).to.throw(RangeError, 'would leave the parent')
    expect(() => cgroup({ memori: '1g', layout } as object)).to.throw(TypeError, 'unknown option "memori"')
    expect(() => cgroup({ memory: '1g', layout }))
      .to.throw(IsoError, 'Cannot limit memory: the controller is not available')
      .with.property('hint')
      .that.includes('Delegate=yes')
    expect(() => cgroup({ netCls: 1, layout }))
      .to.throw(IsoError)
      .with.property('hint')
      .that.includes('nft(8)')
    expect(() => cgroup({ unified: { 'memory.high': '1' }, layout }))
      .to.throw(IsoError)
      .with.property('code', 'ISO_CGROUP_CONTROLLER')
    expect(() => cgroup({ layout: { mode: 'none', v1: {} } })).to.throw(IsoError, 'no cgroup hierarchy is mounted')
    expect(() => cgroup({ memory: '1g', layout: { mode: 'none', v1: {} } }))
      .to.throw(IsoError)
      .with.property('hint')
      .that.includes('mounted')
    expect(() => cgroup({ unified: { 'cpu.max': '1' }, layout: { mode: 'v1', v1: {} } }))
      .to.throw(IsoError)
      .with.property('hint')
      .that.includes('not mounted')
  })

  it('cgroupNamespace() is part of the clone on v2 and waits for the joins elsewhere', () => {
    kernel = fakeV2()
    expect(cgroupNamespace({ layout: kernel.layout() })[0]).to.include({ op: 'clone' })
    expect(cgroupNamespace({ layout: { mode: 'hybrid', v1: {} } })[0]).to.include({ op: 'unshare', side: 'child' })
    expect(cgroupNamespace()).to.have.length(1)
  })
})
