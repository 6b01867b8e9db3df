import { expect } from 'chai'
import { TABLE_DIGEST, type Step } from '../operations.gen.js'
import { encode } from './encode.js'
import { link } from './link.js'

const program = { argv: ['true'], env: ['A=1'] }
const pack = (...steps: Step[]) => Buffer.from(encode(link(steps), program))

describe('encode()', () => {
  it('encode() begins with magic, digest of the table and its own size', () => {
    const bytes = pack()
    expect([bytes.toString('latin1', 0, 4), bytes.readUInt32LE(4), bytes.readUInt32LE(8)]).to.deep.equal([
      'ISO1',
      TABLE_DIGEST,
      bytes.length,
    ])
  })

  it('encode() is the same for the same plan', () => {
    const step: Step = { op: 'chroot', path: '/box' }
    expect(pack(step).equals(pack(step))).to.equal(true)
  })

  it('encode() names the field and the value that do not fit', () => {
    expect(() => pack({ op: 'umask', mask: -1 })).to.throw(
      TypeError,
      'Cannot encode umask: mask is -1; wanted a whole number'
    )
    expect(() => pack({ op: 'chroot', path: 'a\0b' })).to.throw(
      TypeError,
      'Cannot encode path: "a\\u0000b" holds a NUL byte'
    )
    expect(() => pack({ op: 'chroot' } as unknown as Step)).to.throw(TypeError, 'Cannot encode chroot: path is missing')
    expect(() => pack({ op: 'clone', namespaces: ['flavour' as 'mnt'] })).to.throw(
      TypeError,
      'namespaces is flavour; wanted names out of mnt'
    )
    expect(() => pack({ op: 'mask', path: '/x', onError: { ignore: ['EWHAT'] } })).to.throw(
      TypeError,
      "'EWHAT' is no error name"
    )
    expect(() => pack({ op: 'prlimit', side: 'child', resource: 'cpu', soft: 1.5, hard: 2 })).to.throw(
      TypeError,
      'soft is 1.5'
    )
  })

  it('encode() leaves braces that name no slot as they are', () => {
    const bytes = pack({ op: 'fsMount', fstype: 'overlay', options: ['lowerdir+', '/a{slot:none}b'], slot: 'm' })
    expect(bytes.includes('/a{slot:none}b')).to.equal(true)
  })

  it('encode() replaces a slot in an option by its number and refuses control characters beside it', () => {
    const options = (value: string) =>
      pack(
        { op: 'fsMount', fstype: 'tmpfs', options: [], slot: 't' },
        { op: 'fsMount', fstype: 'overlay', options: ['upperdir', value], slot: 'm' }
      )
    expect(options('{slot:t}/upper').includes('\x010000/upper')).to.equal(true)
    expect(() => options('{slot:t}/\x02')).to.throw(TypeError, 'holds a control character beside a slot')
  })

  it('encode() takes 1 MiB of arguments', () => {
    const argv = Array.from({ length: 16 }, () => 'x'.repeat(65536))
    expect(encode(link([]), { argv, env: [] }).length).to.be.greaterThan(1 << 20)
  })
})
