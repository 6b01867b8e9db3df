import { expect } from 'chai'
import { closeSync, readSync, writeSync } from 'node:fs'
import { isatty } from 'node:tty'
import { IsoError } from '../iso-error.js'
import { getWinsize, openpty, rawMode, setWinsize, type Pty } from './pty.js'

describe('pty', () => {
  let pty: Pty
  beforeEach(() => (pty = openpty({ rows: 24, columns: 80 })))
  afterEach(() => {
    closeSync(pty.masterFd)
    closeSync(pty.terminalFd)
  })
  const read = (fd: number): string => {
    const buffer = Buffer.alloc(64)
    return buffer.toString('utf8', 0, readSync(fd, buffer))
  }

  it('openpty() connects its two ends, and the program end is a terminal', () => {
    expect(isatty(pty.terminalFd)).to.equal(true)
    writeSync(pty.terminalFd, 'out\n')
    expect(read(pty.masterFd)).to.equal('out\r\n')
  })

  it('setWinsize() on one end shows on the other', () => {
    expect(getWinsize(pty.terminalFd)).to.deep.equal({ rows: 24, columns: 80 })
    setWinsize(pty.masterFd, { rows: 50, columns: 132 })
    expect(getWinsize(pty.terminalFd)).to.deep.equal({ rows: 50, columns: 132 })
    expect(() => setWinsize(pty.masterFd, { rows: 65536, columns: 1 })).to.throw(RangeError, '65536')
  })

  it('rawMode() passes bytes as they are; restore() goes back, and twice is safe', () => {
    const mode = rawMode(pty.terminalFd)
    writeSync(pty.terminalFd, 'raw\n')
    expect(read(pty.masterFd)).to.equal('raw\n')
    writeSync(pty.masterFd, '\x03')
    expect(read(pty.terminalFd)).to.equal('\x03')
    mode.restore()
    mode.restore()
    writeSync(pty.terminalFd, 'cooked\n')
    expect(read(pty.masterFd)).to.equal('cooked\r\n')
  })

  it('rawMode() and getWinsize() say ENOTTY for what is no terminal', () => {
    const file = openpty()
    closeSync(file.terminalFd)
    closeSync(file.masterFd)
    for (const call of [rawMode, getWinsize])
      expect(() => call(0x7ffffff))
        .to.throw(IsoError)
        .that.includes({ errnoName: 'EBADF' })
  })
})
