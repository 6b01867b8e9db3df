import { expect } from 'chai'
import { closeSync, readFileSync, readSync, writeSync } from 'node:fs'
import { IsoError } from '../iso-error.js'
import { pipe2 } from './open.js'
import { peerCredentials, recvFds, sendFds, socketpair } from './rights.js'

describe('rights', () => {
  let here: number, there: number
  beforeEach(() => ([here, there] = socketpair('seqpacket')))
  afterEach(() => {
    for (const fd of [here, there]) closeSync(fd)
  })

  it('recvFds() gives null while there is no message, and empty data when the other end is gone', () => {
    expect(recvFds(here, 16)).to.equal(null)
    const [one, two] = socketpair()
    closeSync(two)
    expect(recvFds(one, 16)).to.deep.equal({ data: Buffer.alloc(0), fds: [], truncated: false })
    closeSync(one)
  })

  it('sendFds() and recvFds() carry working, close-on-exec descriptors', () => {
    const { readFd, writeFd } = pipe2()
    expect(sendFds(here, Buffer.from('pipe'), [readFd, writeFd])).to.equal(4)
    closeSync(readFd)
    closeSync(writeFd)
    const message = recvFds(there, 16)!
    expect(message.data.toString()).to.equal('pipe')
    const [reading, writing] = message.fds as [number, number]
    expect(readFileSync(`/proc/self/fdinfo/${reading}`, 'utf8')).to.match(/flags:\s+02/)
    writeSync(writing, 'works')
    const buffer = Buffer.alloc(8)
    expect(buffer.toString('utf8', 0, readSync(reading, buffer))).to.equal('works')
    closeSync(reading)
    closeSync(writing)
  })

  it('sendFds() carries 253 descriptors and refuses 254', () => {
    sendFds(here, Buffer.from('x'), new Array<number>(253).fill(0))
    const { fds, truncated } = recvFds(there, 16)!
    expect(fds).to.have.length(253)
    expect(truncated).to.equal(false)
    for (const fd of fds) closeSync(fd)
    expect(() => sendFds(here, Buffer.from('x'), new Array<number>(254).fill(0))).to.throw(RangeError, '254')
  })

  it('sendFds() gives -1 when the socket is full, and never waits', () => {
    let sent = 0
    while (sent >= 0) sent = sendFds(here, Buffer.alloc(4096))
    expect(sent).to.equal(-1)
  })

  it('recvFds() says when a message did not fit', () => {
    sendFds(here, Buffer.from('too long'))
    expect(recvFds(there, 3)).to.deep.equal({ data: Buffer.from('too'), fds: [], truncated: true })
  })

  it('sendFds() says EPIPE when the other end is closed, without a signal', () => {
    const [one, two] = socketpair()
    closeSync(two)
    expect(() => sendFds(one, Buffer.from('x')))
      .to.throw(IsoError)
      .that.includes({ errnoName: 'EPIPE' })
    closeSync(one)
  })

  it('sendFds() refuses an empty message and a bad descriptor', () => {
    expect(() => sendFds(here, Buffer.alloc(0))).to.throw(RangeError, 'at least one byte')
    expect(() => sendFds(here, Buffer.from('x'), [99999]))
      .to.throw(IsoError)
      .that.includes({ errnoName: 'EBADF' })
  })

  it('peerCredentials() tells who is at the other end', () => {
    expect(peerCredentials(here)).to.deep.equal({ pid: process.pid, uid: process.getuid!(), gid: process.getgid!() })
  })
})
