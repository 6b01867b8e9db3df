// join() across user namespaces, as root and as an ordinary user.

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { IsoError, launch, type Child, type LaunchOptions, type Step } from '@iso/native'
import { requires } from '@iso/testing'
import { expect } from 'chai'

import type { AsUserResult } from './as-user.test.support.js'
import { join, namespaces, type JoinUser } from './index.js'

const AS_USER = fileURLToPath(new URL('./as-user.test.support.js', import.meta.url))
const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' }
const quiet = { env, stdin: 'ignore', stdout: 'ignore', stderr: 'ignore' } as const
const WHO = ['sh', '-c', 'echo $(id -u) $(id -g) $(id -G | wc -w) $(grep CapEff /proc/self/status | cut -f2)']

async function out(argv: string[], steps: Step[], options: LaunchOptions = {}): Promise<string> {
  await using child = await launch(argv, steps, { env, stdin: 'ignore', stderr: 'inherit', ...options })
  return (await text(child.stdout!)).trim()
}

// A process in a user namespace of its own, whose ids are 100000 and up outside.
const mapped = (inside: number, count: number): Promise<Child> =>
  launch(
    ['sleep', '300'],
    [
      ...namespaces('user', 'uts', 'mnt'),
      { op: 'idMap', kind: 'uid', map: `${inside} 100000 ${count}\n` },
      { op: 'idMap', kind: 'gid', map: `${inside} 100000 ${count}\n` },
    ],
    quiet
  )

describe('join() into another user namespace', function () {
  before(function () {
    requires(this, 'root')
  })

  it('join() becomes root there, without the groups of the caller', async () => {
    await using box = await mapped(0, 65536)
    expect(await out(WHO, join({ pid: box.pid }))).to.match(/^0 0 1 0*[1-9a-f][0-9a-f]+$/)
    const { pidfd, pid } = box
    expect(await out(WHO, join({ slot: 'box' }), { fds: { box: pidfd } })).to.match(/^0 0 1 /)
    expect(await out(WHO, join({ path: `/proc/${pid}/ns/user` }))).to.match(/^0 0 1 /)
    expect(await out(['cat', '/proc/self/uid_map'], join({ pid }))).to.match(/^0 +100000 +65536$/)
  })

  it('join() keeps the ids of the caller, who is nobody there, or takes those it is told', async () => {
    await using box = await mapped(0, 65536)
    const as = (user: JoinUser) => out(WHO, join({ pid: box.pid, user }))
    expect(await as('keep')).to.match(/^65534 65534 /)
    expect(await as({ uid: 33, gid: 44 })).to.equal('33 44 1 0000000000000000')
    expect(await as({ uid: 0, gid: 7 })).to.match(/^0 7 1 0*[1-9a-f][0-9a-f]+$/)
  })

  it('join() says so where the user namespace has no root, and can do without', async () => {
    await using box = await mapped(5, 10)
    const error: unknown = await launch(['true'], join({ pid: box.pid }), quiet).catch((thrown: unknown) => thrown)
    expect(error).to.be.instanceOf(IsoError)
    expect(error).to.include({ errnoName: 'EINVAL', syscall: 'setresgid' })
    expect((error as IsoError).hint).to.include('no mapping in this user namespace')
    expect(await out(WHO, join({ pid: box.pid, user: { uid: 6, gid: 7 } }))).to.equal('6 7 1 0000000000000000')
    expect(await out(WHO, join({ pid: box.pid, user: 'keep' }))).to.match(/^65534 65534 /)
  })

  it('join() changes no ids where no user namespace is entered', async () => {
    await using box = await launch(['sleep', '300'], namespaces('uts'), quiet)
    const groups = { op: 'setgroups', side: 'child', phase: 'reset', gids: [4, 24] } as const
    expect(await out(WHO, [groups, ...join({ pid: box.pid })])).to.match(/^0 0 3 /)
    expect(await out(WHO, join({ pid: box.pid, user: { uid: 33, gid: 44 } }))).to.equal('33 44 1 0000000000000000')
  })

  it('join() ends with its supervisor, although the change of ids clears the death signal', async () => {
    await using box = await mapped(0, 65536)
    const script = `
      import { launch } from ${JSON.stringify(import.meta.resolve('@iso/native'))}
      import { join } from ${JSON.stringify(new URL('./index.js', import.meta.url).href)}
      console.log((await launch(['sleep', '300'], join({ pid: ${box.pid} }), ${JSON.stringify(quiet)})).pid)`
    const node = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(node.stdout, 'data')) as [Buffer]
    const status = () => readFileSync(`/proc/${Number(line)}/status`, 'utf8')
    const isAlive = () => {
      try {
        return !/^State:\s*Z/m.test(status())
      } catch {
        return false
      }
    }
    node.kill('SIGSTOP') // it would kill the program itself
    process.kill(Number(/^PPid:\s*(\d+)/m.exec(status())?.[1]), 'SIGKILL')
    try {
      for (let tries = 0; tries < 300 && isAlive(); tries++) await setTimeout(10)
      expect(isAlive()).to.equal(false)
    } finally {
      node.kill('SIGKILL')
      await once(node, 'exit')
    }
  })

  it('join() by an ordinary user becomes root of a namespace of his own', () => {
    const ids = { uid: 65534, gid: 65534, encoding: 'utf8' } as const
    const said = JSON.parse(execFileSync(process.execPath, [AS_USER], ids)) as AsUserResult
    expect(said.root).to.equal('0 0')
    expect(said.keep).to.equal('0 0') // its map has his own id only, and calls it 0
    expect(said.same).to.equal('65534 65534')
    expect(said.none).to.equal('setresgid EINVAL')
    expect(said.noneKept).to.equal('9 9')
  })
})
