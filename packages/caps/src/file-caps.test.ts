import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { IsoError, setxattr } from '@iso/native'
import { requires } from '@iso/testing'
import { expect } from 'chai'
import fc from 'fast-check'

import { ALL } from './capabilities.js'
import { getFileCaps, setFileCaps } from './file-caps.js'
import { decodeVfsCap, encodeVfsCap } from './internal/vfs-cap.js'

describe('file capabilities', () => {
  let directory: string
  let file: string
  before(function () {
    requires(this, 'root', { program: 'setcap' }, { program: 'getcap' }, { program: 'getfattr' })
  })
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'iso-caps-'))
    file = join(directory, 'program')
    writeFileSync(file, '')
  })
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  const getcap = (): string =>
    execFileSync('getcap', ['-n', file], { encoding: 'utf8' })
      .trim()
      .slice(file.length + 1)
  const attribute = (): string =>
    /=0x(\w+)/.exec(
      execFileSync('getfattr', ['--absolute-names', '-n', 'security.capability', '-e', 'hex', file], {
        encoding: 'utf8',
      })
    )?.[1] ?? ''

  it('encodeVfsCap() makes the bytes setcap makes', () => {
    const cases: [text: string, caps: Parameters<typeof encodeVfsCap>[0]][] = [
      ['cap_net_raw=ep', { permitted: 1n << 13n, inheritable: 0n, effective: true }],
      ['cap_chown,cap_bpf=p', { permitted: (1n << 39n) | 1n, inheritable: 0n, effective: false }],
      ['cap_checkpoint_restore=eip', { permitted: 1n << 40n, inheritable: 1n << 40n, effective: true }],
      ['cap_kill=i', { permitted: 0n, inheritable: 1n << 5n, effective: false }],
    ]
    for (const [text, caps] of cases) {
      execFileSync('setcap', [text, file])
      expect(encodeVfsCap(caps).toString('hex'), text).to.equal(attribute())
      expect(decodeVfsCap(Buffer.from(attribute(), 'hex')), text).to.deep.equal(caps)
    }
    execFileSync('setcap', ['-n', '1000', 'cap_net_raw=ep', file])
    expect(
      decodeVfsCap(encodeVfsCap({ permitted: 1n << 13n, inheritable: 0n, effective: true, rootUid: 1000 }))
    ).to.include({ rootUid: 1000 })
    expect(
      encodeVfsCap({ permitted: 1n << 13n, inheritable: 0n, effective: true, rootUid: 1000 }).toString('hex')
    ).to.equal(attribute())
  })

  it('decodeVfsCap() reads all three revisions and nothing else', () => {
    expect(decodeVfsCap(Buffer.from('010000010020000000000000', 'hex'))).to.deep.equal({
      permitted: 1n << 13n,
      inheritable: 0n,
      effective: true,
    })
    const caps = fc.record(
      {
        permitted: fc.bigInt(0n, (1n << 64n) - 1n),
        inheritable: fc.bigInt(0n, (1n << 64n) - 1n),
        effective: fc.boolean(),
        rootUid: fc.nat(0xfffffffe),
      },
      { requiredKeys: ['permitted', 'inheritable', 'effective'] }
    )
    fc.assert(
      fc.property(caps, (value) => {
        expect(decodeVfsCap(encodeVfsCap(value))).to.deep.equal(value)
      })
    )
    for (const bytes of [
      '',
      '00',
      '01000002',
      '0100000200200000000000000000000000',
      '010000040020000000000000000000000000000000000000',
    ]) {
      expect(decodeVfsCap(Buffer.from(bytes, 'hex')), bytes).to.equal(undefined)
    }
  })

  it('setFileCaps() writes what getcap reads', () => {
    setFileCaps(file, { permitted: ['net_raw', 'CAP_CHOWN'], effective: true })
    expect(getcap()).to.equal('cap_chown,cap_net_raw=ep')
    setFileCaps(file, { permitted: ['bpf'], inheritable: ['bpf'], rootUid: 70000 })
    expect(getcap()).to.equal('cap_bpf=ip [rootid=70000]')
    setFileCaps(file, undefined)
    expect(getcap()).to.equal('')
    setFileCaps(file, undefined)
  })

  it('getFileCaps() reads what setcap writes', () => {
    expect(getFileCaps(file)).to.equal(undefined)
    execFileSync('setcap', ['cap_net_raw,cap_kill=ep', file])
    expect(getFileCaps(file)).to.deep.equal({
      permitted: ['CAP_KILL', 'CAP_NET_RAW'],
      inheritable: [],
      effective: true,
    })
    execFileSync('setcap', ['-n', '1000', '=p', file])
    expect(getFileCaps(file)).to.deep.equal({ permitted: [...ALL], inheritable: [], effective: false, rootUid: 1000 })
  })

  it('getFileCaps() reports a file that is not there, and no capabilities where none can be', () => {
    expect(() => getFileCaps(join(directory, 'missing')))
      .to.throw(IsoError)
      .with.property('errnoName', 'ENOENT')
    expect(getFileCaps('/proc/self/status')).to.equal(undefined)
  })

  it('setFileCaps() refuses a uid out of range, an unknown name, and what is no file', () => {
    expect(() => setFileCaps(file, { rootUid: 2 ** 32 - 1 })).to.throw(RangeError, '4294967295')
    expect(() => setFileCaps(file, { permitted: ['net_rwa' as 'net_raw'] })).to.throw(TypeError, 'CAP_NET_RAW')
    expect(() => setFileCaps(join(directory, 'missing'), {}))
      .to.throw(IsoError)
      .with.property('errnoName', 'ENOENT')
  })

  it('getFileCaps() never meets malformed bytes: the kernel refuses to store them', () => {
    expect(() => setxattr(file, 'security.capability', Buffer.from([1, 2, 3])))
      .to.throw(IsoError)
      .with.property('errnoName', 'EINVAL')
  })
})
