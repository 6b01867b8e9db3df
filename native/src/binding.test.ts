import { expect } from 'chai'
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { requires } from '@iso/testing'
import { binding, load } from './binding.js'
import { IsoError } from './iso-error.js'
import {
  closeFd,
  eventfd,
  flock,
  getWinsize,
  memfdCreate,
  nsInfo,
  openat2,
  openInNamespace,
  openpty,
  pidfdOpen,
  pipe2,
  recvFds,
  sendFds,
  socketpair,
  watch,
} from './index.js'

describe('binding', () => {
  it('load() says how to get the addon where it is missing', () => {
    const folder = mkdtempSync(join(tmpdir(), 'iso-binding-'))
    expect(() => load(folder))
      .to.throw(IsoError, 'npm rebuild @iso/native')
      .that.includes({ code: 'ISO_NATIVE_MISSING', path: folder })
    rmSync(folder, { recursive: true })
  })

  it('load() says who may not read the addon where that is the reason, and openInit() likewise', function () {
    requires(this, 'root')
    const folder = mkdtempSync(join(tmpdir(), 'iso-binding-'))
    const release = join(folder, 'build/Release')
    mkdirSync(release, { recursive: true })
    for (const name of ['addon.node', 'iso-init']) writeFileSync(join(release, name), '', { mode: 0o600 })
    const script = `
      import { load } from ${JSON.stringify(new URL('./binding.js', import.meta.url).href)}
      import { openInit } from ${JSON.stringify(new URL('./launch/iso-init.js', import.meta.url).href)}
      for (const use of [load, openInit]) try { use(${JSON.stringify(folder)}) } catch ({ code, hint }) { console.log(code, hint) }`
    const asUser = () =>
      execFileSync(process.execPath, ['--input-type=module', '-e', script], {
        uid: 65534,
        gid: 65534,
        encoding: 'utf8',
      })
    // mkdtemp made it for its owner alone.
    for (const closed of [folder, release]) {
      const hint = `ISO_NATIVE_MISSING user 65534 may not read "${closed}": let everybody (chmod a+rX)`
      expect(
        asUser()
          .split('\n')
          .slice(0, 2)
          .every((line) => line.startsWith(hint)),
        closed
      ).to.equal(true)
      chmodSync(folder, 0o755)
      chmodSync(release, 0o700)
    }
    chmodSync(release, 0o755)
    expect(asUser()).to.match(/"[^"]*addon.node".*\n.*"[^"]*iso-init"/)
    rmSync(folder, { recursive: true })
  })

  it('binding() refuses wrong types in C, too, without harm', () => {
    const raw = binding() as unknown as Record<string, (...values: unknown[]) => unknown>
    for (const [name, call] of Object.entries(raw)) {
      // These take a descriptor away from its owner.
      if (
        [
          'openpty',
          'close',
          'closeRange',
          'launcherSocket',
          'launcherStart',
          'launcherStop',
          'adopt',
          'release',
        ].includes(name)
      )
        continue
      for (const odd of [[], [{}, {}, {}, {}, {}, {}, {}], [-1, 99999, 99999, 99999, 99999, 99999, 99999]]) {
        try {
          const made = call(...odd)
          for (const fd of [made].flat()) if (typeof fd === 'number' && fd > 2 && name !== 'prctl') closeFd(fd)
        } catch (error) {
          expect(error, name).to.be.instanceOf(Error)
        }
      }
    }
  })

  it('binding() leaks no descriptor in 10,000 rounds, failures included', async function () {
    this.timeout(120_000)
    const descriptors = (): number => readdirSync('/proc/self/fd').length
    const quietly = (call: () => unknown): void => {
      try {
        call()
      } catch (error) {
        if (!(error instanceof IsoError)) throw error
      }
    }
    const round = (): void => {
      const ns = openat2(null, '/proc/self/ns/net')
      nsInfo(ns)
      quietly(() => closeFd(openInNamespace(ns, { family: 1, type: 1 })))
      quietly(() => openInNamespace(ns, { family: 9999, type: 1 }))
      const { readFd, writeFd } = pipe2()
      const [here, there] = socketpair()
      sendFds(here, Buffer.from('x'), [readFd, writeFd])
      for (const fd of recvFds(there, 8)?.fds ?? []) closeFd(fd)
      const watching = watch(readFd, 'readable', () => undefined)
      quietly(() => watch(memory, 'priority', () => undefined))
      quietly(() => openat2(null, '/nowhere'))
      quietly(() => pidfdOpen(0x7fffffff))
      quietly(() => getWinsize(readFd))
      quietly(() => flock(99999, 'shared'))
      watching.close()
      for (const fd of [
        ns,
        readFd,
        writeFd,
        here,
        there,
        pidfdOpen(process.pid),
        eventfd(),
        memfdCreate('m', Buffer.from('m')),
      ])
        closeFd(fd)
    }
    const memory = memfdCreate('not pollable', Buffer.from('m'))
    const settle = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
    round()
    await settle()
    const before = descriptors()
    for (let i = 0; i < 10_000; i++) {
      round()
      if (i % 50 === 0) await settle()
    }
    for (let i = 0; i < 200; i++) {
      const { masterFd, terminalFd } = openpty()
      closeFd(masterFd)
      closeFd(terminalFd)
    }
    await settle()
    expect(descriptors()).to.equal(before)
    closeFd(memory)
  })
})
