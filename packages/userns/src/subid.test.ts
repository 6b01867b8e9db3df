import { expect } from 'chai'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'

import { IsoError } from '@iso/native'

import { parseSubid, subidRanges, type SubidFiles } from './subid.js'

describe('parseSubid()', () => {
  it('parseSubid() reads names and numbers and skips what newuidmap would', () => {
    const text =
      '# comment\n\nme:100000:65536\n1001:200000:10\nbad\nno:number:x\nempty:5:0\nhuge:4294967290:10\n  spaced:300000:5  \n'
    expect(parseSubid(text)).to.deep.equal([
      { owner: 'me', start: 100000, count: 65536 },
      { owner: '1001', start: 200000, count: 10 },
      { owner: 'spaced', start: 300000, count: 5 },
    ])
  })
})

describe('subidRanges()', () => {
  const directory = mkdtempSync('/tmp/iso-subid-')
  const files: SubidFiles = {
    subuid: `${directory}/subuid`,
    subgid: `${directory}/subgid`,
    passwd: `${directory}/passwd`,
  }
  before(() => {
    writeFileSync(`${directory}/passwd`, 'root:x:0:0::/root:/bin/sh\nme:x:1000:100::/:/bin/sh\n')
    writeFileSync(`${directory}/subuid`, 'other:1:1\nme:100000:10\n1000:100010:5\nme:500000:1\n')
    writeFileSync(`${directory}/subgid`, '1000:700000:10\n')
  })
  after(() => rmSync(directory, { recursive: true }))

  it('subidRanges() finds entries by name and by uid, and joins those that touch', () => {
    const expected = {
      uids: [
        { start: 100000, count: 15 },
        { start: 500000, count: 1 },
      ],
      gids: [{ start: 700000, count: 10 }],
    }
    expect(subidRanges('me', files)).to.deep.equal(expected)
    expect(subidRanges(1000, files)).to.deep.equal(expected)
    expect(subidRanges('1000', files)).to.deep.equal(expected)
  })

  it('subidRanges() of a user without entries is empty, with files missing, too', () => {
    expect(subidRanges('root', files)).to.deep.equal({ uids: [], gids: [] })
    expect(subidRanges('me', { ...files, subuid: '/no/such/file', subgid: '/no/such/file' })).to.deep.equal({
      uids: [],
      gids: [],
    })
  })

  it('subidRanges() takes a uid without a name, and refuses a name nobody has', () => {
    expect(subidRanges(4242, files)).to.deep.equal({ uids: [], gids: [] })
    expect(() => subidRanges('nobody-here', files))
      .to.throw(IsoError, 'Cannot look up user "nobody-here"')
      .with.property('code', 'ISO_USER_UNKNOWN')
  })
})
