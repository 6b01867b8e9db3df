import { expect } from 'chai'
import type { Step } from '../operations.gen.js'
import { link } from './link.js'

const ops = (steps: readonly Step[]) => steps.map((step) => step.op)

describe('link()', () => {
  it('link() merges all clones into one and keeps who asked', () => {
    const plan = link([
      { op: 'clone', namespaces: ['mnt'], origin: '@iso/ns' },
      { op: 'clone', namespaces: ['mnt', 'pid'], origin: '@iso/userns' },
    ])
    expect(plan.clone).to.deep.equal({ op: 'clone', namespaces: ['mnt', 'pid'], origin: '@iso/ns @iso/userns' })
  })

  it('link() refuses to be born in two cgroups', () => {
    const two: Step[] = ['a', 'b'].flatMap((slot): Step[] => [
      { op: 'cgroupCreate', path: `/sys/fs/cgroup/${slot}`, slot },
      { op: 'clone', namespaces: [], cgroup: slot },
    ])
    expect(() => link(two)).to.throw(TypeError, "two cgroups to be born in, 'a' and 'b'")
  })

  it('link() puts the lockdown in the order that keeps it effective, whatever order it was given in', () => {
    const plan = link([
      { op: 'seccomp', filter: new Uint8Array(8) },
      { op: 'noNewPrivs' },
      { op: 'capSet', effective: 0, permitted: 0, inheritable: 0 },
      { op: 'setuid', uid: 1000 },
      { op: 'setgid', gid: 1000 },
      { op: 'capBounding', keep: 0 },
      { op: 'clone', namespaces: ['uts'] },
      { op: 'hostname', name: 'box' },
    ])
    expect(ops(plan.child)).to.deep.equal([
      'deathSignal',
      'reset',
      'keyring',
      'hostname',
      'setsid',
      'capBounding',
      'setgid',
      'setuid',
      'closeFds',
      'capSet',
      'noNewPrivs',
      'seccomp',
    ])
  })

  it('link() keeps the given order within the set-up', () => {
    const plan = link([
      { op: 'symlink', path: '/b', target: 'x' },
      { op: 'mkdir', side: 'child', path: '/a', mode: 0o755 },
      { op: 'symlink', path: '/a/c', target: 'y' },
    ])
    expect(ops(plan.child.filter((s) => s.origin === undefined))).to.deep.equal(['symlink', 'mkdir', 'symlink'])
  })

  it('link() has the child wait for its maps first, and for the rest of the parent before its identity', () => {
    const plan = link([
      { op: 'clone', namespaces: ['user'] },
      { op: 'idMap', kind: 'uid', map: '0 0 1' },
      { op: 'oomScoreAdj', value: 100 },
      { op: 'setuid', uid: 0 },
    ])
    expect(ops(plan.beside)).to.deep.equal(['idMap', 'signal', 'oomScoreAdj', 'signal'])
    expect(plan.child[0]).to.include({ op: 'wait', barrier: 'maps-written' })
    const [done, setuid] = [
      plan.child.findIndex((s) => s.op === 'wait' && s.barrier === 'parent-done'),
      plan.child.findIndex((s) => s.op === 'setuid'),
    ]
    expect(done).to.be.greaterThan(0).and.lessThan(setuid)
  })

  it('link() adds the inverse of what the plan makes, newest first, and none for what may exist already', () => {
    const plan = link([
      { op: 'cgroupCreate', path: '/sys/fs/cgroup/a', slot: 'a', exist: true },
      { op: 'cgroupCreate', path: '/sys/fs/cgroup/a/b', slot: 'b' },
      { op: 'cgroupCreate', path: '/sys/fs/cgroup/a/b/c', slot: 'c' },
    ])
    expect(plan.undo.map((s) => (s as { path: string }).path)).to.deep.equal([
      '/sys/fs/cgroup/a/b/c',
      '/sys/fs/cgroup/a/b',
    ])
  })

  it('link() keeps CAP_SYS_ADMIN until the filter is loaded where nothing promised no new privileges', () => {
    const caps: Step = { op: 'capSet', effective: 1, permitted: 1, inheritable: 0 }
    const filter: Step = { op: 'seccomp', filter: new Uint8Array(8) }
    const find = (steps: Step[]) => link(steps).child.find((s) => s.op === 'capSet') as { effective: bigint }
    expect(BigInt(find([caps, filter]).effective)).to.equal(1n | (1n << 21n))
    expect(BigInt(find([caps, filter, { op: 'noNewPrivs' }]).effective)).to.equal(1n)
  })

  it('link() numbers the slots of the caller first and refuses one that nobody makes', () => {
    expect(
      link([{ op: 'setns', slot: 'target', namespaces: ['net'] }], { callerSlots: ['target'] }).slots
    ).to.deep.equal(['target'])
    expect(() => link([{ op: 'pivotRoot', slot: 'root' }])).to.throw(
      TypeError,
      "Cannot link pivotRoot: no step makes the slot 'root'"
    )
  })

  it('link() refuses to rename the machine', () => {
    const rename: Step = { op: 'hostname', name: 'box' }
    expect(() => link([rename])).to.throw(TypeError, 'it would rename the machine')
    expect(() => link([{ op: 'domainname', name: 'box' }])).to.throw(TypeError, 'Cannot link domainname')
    const ways: Step[] = [
      { op: 'clone', namespaces: ['uts'] },
      { op: 'setns', slot: 'other', namespaces: [] },
      { op: 'unshare', side: 'child', namespaces: ['uts'] },
    ]
    for (const way of ways) expect(link([way, rename], { callerSlots: ['other'] }).child).to.include(rename)
  })

  it('link() names an unknown operation, side and phase', () => {
    expect(() => link([{ op: 'teleport' } as unknown as Step])).to.throw(TypeError, "operation 'teleport' is unknown")
    expect(() => link([{ op: 'hostname', name: 'x', side: 'parent' as 'child' }])).to.throw(
      TypeError,
      "side 'parent' cannot run it; wanted child"
    )
    expect(() => link([{ op: 'hostname', name: 'x', phase: 'never' }])).to.throw(TypeError, "has no phase 'never'")
  })
})
