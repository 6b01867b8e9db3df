// container.exec(), pause, update, stats: a container that lives for a while.

import { expect } from 'chai'
import { existsSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs'
import { Cgroup } from '@iso/cgroups'
import { shutdown } from '@iso/native'
import { requires } from '@iso/testing'
import type { Container } from './container.js'
import type { ExecOptions } from './exec.js'
import { failure, Rootfs, until } from './container.test.support.js'
import { start } from './run.js'

describe('Container', function () {
  let rootfs: Rootfs
  let container: Container
  before(async function () {
    requires(this, 'root', 'overlay')
    rootfs = new Rootfs()
    container = await start(['sleep', '600'], {
      rootfs: rootfs.path,
      memory: '64m',
      pids: 32,
      hostname: 'box',
      env: { A: '1' },
      time: { boottimeSec: 3600 },
    })
  })
  after(async () => {
    await container?.close()
    rootfs?.remove()
    shutdown()
  })

  async function exec(script: string, options: ExecOptions = {}): Promise<string> {
    const child = await container.exec(['sh', '-c', script], options)
    let text = ''
    const reads = [child.terminal ?? child.stdout, child.stderr].map(async (stream) => {
      if (stream !== null) for await (const chunk of stream) text += String(chunk)
    })
    await Promise.all([...reads, child.exit])
    await child.close()
    return text
  }

  it('exec() is in every namespace of the container', async () => {
    const names = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'time', 'uts']
    const inside = await exec(`for n in ${names.join(' ')}; do readlink /proc/self/ns/$n; done`)
    expect(inside.trim().split('\n')).to.deep.equal(
      names.map((name) => readlinkSync(`/proc/${container.pid}/ns/${name}`))
    )
    expect(await exec('hostname; readlink /proc/1/exe')).to.equal('box\n/bin/busybox\n')
  })
  it('exec() is under the limits of the container', async () => {
    expect(
      await exec('cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null')
    ).to.equal(`${64 * 2 ** 20}\n`)
    expect(await exec('grep -c . /proc/self/cgroup; grep -v ":/$" /proc/self/cgroup')).to.match(/^\d+\n$/)
    const { pids } = await container.stats()
    expect(pids?.limit).to.equal(32)
  })
  it('exec() has the capabilities, filter and environment of the container', async () => {
    expect(
      (await exec("grep -E '^(CapEff|CapBnd|NoNewPrivs|Seccomp:)' /proc/self/status")).replace(/\t/g, ' ')
    ).to.equal('CapEff: 00000000a80425fb\nCapBnd: 00000000a80425fb\nNoNewPrivs: 1\nSeccomp: 2\n')
    expect(await exec('echo $A $B $HOME', { env: { B: '2' } })).to.equal('1 2 /root\n')
  })
  it('exec() runs as another user with its home and groups', async () => {
    expect(await exec('id; echo $HOME; echo x > /dev/stdout', { user: 'web' })).to.equal(
      'uid=33(web) gid=44(www) groups=44(www),55(log)\n/srv/web\nx\n'
    )
  })
  it('exec() hands over no descriptor but the three', async () => {
    expect(await exec('ls /proc/self/fd')).to.equal('0\n1\n2\n3\n')
  })
  it('exec() inherits how willingly the kernel kills', async () => {
    await using scored = await start(['sleep', '60'], { rootfs: rootfs.path, oomScoreAdj: 300 })
    await using child = await scored.exec(['cat', '/proc/self/oom_score_adj'])
    let text = ''
    for await (const chunk of child.stdout ?? []) text += String(chunk)
    expect(text).to.equal('300\n')
  })
  it('exec() has a terminal of the container', async () => {
    expect(await exec('tty', { tty: true })).to.equal('/dev/pts/0\r\n')
  })
  it('exec() fails with ISO_CWD, ISO_NOT_FOUND and ISO_USER', async () => {
    expect((await failure(container.exec(['true'], { cwd: '/nowhere' }))).code).to.equal('ISO_CWD')
    expect((await failure(container.exec(['nope']))).code).to.equal('ISO_NOT_FOUND')
    expect((await failure(container.exec(['true'], { user: 'nope' }))).code).to.equal('ISO_USER')
  })
  it('exec() refuses a working directory outside the root', async () => {
    for (const cwd of ['/proc/self/fd/3', '/proc/self/fd/5', '/proc/self/fd/7', '/proc/self/fd/9']) {
      const text = await exec('pwd; ls /', { cwd }).catch((error: Error & { code?: string }) => error.code ?? '')
      expect(text).to.match(/^ISO_/)
    }
  })
  it('exec() ends at its own timeout and leaves the container running', async () => {
    const child = await container.exec(['sleep', '30'], { timeout: '200ms' })
    expect((await child.exit).cause).to.equal('timeout')
    await child.close()
    expect(container.state).to.equal('running')
  })
  it('exec() leaves no descriptor here', async () => {
    await exec('true')
    const count = () => readdirSync('/proc/self/fd').length
    const before = count()
    for (let i = 0; i < 5; i++) await exec('true')
    // The spare supervisor of the launcher may be on its way; five leaks of one would stay.
    for (let i = 0; i < 100 && count() > before; i++) await new Promise((resolve) => setTimeout(resolve, 20))
    expect(count()).to.be.at.most(before)
  })
  it('pause() stops everything, exec() is refused meanwhile, resume() goes on', async () => {
    await container.pause()
    expect(container.state).to.equal('paused')
    expect((await failure(container.exec(['true']))).code).to.equal('ISO_PAUSED')
    await container.resume()
    expect(await exec('echo on')).to.equal('on\n')
  })
  it('pause() lets an exec() that has begun come in, and keeps others out', async () => {
    for (let round = 0; round < 5; round++) {
      const early = container.exec(['true'])
      const paused = container.pause()
      const late = failure(container.exec(['true']))
      await using child = await early
      await paused
      expect((await late).code).to.equal('ISO_PAUSED')
      await container.resume()
      expect((await child.exit).exitCode).to.equal(0)
    }
  })
  it('exec() is refused, and the state is paused, where somebody else froze the cgroup', async () => {
    await using frozen = await start(['sleep', '60'], { rootfs: rootfs.path })
    const { directories } = Cgroup.open(frozen.plan.cgroup!)
    const files = [
      [directories['unified'], 'cgroup.freeze', '1', '0'],
      [directories['freezer'], 'freezer.state', 'FROZEN', 'THAWED'],
    ].filter(([directory, file]) => existsSync(`${directory}/${file}`))
    expect(files).not.to.deep.equal([])
    for (const [directory, file, stop, go] of files) {
      writeFileSync(`${directory}/${file}`, stop!)
      expect(frozen.state, file).to.equal('paused')
      const error = await failure(frozen.exec(['true']))
      expect({ code: error.code, hint: error.hint }, file).to.deep.include({ code: 'ISO_PAUSED' })
      writeFileSync(`${directory}/${file}`, go!)
      expect(await until(() => frozen.state === 'running'), file).to.equal(true)
      writeFileSync(`${directory}/${file}`, stop!)
      await frozen.resume()
      expect(frozen.state, file).to.equal('running')
      await using child = await frozen.exec(['true'])
      expect((await child.exit).exitCode).to.equal(0)
    }
    // The group above is none of the container's: it is found frozen, and cannot be resumed from here.
    const above = files[0]!
    const parent = `${above[0]!.slice(0, above[0]!.lastIndexOf('/'))}/frozen-above-${process.pid}`
    const nested = await start(['sleep', '60'], {
      rootfs: rootfs.path,
      cgroupParent: `iso/${parent.split('/').at(-1)}`,
    })
    try {
      writeFileSync(`${parent}/${above[1]}`, above[2]!)
      expect(await until(() => nested.state === 'paused')).to.equal(true)
      expect((await failure(nested.exec(['true']))).code).to.equal('ISO_PAUSED')
    } finally {
      writeFileSync(`${parent}/${above[1]}`, above[3]!)
      await nested.close()
    }
    Cgroup.open({ parent: 'iso', name: parent.split('/').at(-1)! }).close()
    await Cgroup.open({ parent: 'iso', name: parent.split('/').at(-1)! }).remove()
  })
  it('close() and stop() end what somebody else froze', async () => {
    for (const end of ['close', 'stop'] as const) {
      await using frozen = await start(['sleep', '60'], { rootfs: rootfs.path })
      const { directories } = Cgroup.open(frozen.plan.cgroup!)
      const v1 = `${directories['freezer']}/freezer.state`
      if (existsSync(v1)) writeFileSync(v1, 'FROZEN')
      else writeFileSync(`${directories['unified']}/cgroup.freeze`, '1')
      if (end === 'close') await frozen.close()
      else expect((await frozen.stop({ timeoutMs: 100 })).signal).to.equal('SIGKILL')
      expect(existsSync(v1)).to.equal(false)
    }
  })
  it('update() changes limits, and refuses one below what is in use', async () => {
    await container.update({ memory: '48m', memorySwap: '96m' }).catch(() => container.update({ memory: '48m' }))
    expect((await container.stats()).memory?.limitBytes).to.equal(48 * 2 ** 20)
  })
  it('exec() in a container that has ended is ISO_NOT_RUNNING', async () => {
    const short = await start(['true'], { rootfs: rootfs.path })
    await short.wait()
    expect((await failure(short.exec(['true']))).code).to.equal('ISO_NOT_RUNNING')
    await short.close()
    await short.close()
  })
  it('start() of a parked container waits for start()', async () => {
    const parked = await start(['sh', '-c', 'echo ran'], { rootfs: rootfs.path, parked: true })
    await parked.start()
    let text = ''
    for await (const chunk of parked.stdout ?? []) text += String(chunk)
    expect(text).to.equal('ran\n')
    await parked.close()
  })
})
