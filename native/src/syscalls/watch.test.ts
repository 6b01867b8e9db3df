import { requires } from '@iso/testing'
import { expect } from 'chai'
import { execFileSync } from 'node:child_process'
import {
  closeSync,
  fstatSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { IsoError } from '../iso-error.js'
import { eventfd, eventfdRead, eventfdWrite } from './eventfd.js'
import { closeFd, pipe2 } from './open.js'
import { watch } from './watch.js'

const index = new URL('../index.js', import.meta.url).href
const openFds = (): number => readdirSync('/proc/self/fd').length

describe('watch', () => {
  it('watch() calls back when a counter becomes readable, and again the next time', async () => {
    const fd = eventfd()
    const seen: (bigint | null)[] = []
    const watching = watch(fd, 'readable', () => seen.push(eventfdRead(fd)))
    eventfdWrite(fd, 1)
    await delay(20)
    eventfdWrite(fd, 2)
    await delay(20)
    watching.close()
    eventfdWrite(fd, 4)
    await delay(20)
    expect(seen).to.deep.equal([1n, 2n])
    closeFd(fd)
  })

  it('watch() goes on when the caller has closed the descriptor', async () => {
    const { readFd, writeFd } = pipe2()
    const ready = new Promise<void>((resolve) => {
      const watching = watch(readFd, 'readable', () => {
        watching.close()
        resolve()
      })
    })
    closeFd(readFd)
    writeSync(writeFd, 'x')
    await ready
    closeFd(writeFd)
  })

  it('watch() leaves a blocking descriptor blocking', () => {
    const { readFd, writeFd } = pipe2()
    const watching = watch(readFd, 'readable', () => undefined)
    expect(readFileSync(`/proc/self/fdinfo/${readFd}`, 'utf8')).to.match(/flags:\s+02000000\n/)
    watching.close()
    closeFd(readFd)
    closeFd(writeFd)
  })

  it('close() is safe twice and from the callback, and gives the descriptor back', async () => {
    const before = openFds()
    const fd = eventfd({ initial: 1 })
    let calls = 0
    const watching = watch(fd, 'readable', () => {
      calls++
      watching.close()
      watching.close()
    })
    await delay(20)
    watching.close()
    closeFd(fd)
    await delay(10)
    expect(calls).to.equal(1)
    expect(openFds()).to.equal(before)
  })

  it('watch() says EPERM for a regular file, and refuses unknown events', () => {
    const folder = mkdtempSync(join(tmpdir(), 'iso-watch-'))
    const fd = openSync(join(folder, 'file'), 'w')
    expect(() => watch(fd, 'readable', () => undefined))
      .to.throw(IsoError)
      .that.includes({ errnoName: 'EPERM' })
    expect(() => watch(fd, 'writable' as 'readable', () => undefined)).to.throw(TypeError, 'writable')
    expect(() => watch(fd, 'readable', undefined as unknown as () => void)).to.throw(TypeError, 'undefined')
    closeSync(fd)
    rmSync(folder, { recursive: true })
  })

  it("watch() sees 'priority' on a kernel file that notifies", async function () {
    requires(this, { file: '/proc/self/mounts' }, { capability: 'CAP_SYS_ADMIN' }, { program: 'unshare' })
    const fd = openSync('/proc/self/mounts', 'r')
    const buffer = Buffer.alloc(65536)
    let calls = 0
    const watching = watch(fd, 'priority', () => {
      calls++
      readSync(fd, buffer, 0, buffer.length, 0)
      fstatSync(fd)
    })
    const folder = mkdtempSync(join(tmpdir(), 'iso-watch-'))
    execFileSync('mount', ['-t', 'tmpfs', 'iso', folder])
    await delay(20)
    execFileSync('umount', [folder])
    await delay(20)
    watching.close()
    closeSync(fd)
    rmSync(folder, { recursive: true })
    expect(calls).to.be.within(1, 1000)
  })

  it('watch() does not keep Node running unless asked', () => {
    const script = (ref: boolean): string => `
      import { eventfd, watch } from ${JSON.stringify(index)}
      watch(eventfd(), 'readable', () => {}, { ref: ${ref} })
      process.on('exit', () => console.log('left'))
      ${ref ? "setTimeout(() => { console.log('still here'); process.exit() }, 100)" : ''}`
    const run = (ref: boolean): string =>
      execFileSync(process.execPath, ['--input-type=module', '-e', script(ref)], { encoding: 'utf8', timeout: 10_000 })
    expect(run(false)).to.equal('left\n')
    expect(run(true)).to.equal('still here\nleft\n')
  })

  it('watch() passes on what the callback throws as an uncaughtException', () => {
    const script = `
      import { eventfd, watch } from ${JSON.stringify(index)}
      process.on('uncaughtException', (error) => { console.log(error.message); process.exit() })
      watch(eventfd({ initial: 1 }), 'readable', () => { throw new Error('from the callback') }, { ref: true })`
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
      timeout: 10_000,
    })
    expect(output).to.equal('from the callback\n')
  })

  it('watch() in a Worker works, and ends with it, closed or not', async function () {
    const source = `
      import { parentPort } from 'node:worker_threads'
      const { eventfd, eventfdRead, watch, closeFd } = await import(${JSON.stringify(index)})
      const fd = eventfd({ initial: 7 })
      watch(fd, 'readable', () => { parentPort.postMessage(String(eventfdRead(fd))); closeFd(fd); process.exit() }, { ref: true })
      setInterval(() => {}, 1000)`
    const run = async (): Promise<string> => {
      const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`))
      // A Worker that ends delivers its last message and its end in one turn: wait for both from the beginning.
      const exit = new Promise((resolve) => worker.once('exit', resolve))
      const message = await new Promise<string>((resolve, reject) =>
        worker.once('message', resolve).once('error', reject)
      )
      await exit
      return message
    }
    await run()
    const before = openFds()
    for (let i = 0; i < 5; i++) expect(await run()).to.equal('7')
    expect(openFds()).to.equal(before)
  })
})
