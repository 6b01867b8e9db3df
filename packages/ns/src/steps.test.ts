import { expect } from 'chai'
import type { NamespaceName, Step } from '@iso/native'

import {
  chroot,
  clockOffsets,
  domainname,
  hostname,
  join,
  loopbackUp,
  NAMESPACE_NAMES,
  NAMESPACES,
  namespaces,
  pivotRoot,
  proc,
  propagation,
  type JoinUser,
} from './index.js'

const ops = (steps: readonly Step[]) => steps.map(({ op }) => op)

describe('steps of @iso/ns', () => {
  it('NAMESPACES holds the eight types with their kernels', () => {
    expect(Object.fromEntries(Object.entries(NAMESPACES).map(([name, { kernel }]) => [name, kernel]))).to.deep.equal({
      mnt: '2.4.19',
      pid: '2.6.24',
      net: '2.6.29',
      ipc: '2.6.19',
      uts: '2.6.19',
      user: '3.8',
      cgroup: '4.6',
      time: '5.6',
    })
    expect(NAMESPACE_NAMES).to.have.length(8)
  })

  it('namespaces() clones, and unshares those that are made later', () => {
    expect(namespaces('mnt', 'pid', 'mnt')[0]).to.deep.include({ op: 'clone', namespaces: ['mnt', 'pid'] })
    expect(namespaces('mnt')[1]).to.include({ op: 'propagation', path: '/', propagation: 'slave', recursive: true })
    expect(ops(namespaces('time', 'uts', 'cgroup'))).to.deep.equal(['clone', 'unshare', 'unshare', 'open', 'setns'])
  })

  it('namespaces() refuses nothing and what is no type', () => {
    expect(() => namespaces()).to.throw(TypeError, 'no type was given')
    expect(() => namespaces('disk' as NamespaceName)).to.throw(TypeError, '"disk" is no type; wanted mnt, pid')
  })

  it('hostname() and domainname() check the name', () => {
    expect(hostname('box-1.example_x')[0]).to.include({ op: 'hostname', name: 'box-1.example_x' })
    expect(domainname('example.net')[0]).to.include({ op: 'domainname', name: 'example.net' })
    for (const bad of ['', 'a b', 'a\nb', 'ä']) expect(() => hostname(bad)).to.throw(TypeError, 'is no name')
    expect(() => hostname('x'.repeat(65))).to.throw(RangeError, '65 bytes')
  })

  it('clockOffsets() writes seconds and nanoseconds, negative ones as the kernel counts them', () => {
    const data = (offsets: Parameters<typeof clockOffsets>[0]) => (clockOffsets(offsets)[0] as { data: string }).data
    expect(data({ monotonicSec: 5, boottimeSec: 1.25 })).to.equal('monotonic 5 0\nboottime 1 250000000\n')
    expect(data({ monotonicSec: -0.5 })).to.equal('monotonic -1 500000000\n')
    expect(() => clockOffsets({})).to.throw(TypeError, 'none was given')
    expect(() => clockOffsets({ monotonicSec: NaN })).to.throw(RangeError, 'monotonicSec is NaN')
    expect(() => clockOffsets({ realtimeSec: 1 } as object)).to.throw(TypeError, 'realtimeSec is unknown')
  })

  it('join() opens what it joins, and takes a slot of the caller as it is', () => {
    expect(ops(join({ pid: 7 }))).to.deep.equal(['pidfdOpen', 'setns', 'becomeRoot'])
    expect(join({ pid: 7 })[1]).to.deep.include({ namespaces: [...NAMESPACE_NAMES] })
    expect(ops(join({ path: '/run/netns/x' }))).to.deep.equal(['open', 'setns', 'becomeRoot'])
    expect(ops(join({ path: '/run/netns/x', type: 'net' }))).to.deep.equal(['open', 'setns'])
    expect(ops(join({ slot: 'theirs', types: ['net'] }))).to.deep.equal(['setns'])
    expect(() => join({ pid: 0 })).to.throw(RangeError, '0 is no process ID')
    expect(() => join({ path: 'x' })).to.throw(TypeError, '"x" is no absolute path')
    expect(() => join({ pid: 7, types: [] })).to.throw(TypeError, 'no type was given')
    expect(ops(join({ pid: 7, user: 'keep' }))).to.deep.equal(['pidfdOpen', 'setns'])
    expect(ops(join({ slot: 'x', types: ['net'], user: { uid: 1, gid: 2 } }))).to.deep.equal([
      'setns',
      'setgroups',
      'setgid',
      'setuid',
    ])
    for (const user of [{ uid: -1, gid: 0 }, { uid: 0 }, { uid: 2 ** 31, gid: 0 }, 'nobody', null] as JoinUser[])
      expect(() => join({ pid: 7, user })).to.throw(TypeError, "wanted 'root', 'keep' or { uid, gid }")
  })

  it('proc() mounts with its options, propagation() with its type', () => {
    expect(proc({ in: 'root', hidepid: 'ptraceable', subset: 'pid' })[0]).to.include({
      path: 'proc',
      data: 'hidepid=4,subset=pid',
    })
    expect(proc()[0]).to.include({ path: '/proc' }).and.not.have.property('data')
    expect(() => proc({ hidepid: 'x' as 'off' })).to.throw(TypeError, 'hidepid "x" is unknown')
    expect(propagation('slave', { recursive: false })[0]).to.include({
      path: '/',
      propagation: 'slave',
      recursive: false,
    })
    expect(() => propagation('loud' as 'slave')).to.throw(TypeError, '"loud" is unknown')
  })

  it('chroot(), pivotRoot() and loopbackUp() are one step each, and say who made it', () => {
    for (const step of [...chroot('/srv'), ...pivotRoot(), ...loopbackUp()]) expect(step.origin).to.equal('@iso/ns')
    expect(() => chroot('srv')).to.throw(TypeError, 'is no absolute path')
  })
})
