import { expect } from 'chai'

import { parseCsv } from './csv.js'
import { parseMount } from './mount.js'

describe('parseCsv()', () => {
  it('parseCsv() splits at commas outside of quotes', () => {
    expect(parseCsv('a,"b,c","d""e",', 'x')).to.deep.equal(['a', 'b,c', 'd"e', ''])
  })

  it('parseCsv() refuses a quote in the wrong place', () => {
    for (const line of ['a"b', '"a', '"a"b,c'])
      expect(() => parseCsv(line, '--mount'), line).to.throw(TypeError, 'Cannot read --mount')
  })
})

describe('parseMount()', () => {
  it('parseMount() reads a bind with everything', () => {
    expect(
      parseMount('type=bind,source=/a,target=/b,readonly,bind-propagation=rslave,bind-recursive=disabled')
    ).to.deep.equal({
      type: 'bind',
      source: '/a',
      target: '/b',
      readonly: true,
      recursive: false,
      propagation: 'rslave',
    })
  })

  it('parseMount() knows the short names and a read-only flag with a value', () => {
    expect(parseMount('type=bind,src=/a,dst=/b,ro=false')).to.deep.equal({
      type: 'bind',
      source: '/a',
      target: '/b',
      readonly: false,
    })
    expect(parseMount('TYPE=bind,Source=/a,destination=/b')).to.deep.equal({ type: 'bind', source: '/a', target: '/b' })
  })

  it('parseMount() knows submounts that are read-only, too', () => {
    const bind = { type: 'bind', source: '/a', target: '/b', readonly: true }
    expect(parseMount('type=bind,src=/a,dst=/b,ro,bind-recursive=readonly')).to.deep.equal(bind)
    expect(() => parseMount('type=bind,src=/a,dst=/b,bind-recursive=readonly')).to.throw(TypeError, 'without readonly')
    expect(() => parseMount('type=bind,src=/a,dst=/b,ro,bind-recursive=writable')).to.throw(TypeError, "'writable'")
  })

  it("parseMount() knows podman's idmap", () => {
    const bind = { type: 'bind', source: '/a', target: '/b' }
    expect(parseMount('type=bind,src=/a,dst=/b,idmap')).to.deep.equal({ ...bind, idmap: true })
    expect(parseMount('type=bind,src=/a,dst=/b,idmap=false')).to.deep.equal({ ...bind, idmap: false })
    expect(() => parseMount('type=tmpfs,dst=/b,idmap')).to.throw(TypeError, "unexpected key 'idmap'")
    expect(() => parseMount('type=bind,src=/a,dst=/b,idmap=uids=0-1-10')).to.throw(TypeError, 'idmap')
  })

  it('parseMount() reads commas and quotes in a path', () => {
    expect(parseMount('type=bind,"src=/a,b ""c""",dst=/b')).to.deep.include({ source: '/a,b "c"' })
  })

  it('parseMount() makes a relative source absolute', () => {
    expect(parseMount('type=bind,src=./x,dst=/b')).to.deep.include({ source: `${process.cwd()}/x` })
  })

  it('parseMount() reads a tmpfs', () => {
    expect(parseMount('type=tmpfs,dst=/b,tmpfs-size=64m,tmpfs-mode=1770')).to.deep.equal({
      type: 'tmpfs',
      target: '/b',
      size: '64m',
      mode: 0o1770,
    })
  })

  const WRONG: readonly (readonly [text: string, says: string])[] = [
    ['src=/a,dst=/b', "type 'volume' is not there"],
    ['type=bind,src=/a', 'no target'],
    ['type=bind,dst=/a', 'no source'],
    ['type=bind,src=/a,dst=/b,what', "'what' is no key=value pair"],
    ['type=bind,src=/a,dst=/b,tmpfs-size=1', "unexpected key 'tmpfs-size'"],
    ['type=bind,src=/a,dst=/b,readonly=perhaps', '"perhaps" is neither true nor false'],
    ['type=bind,src=/a,dst=/b,bind-propagation=x', "bind-propagation 'x' is unknown"],
    ['type=tmpfs,dst=/b,tmpfs-mode=9', 'no octal mode'],
  ]
  for (const [text, says] of WRONG)
    it(`parseMount() refuses ${text}`, () => expect(() => parseMount(text)).to.throw(TypeError, says))
})
