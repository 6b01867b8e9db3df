import { expect } from 'chai'

import { compile } from './compile.js'
import { describeAction, explainFilter } from './explain-filter.js'
import { simulate } from './simulate.js'
import { unknownNames } from './unknown-names.js'

const encode = (...words: [code: number, jt: number, jf: number, k: number][]): Uint8Array => {
  const bytes = Buffer.alloc(words.length * 8)
  words.forEach(([code, jt, jf, k], i) => {
    bytes.writeUInt16LE(code, i * 8)
    bytes.writeUInt8(jt, i * 8 + 2)
    bytes.writeUInt8(jf, i * 8 + 3)
    bytes.writeUInt32LE(k, i * 8 + 4)
  })
  return bytes
}

describe('explainFilter', () => {
  it('explainFilter() prints targets, calls, arguments and actions', () => {
    const text = explainFilter(
      compile(
        {
          defaultAction: 'SCMP_ACT_ALLOW',
          syscalls: [
            {
              names: ['mount'],
              action: 'SCMP_ACT_ERRNO',
              errnoRet: 1,
              args: [{ index: 3, value: 1, valueTwo: 1, op: 'SCMP_CMP_MASKED_EQ' }],
            },
          ],
        },
        { arch: 'aarch64' }
      )
    )
    expect(text.split('\n').map((line) => line.trim())).to.deep.equal([
      '0  load arch',
      '1  if arch == aarch64 go to 2 else 9',
      '2  load nr',
      '3  if nr == 40 (mount) go to 4 else 8',
      '4  load args[3].low',
      '5  and 0x1',
      '6  if it == 0x1 go to 7 else 8',
      '7  return errno 1 (EPERM)',
      '8  return allow',
      '9  return kill process',
    ])
  })

  it('explainFilter() refuses bytes that are no program', () => {
    expect(() => explainFilter(new Uint8Array(7))).to.throw(RangeError, 'it is 7 bytes long')
    expect(() => explainFilter(new Uint8Array(0))).to.throw(RangeError, 'it is 0 bytes long')
  })
})

describe('describeAction', () => {
  it('describeAction() names every action', () => {
    const values = [
      0x80000000, 0, 0x30000, 0x50000, 0x50026, 0x7fc00000, 0x7ff00007, 0x7ffc0000, 0x7fff0000, 0x12340000,
    ]
    expect(values.map(describeAction)).to.deep.equal([
      'kill process',
      'kill thread',
      'trap',
      'errno 0 (success)',
      'errno 38 (ENOSYS)',
      'notify',
      'trace 7',
      'log',
      'allow',
      '0x12340000',
    ])
  })
})

describe('simulate', () => {
  it('simulate() runs to the return and counts', () => {
    const filter = encode(
      [0x20, 0, 0, 0],
      [0x15, 0, 1, 5],
      [0x06, 0, 0, 1],
      [0x05, 0, 0, 1],
      [0x06, 0, 0, 2],
      [0x06, 0, 0, 3]
    )
    expect(simulate(filter, { arch: 0, nr: 5, args: [] })).to.deep.equal({ action: 1, executed: 3 })
    expect(simulate(filter, { arch: 0, nr: 6, args: [] })).to.deep.equal({ action: 3, executed: 4 })
  })

  it('simulate() refuses what the kernel would refuse', () => {
    const call = { arch: 0, nr: 0, args: [] }
    expect(() => simulate(encode([0x20, 0, 0, 64], [0x06, 0, 0, 0]), call)).to.throw(RangeError, 'offset 64')
    expect(() => simulate(encode([0x20, 0, 0, 2], [0x06, 0, 0, 0]), call)).to.throw(RangeError, 'offset 2')
    expect(() => simulate(encode([0x05, 0, 0, 9]), call)).to.throw(RangeError, 'leaves its end at instruction 10')
    expect(() => simulate(encode([0x87, 0, 0, 0]), call)).to.throw(RangeError, 'code 0x87')
  })
})

describe('unknownNames', () => {
  it('unknownNames() lists what no table has, once', () => {
    const rule = (...names: string[]): { names: string[]; action: 'SCMP_ACT_ALLOW' } => ({
      names,
      action: 'SCMP_ACT_ALLOW',
    })
    const syscalls = [
      rule('read', 'raed', 'toString'),
      rule('raed', 'cacheflush'),
      { name: 'wirte', action: 'SCMP_ACT_ALLOW' as const },
    ]
    expect(unknownNames({ defaultAction: 'SCMP_ACT_ERRNO', syscalls })).to.deep.equal(['raed', 'toString', 'wirte'])
  })
})
