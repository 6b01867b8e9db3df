import { expect } from 'chai'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { IsoError } from '@iso/native'
import { remapRanges } from './remap.js'

describe('remapRanges()', () => {
  let directory: string
  before(() => (directory = mkdtempSync('/tmp/iso-runtime-')))
  after(() => rmSync(directory, { recursive: true }))
  const files = (subid: string, passwd = '') => {
    const paths = {
      subuid: join(directory, 'subuid'),
      subgid: join(directory, 'subgid'),
      passwd: join(directory, 'passwd'),
    }
    writeFileSync(paths.subuid, subid)
    writeFileSync(paths.subgid, subid)
    writeFileSync(paths.passwd, passwd)
    return paths
  }
  const USERS = 'dockremap:x:900:900::/:\niso-remap:x:901:901::/:\n'

  it('remapRanges() takes the ranges of iso-remap, then those of dockremap', () => {
    const docker = [{ inside: 0, outside: 300_000, count: 65536 }]
    expect(remapRanges('private', files('dockremap:300000:65536\n', USERS))).to.deep.equal({
      uids: docker,
      gids: docker,
    })
    const both = files('dockremap:300000:65536\n901:400000:10\niso-remap:500000:5\n', USERS)
    expect(remapRanges('private', both).uids).to.deep.equal([
      { inside: 0, outside: 400_000, count: 10 },
      { inside: 10, outside: 500_000, count: 5 },
    ])
    expect(remapRanges({ user: 'dockremap' }, both).gids).to.deep.equal(docker)
  })
  it('remapRanges() says what is missing where nobody has ranges', () => {
    for (const [choice, there] of [
      ['private', files('other:1:2\n', USERS)],
      ['private', files('iso-remap:1:2\n')],
      [{ user: 'dockremap' }, files('', USERS)],
    ] as const) {
      let error: unknown
      try {
        remapRanges(choice, there)
      } catch (caught) {
        error = caught
      }
      expect(error).to.be.instanceOf(IsoError)
      expect((error as IsoError).code).to.equal('ISO_NO_SUBIDS')
      expect((error as IsoError).hint).to.include('--add-subuids')
    }
  })
  it('remapRanges() refuses maps without root inside, or with root of the host', () => {
    const of = (inside: number, outside: number) => [{ inside, outside, count: 10 }]
    expect(() => remapRanges({ uids: of(1, 1000), gids: of(0, 1000) })).to.throw(RangeError, 'uids have no 0 inside')
    expect(() => remapRanges({ uids: of(0, 1000), gids: of(0, 0) })).to.throw(RangeError, 'gids hold 0 of the host')
    expect(() => remapRanges({ uids: of(0, 1) } as never)).to.throw(TypeError, 'gids are missing')
    expect(() => remapRanges({ uids: [], gids: [] })).to.throw(TypeError, 'no range')
    expect(() => remapRanges({ user: {} } as never)).to.throw(TypeError, 'is no user')
  })
})
