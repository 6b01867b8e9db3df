import { expect } from 'chai'
import { IsoError } from '@iso/native'

import { fakeV1, fakeV2, FakeKernel } from './fake-kernel.test-util.js'
import { detectLayout } from './layout.js'

describe('layout', () => {
  let kernel: FakeKernel
  afterEach(() => kernel.remove())

  it('detectLayout() finds pure v2 with the own group and its controllers', () => {
    kernel = fakeV2()
    const layout = kernel.layout()
    expect(layout.mode).to.equal('v2')
    expect(layout.v1).to.deep.equal({})
    expect(layout.v2).to.deep.equal({
      mountPoint: `${kernel.root}/sys/fs/cgroup`,
      path: '/app',
      directory: `${kernel.root}/sys/fs/cgroup/app`,
      controllers: ['cpuset', 'cpu', 'io', 'memory', 'hugetlb', 'pids', 'rdma', 'misc'],
    })
  })

  it('detectLayout() finds pure v1, co-mounted controllers under each name, and named hierarchies', () => {
    kernel = fakeV1()
    const layout = kernel.layout()
    expect(layout.mode).to.equal('v1')
    expect(layout.v2).to.equal(undefined)
    expect(layout.v1['cpuacct']).to.equal(layout.v1['cpu'])
    expect(layout.v1['cpu']?.controllers).to.deep.equal(['cpu', 'cpuacct'])
    expect(layout.v1['memory']?.directory).to.equal(`${kernel.root}/sys/fs/cgroup/memory/app`)
    expect(layout.v1['name=systemd']?.controllers).to.deep.equal([])
  })

  it('detectLayout() finds hybrid, and spaces in mount points', () => {
    kernel = new FakeKernel({
      'proc/self/mountinfo':
        '31 1 0:1 / /cg\\040one/memory rw - cgroup none rw,memory\n32 1 0:2 / /cg\\040one/unified rw - cgroup2 none rw\n',
      'proc/self/cgroup': '4:memory:/a b/c:d\n0::/a b\n',
    })
    const layout = kernel.layout()
    expect(layout.mode).to.equal('hybrid')
    expect(layout.v1['memory']?.directory).to.equal(`${kernel.root}/cg one/memory/a b/c:d`)
    expect(layout.v2?.directory).to.equal(`${kernel.root}/cg one/unified/a b`)
  })

  it('detectLayout() takes the mounted part off the path, as in a container without a cgroup namespace', () => {
    kernel = new FakeKernel({
      'proc/self/mountinfo': '31 1 0:1 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n',
      'proc/self/cgroup': '4:memory:/docker/abc/job\n',
    })
    expect(kernel.layout().v1['memory']?.directory).to.equal(`${kernel.root}/sys/fs/cgroup/memory/job`)
  })

  it('detectLayout() stays at the root of the mount when the own group lies outside of it', () => {
    kernel = new FakeKernel({
      'proc/self/mountinfo': '31 1 0:1 /docker/abc /sys/fs/cgroup rw - cgroup2 cgroup rw\n',
      'proc/self/cgroup': '0::/../../other\n',
    })
    expect(kernel.layout().v2?.directory).to.equal(`${kernel.root}/sys/fs/cgroup`)
  })

  it('detectLayout() finds none without mounts, and says so without /proc', () => {
    kernel = new FakeKernel({
      'proc/self/mountinfo': '24 1 0:22 / /proc rw - proc proc rw\n',
      'proc/self/cgroup': '0::/\n',
    })
    expect(kernel.layout()).to.deep.equal({ mode: 'none', v1: {} })
    expect(() => detectLayout({ root: `${kernel.root}/missing` }))
      .to.throw(IsoError, 'is /proc mounted?')
      .with.property('code', 'ISO_CGROUP_LAYOUT')
  })

  it('detectLayout() of this machine names directories that exist', async () => {
    kernel = new FakeKernel({})
    const { existsSync } = await import('node:fs')
    const layout = detectLayout()
    for (const one of [...Object.values(layout.v1), ...(layout.v2 ? [layout.v2] : [])])
      expect(existsSync(`${one.directory}/cgroup.procs`), one.directory).to.equal(true)
  })
})
