import { expect } from 'chai'

import type { Step } from '@iso/native'
import { requires } from '@iso/testing'

import { idmapped } from './idmapped.js'
import { remap } from './remap.js'
import { deniesSetgroups, userns, type UsernsOptions } from './userns.js'

const ranges = [{ inside: 0, outside: 100000, count: 65536 }]
const without = (steps: Step[]): object[] => steps.map(({ origin: _origin, why: _why, ...step }) => step)

describe('userns() as root', () => {
  before(function () {
    requires(this, 'root')
  })

  it('userns() writes both maps itself, becomes root and lets go of groups', () => {
    expect(without(userns({ uids: ranges, gids: ranges }))).to.deep.equal([
      { op: 'clone', namespaces: ['user'] },
      { op: 'idMap', kind: 'uid', map: '0 100000 65536\n' },
      { op: 'idMap', kind: 'gid', map: '0 100000 65536\n', denySetgroups: false },
      { op: 'becomeRoot' },
      { op: 'setgroups', gids: [] },
    ])
  })

  it('userns() without an id 0 inside does not become root', () => {
    const high = [{ inside: 1000, outside: 1000, count: 1 }]
    expect(userns({ uids: high, gids: high }).map(({ op }) => op)).not.to.include('becomeRoot')
  })

  it('userns() denies setgroups when told to, and never sets groups then', () => {
    const steps = userns({ root: 'self', setgroups: 'deny' })
    expect(without(steps).slice(1)).to.deep.equal([
      { op: 'idMap', kind: 'uid', map: '0 0 1\n' },
      { op: 'idMap', kind: 'gid', map: '0 0 1\n', denySetgroups: true },
      { op: 'becomeRoot' },
    ])
    expect(deniesSetgroups({ root: 'self', setgroups: 'deny' })).to.equal(true)
    expect(deniesSetgroups({ root: 'self' })).to.equal(false)
  })

  it('userns() runs helpers with the ranges as words', () => {
    const writer = { newuidmap: '/opt/newuidmap', newgidmap: '/opt/newgidmap' }
    const two = [{ inside: 0, outside: 1000, count: 1 }, ...[{ inside: 1, outside: 100000, count: 65536 }]]
    expect(without(userns({ uids: two, gids: ranges, writer })).slice(1, 3)).to.deep.equal([
      { op: 'idMapHelper', program: '/opt/newuidmap', ranges: ['0', '1000', '1', '1', '100000', '65536'] },
      { op: 'idMapHelper', program: '/opt/newgidmap', ranges: ['0', '100000', '65536'] },
    ])
  })

  const refusals: [what: string, options: UsernsOptions, message: string][] = [
    ['nothing', {}, "wanted uids and gids, or root: 'self'"],
    ['one map alone', { uids: ranges }, "wanted uids and gids, or root: 'self'"],
    ['root with maps', { root: 'self', uids: ranges, gids: ranges }, "Cannot use root: 'self' with uids or gids"],
    [
      'a map the kernel refuses',
      { uids: [{ inside: 0, outside: 0, count: 0 }], gids: ranges },
      'Cannot map uids: count is 0',
    ],
    [
      'a denial beside a helper',
      { uids: ranges, gids: ranges, writer: 'helper', setgroups: 'deny' },
      'Cannot deny setgroups: newgidmap writes the map',
    ],
  ]
  for (const [what, options, message] of refusals) {
    it(`userns() refuses ${what}`, () => expect(() => userns(options)).to.throw(message))
  }

  it('remap() lays ranges out from id 0', () => {
    const steps = remap({
      uids: [
        { start: 5000, count: 10 },
        { start: 9000, count: 10 },
      ],
      gids: [{ start: 5000, count: 20 }],
    })
    expect(without(steps).slice(1, 3)).to.deep.equal([
      { op: 'idMap', kind: 'uid', map: '0 5000 10\n10 9000 10\n' },
      { op: 'idMap', kind: 'gid', map: '0 5000 20\n', denySetgroups: false },
    ])
  })

  it('remap() says when a user has no subordinate ids', () => {
    const files = { subuid: '/no/such/subuid', subgid: '/no/such/subgid' }
    expect(() => remap({ user: 'root', files }))
      .to.throw('Cannot remap to user "root": no range in /no/such/subuid')
      .with.property('code', 'ISO_NO_SUBIDS')
  })

  it('idmapped() makes the mount beside the child and hands it over', () => {
    const steps = idmapped({ path: '/srv/data', target: '/data', readonly: true })
    expect(steps.map(({ op, side }) => `${side ?? ''}:${op}`)).to.deep.equal([
      'parent:open',
      'parent:openTree',
      'parent:mountSetattr',
      'parent:signal',
      'child:wait',
      ':moveMount',
    ])
    expect(() => idmapped({ path: 'srv', target: '/data' })).to.throw(
      TypeError,
      'Cannot idmap path "srv": wanted an absolute path'
    )
  })
})
