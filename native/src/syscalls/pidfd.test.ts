import { expect } from 'chai'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readlinkSync } from 'node:fs'
import { IsoError } from '../iso-error.js'
import { closeFd } from './open.js'
import { pidfdGetfd, pidfdOpen, pidfdSendSignal, waitPidfd } from './pidfd.js'
import { watch } from './watch.js'

describe('pidfd', () => {
  it('pidfdOpen() refuses what is no process ID, before the kernel sees it', () => {
    expect(() => pidfdOpen(0)).to.throw(RangeError, '0 is not a whole number from 1')
    expect(() => pidfdOpen(1.5)).to.throw(RangeError)
    expect(() => pidfdOpen('1' as unknown as number)).to.throw(TypeError, '1 is not a number')
  })

  it('pidfdOpen() says ESRCH when there is no such process', () => {
    expect(() => pidfdOpen(0x7fffffff))
      .to.throw(IsoError)
      .that.includes({ code: 'ISO_SYSCALL', errnoName: 'ESRCH', syscall: 'pidfd_open' })
  })

  it('pidfdSendSignal() reaches the process, and its pidfd becomes readable when it ends', async () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' })
    const fd = pidfdOpen(child.pid!)
    const ended = new Promise<void>((resolve) => {
      const watching = watch(fd, 'readable', () => {
        watching.close()
        resolve()
      })
    })
    pidfdSendSignal(fd, 'SIGTERM')
    const [, signal] = await once(child, 'exit')
    await ended
    expect(signal).to.equal('SIGTERM')
    expect(() => pidfdSendSignal(fd, 0))
      .to.throw(IsoError)
      .that.includes({ errnoName: 'ESRCH' })
    closeFd(fd)
  })

  it('pidfdSendSignal() refuses an unknown signal', () => {
    expect(() => pidfdSendSignal(0, 'SIGNOPE' as NodeJS.Signals)).to.throw(TypeError, 'SIGNOPE')
    expect(() => pidfdSendSignal(0, 65)).to.throw(RangeError)
  })

  it('pidfdGetfd() takes a copy of the descriptor of another process', () => {
    const fd = pidfdOpen(process.pid)
    const copy = pidfdGetfd(fd, 1)
    expect(readlinkSync(`/proc/self/fd/${copy}`)).to.equal(readlinkSync('/proc/self/fd/1'))
    closeFd(copy)
    closeFd(fd)
  })

  it('waitPidfd() gives null while the child runs', () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' })
    const fd = pidfdOpen(child.pid!)
    try {
      expect(waitPidfd(fd)).to.equal(null)
    } finally {
      child.kill('SIGKILL')
      closeFd(fd)
    }
  })

  it('waitPidfd() collects a killed child with its CPU time', async () => {
    const child = spawn('sh', ['-c', 'i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; kill -9 $$'], {
      stdio: 'ignore',
    })
    child.unref() // reaped here, so that Node never hears of its end
    const fd = pidfdOpen(child.pid!)
    // Node would collect the child as soon as its loop runs; block it until we have.
    let ended = waitPidfd(fd)
    while (ended === null) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
      ended = waitPidfd(fd)
    }
    expect(ended).to.include({ pid: child.pid, cause: 'killed', status: 9 })
    expect(ended.userUs + ended.systemUs).to.be.greaterThan(0)
    closeFd(fd)
  })

  it('waitPidfd() says ECHILD for a process that is no child of ours', () => {
    const fd = pidfdOpen(process.ppid)
    expect(() => waitPidfd(fd))
      .to.throw(IsoError)
      .that.includes({ errnoName: 'ECHILD', syscall: 'waitid' })
    closeFd(fd)
  })
})
