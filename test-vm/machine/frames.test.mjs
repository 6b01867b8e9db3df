import { expect } from 'chai'

import { encodeCommand, encodeFrame, exitCodeOf, FrameReader } from './frames.mjs'

describe('frames', () => {
  it('FrameReader cuts frames wherever the stream was cut', () => {
    const stream = Buffer.concat([
      encodeFrame('O', Buffer.from('hello')),
      encodeFrame('Q'),
      encodeFrame('E', Buffer.alloc(300, 7)),
    ])
    for (let size = 1; size <= stream.length; size++) {
      const reader = new FrameReader()
      const found = []
      for (let at = 0; at < stream.length; at += size) found.push(...reader.push(stream.subarray(at, at + size)))
      expect(found.map(({ letter, payload }) => [letter, payload.length])).to.deep.equal([
        ['O', 5],
        ['Q', 0],
        ['E', 300],
      ])
    }
  })

  it('encodeCommand() ends each string with NUL and refuses one inside', () => {
    const command = { argv: ['sh', ''], cwd: '/', uid: 5, env: { A: 'b' } }
    expect(encodeCommand(command).toString()).to.equal('/\x005\x002\0sh\0\0A=b\0')
    expect(() => encodeCommand({ ...command, cwd: 'a\0b' })).to.throw(RangeError, 'NUL')
  })

  it('exitCodeOf() says what a shell would', () => {
    expect([0, 7 << 8, 9, 0x80 | 6].map(exitCodeOf)).to.deep.equal([0, 7, 137, 134])
  })
})
