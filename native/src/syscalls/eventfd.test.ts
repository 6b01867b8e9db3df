import { expect } from 'chai'
import { IsoError } from '../iso-error.js'
import { eventfd, eventfdRead, eventfdWrite } from './eventfd.js'
import { closeFd, pipe2 } from './open.js'

describe('eventfd', () => {
  it('eventfdRead() takes the sum of what was written, then gives null', () => {
    const fd = eventfd({ initial: 1 })
    eventfdWrite(fd, 41)
    expect(eventfdRead(fd)).to.equal(42n)
    expect(eventfdRead(fd)).to.equal(null)
    closeFd(fd)
  })

  it('eventfdRead() of a semaphore takes one at a time', () => {
    const fd = eventfd({ initial: 2, semaphore: true })
    expect([eventfdRead(fd), eventfdRead(fd), eventfdRead(fd)]).to.deep.equal([1n, 1n, null])
    closeFd(fd)
  })

  it('eventfdWrite() refuses zero, and says EBADF for the wrong end of a pipe', () => {
    const { readFd, writeFd } = pipe2()
    expect(() => eventfdWrite(readFd, 0)).to.throw(RangeError)
    expect(() => eventfdWrite(readFd, 1))
      .to.throw(IsoError)
      .that.includes({ errnoName: 'EBADF' })
    closeFd(readFd)
    closeFd(writeFd)
  })
})
