import { expect } from 'chai'

import { checkName } from './name.js'

describe('name', () => {
  it('checkName() takes names and paths of names', () => {
    expect(checkName('web')).to.deep.equal(['web'])
    expect(checkName('shop/web-1.service')).to.deep.equal(['shop', 'web-1.service'])
    expect(checkName('...')).to.deep.equal(['...'])
  })

  for (const name of [
    '',
    '.',
    '..',
    '../x',
    'a/../b',
    'a/..',
    '/a',
    'a/',
    'a//b',
    'a\0b',
    'a\nb',
    'x'.repeat(256),
    'cgroup.procs',
    'a/tasks',
    'memory.max',
  ]) {
    it(`checkName() refuses ${JSON.stringify(name.slice(0, 20))}`, () =>
      expect(() => checkName(name)).to.throw(RangeError, 'Cannot name cgroup'))
  }

  it('checkName() refuses what is no string', () =>
    expect(() => checkName(5 as unknown as string)).to.throw(TypeError, '5 is not a string'))
})
