// Bad input and bad luck: each ends in a clear result and leaves a clean machine (the leak check runs around all of it).

import { expect } from 'chai'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { shutdown } from '@iso/native'
import { requires } from '@iso/testing'
import { failure, leftCgroups, processesWith, Rootfs, until } from './container.test.support.js'
import { run, start } from './run.js'

describe('run() with bad luck', function () {
  let rootfs: Rootfs
  before(function () {
    requires(this, 'root', 'overlay')
    rootfs = new Rootfs()
  })
  after(() => {
    rootfs.remove()
    shutdown()
  })
  const go = (argv: string[], options: Parameters<typeof run>[1] = {}) => run(argv, { rootfs: rootfs.path, ...options })

  it('run() of a missing command is ISO_NOT_FOUND', async () => {
    const error = await failure(go(['nope']))
    expect(error.code).to.equal('ISO_NOT_FOUND')
    expect(error.message).to.include('"nope"')
  })
  it('run() of a file that is not executable is ISO_NOT_EXECUTABLE', async () => {
    rootfs.file('bin/data', 'text', 0o644)
    expect((await failure(go(['/bin/data']))).code).to.equal('ISO_NOT_EXECUTABLE')
    expect((await failure(go(['data']))).code).to.equal('ISO_NOT_EXECUTABLE')
    expect((await failure(go(['/etc']))).code).to.equal('ISO_NOT_EXECUTABLE')
  })
  it('run() of a program for another architecture says so', async () => {
    const elf = readFileSync('/usr/bin/busybox').subarray(0, 4096)
    elf.writeUInt16LE(0x15, 18) // EM_PPC64
    rootfs.file('bin/foreign', elf.toString('latin1'), 0o755)
    const { writeFileSync } = await import('node:fs')
    writeFileSync(`${rootfs.path}/bin/foreign`, elf)
    const error = await failure(go(['/bin/foreign']))
    expect(error.code).to.equal('ISO_NOT_EXECUTABLE')
    expect(error.hint).to.include('another architecture')
  })
  it('run() of a script whose interpreter is missing says so', async () => {
    rootfs.file('bin/script', '#!/no/such/interpreter\n', 0o755)
    const error = await failure(go(['/bin/script']))
    expect(error.code).to.equal('ISO_NOT_EXECUTABLE')
    expect(error.hint).to.include('interpreter')
  })
  it('run() in a missing root is ISO_ROOTFS', async () => {
    expect((await failure(run(['true'], { rootfs: '/no/such/root' }))).code).to.equal('ISO_ROOTFS')
    expect((await failure(run(['true'], { rootfs: '/etc/passwd' }))).code).to.equal('ISO_ROOTFS')
  })
  for (const propagation of ['private', 'shared'] as const)
    it(`run() of a ${propagation} bind of nothing names what is missing`, async () => {
      const error = await failure(go(['true'], { binds: [{ source: '/no/such', target: '/x', propagation }] }))
      expect(error.code).to.equal('ISO_BIND')
      expect(error.message).to.equal(
        'Cannot bind "/no/such": ENOENT; nothing of that name is on the host; make it first'
      )
    })
  it('run() with a limit the kernel refuses names its file', async () => {
    const error = await failure(go(['true'], { cpusetCpus: '900' }))
    expect(error.code).to.equal('ISO_CGROUP_WRITE')
    expect(error.message).to.match(/^Cannot set cpuset\.cpus of the cgroup: E[A-Z]+; this machine has 0(-\d+)?$/)
  })
  for (const name of ['proc', 'dev', 'sys']) {
    it(`run() refuses a root whose /${name} is a link`, async () => {
      const bad = new Rootfs()
      const outside = `${bad.scratch}/outside`
      mkdirSync(outside)
      mkdirSync(`${bad.path}/elsewhere`)
      try {
        for (const target of ['/elsewhere', '../outside', outside]) {
          symlinkSync(target, `${bad.path}/${name}`)
          const error = await failure(run(['true'], { rootfs: bad.path }))
          expect(error.code, target).to.be.oneOf(['ISO_ROOTFS', 'ISO_STEP'])
          rmSync(`${bad.path}/${name}`)
        }
        expect(existsSync(`${outside}/null`)).to.equal(false)
      } finally {
        bad.remove()
      }
    })
  }
  it('run() creates nothing outside where a mount target leads through a link', async () => {
    const bad = new Rootfs()
    try {
      mkdirSync(`${bad.scratch}/outside`)
      symlinkSync(`${bad.scratch}/outside`, `${bad.path}/data`)
      symlinkSync('../../../../../../../../tmp', `${bad.path}/up`)
      await run(['true'], { rootfs: bad.path, tmpfs: ['/data/inner', '/up/iso-escaped'] }).catch(() => undefined)
      expect(existsSync(`${bad.scratch}/outside/inner`)).to.equal(false)
      expect(existsSync('/tmp/iso-escaped')).to.equal(false)
    } finally {
      bad.remove()
    }
  })
  it('run() for an unknown user or group is ISO_USER', async () => {
    expect((await failure(go(['true'], { user: 'nobody-here' }))).code).to.equal('ISO_USER')
    expect((await failure(go(['true'], { user: 'web:no-group' }))).code).to.equal('ISO_USER')
    // Its uid does not fit: the line does not count.
    expect((await failure(go(['true'], { user: 'broken' }))).code).to.equal('ISO_USER')
  })
  it('run() where /etc/passwd is a link, a fifo or huge stays inside and does not hang', async () => {
    const bad = new Rootfs()
    try {
      rmSync(`${bad.path}/etc/passwd`)
      symlinkSync('/../../../../etc/passwd', `${bad.path}/etc/passwd`)
      expect((await failure(run(['id'], { rootfs: bad.path, user: 'daemon' }))).code).to.equal('ISO_USER')
      rmSync(`${bad.path}/etc/passwd`)
      symlinkSync('/dev/zero', `${bad.path}/etc/passwd`)
      expect((await failure(run(['id'], { rootfs: bad.path, user: 'daemon' }))).code).to.equal('ISO_USER')
      rmSync(`${bad.path}/etc/passwd`)
      const huge = await import('node:fs')
      huge.writeFileSync(`${bad.path}/etc/passwd`, 'x')
      huge.truncateSync(`${bad.path}/etc/passwd`, 2 ** 30)
      expect((await failure(run(['id'], { rootfs: bad.path, user: 'daemon' }))).code).to.equal('ISO_ROOTFS')
    } finally {
      bad.remove()
    }
  })
  it('run() hands over an environment with newlines as it is', async () => {
    const { stdout } = await go(['sh', '-c', 'echo "$A"'], { env: { A: 'one\ntwo\n=three' } })
    expect(stdout).to.equal('one\ntwo\n=three\n')
  })
  it('run() makes a working directory that is missing, and exec() does not', async () => {
    expect((await go(['pwd'], { cwd: '/made/for/this' })).stdout).to.equal('/made/for/this\n')
    await using container = await start(['sleep', '60'], { rootfs: rootfs.path })
    expect((await failure(container.exec(['true'], { cwd: '/not/there' }))).code).to.equal('ISO_CWD')
  })
  it('run() in a working directory that is a file is ISO_CWD', async () => {
    expect((await failure(go(['true'], { cwd: '/etc/passwd' }))).code).to.equal('ISO_CWD')
  })
  it('run() refuses a megabyte in one argument and takes it in many', async () => {
    let message = ''
    try {
      await go(['echo', 'x'.repeat(2 ** 20)])
    } catch (error) {
      message = String(error)
    }
    expect(message).to.match(/RangeError.*1048576 bytes long/)
    const { stdout } = await go(['echo', ...Array.from({ length: 16 }, () => 'y'.repeat(2 ** 16 - 1))])
    expect(stdout.length).to.equal(2 ** 20)
    const many = await failure(go(['echo', ...Array.from({ length: 64 }, () => 'z'.repeat(2 ** 16))]))
    expect(many.code).to.equal('ISO_TOO_BIG')
  })
  it('run() says oom where memory runs out', async () => {
    const bomb = await go(['tail', '/dev/zero'], { memory: '16m' })
    expect({ cause: bomb.cause, signal: bomb.signal, oomKilled: bomb.oomKilled }).to.deep.equal({
      cause: 'oom',
      signal: 'SIGKILL',
      oomKilled: true,
    })
    expect(bomb.memoryPeakBytes?.value).to.be.within(2 ** 23, 16 * 2 ** 20)
    const child = await go(['sh', '-c', 'tail /dev/zero; exit $?'], { memory: '16m' })
    expect({ cause: child.cause, exitCode: child.exitCode }).to.deep.equal({ cause: 'oom', exitCode: 137 })
    const survived = await go(['sh', '-c', 'tail /dev/zero; exit 0'], { memory: '16m' })
    expect({ cause: survived.cause, exitCode: survived.exitCode, oomKilled: survived.oomKilled }).to.deep.equal({
      cause: 'exit',
      exitCode: 0,
      oomKilled: true,
    })
  })
  it('run() stops a fork bomb at its limit and clears it away', async () => {
    const id = `isobomb${process.pid}`
    const result = await go(['sh', '-c', 'b() { b | b & }; b; sleep 30'], { id, pids: 24, timeout: '1s' })
    expect(result.cause).to.equal('timeout')
    expect(result.pidsPeak?.value).to.equal(24)
    expect(leftCgroups(id)).to.deep.equal([])
  })
  it('run() ends at the timeout, though the program ignores SIGTERM', async () => {
    const began = Date.now()
    const result = await go(['sh', '-c', 'trap "" TERM; sleep 30; sleep 30'], { timeout: '300ms' })
    expect({ cause: result.cause, signal: result.signal, exitCode: result.exitCode }).to.deep.equal({
      cause: 'timeout',
      signal: 'SIGKILL',
      exitCode: null,
    })
    expect(Date.now() - began).to.be.lessThan(5000)
  })
  it('run() ends at the output limit', async () => {
    const result = await go(['sh', '-c', 'while true; do echo 0123456789; done'], { outputLimit: '64k' })
    expect(result.cause).to.equal('output-limit')
    expect(result.stdoutBytes.length).to.equal(65536)
  })
  it('run() ends when it is aborted, before and after the start', async () => {
    const later = new AbortController()
    setTimeout(() => later.abort(), 200)
    expect((await go(['sleep', '30'], { signal: later.signal })).cause).to.equal('aborted')
    let name = ''
    await go(['true'], { signal: AbortSignal.abort() }).catch((error: Error) => (name = error.name))
    expect(name).to.equal('AbortError')
  })
  it('run() says ENOSPC inside where the layer is full, and nothing else', async () => {
    const result = await run(['sh', '-c', 'dd if=/dev/zero of=/full bs=64k count=64 2>&1; echo "left: $?"'], {
      rootfs: rootfs.path,
      ephemeral: true,
      storageSize: '1m',
    })
    expect(result.stdout).to.match(/No space left on device[^]*left: 1/)
    expect(result.cause).to.equal('exit')
  })
  it('run() refuses what the machine cannot give, and leaves nothing of the attempt', async () => {
    const id = `isorefused${process.pid}`
    const error = await failure(go(['true'], { id, cpusetCpus: '999' }))
    expect(error.code).to.match(/^ISO_/)
    expect(leftCgroups(id)).to.deep.equal([])
  })
  it('update() refuses a limit below what is in use, and leaves it running', async () => {
    await using container = await start(
      ['sh', '-c', 'dd if=/dev/zero of=/dev/shm/x bs=1M count=24 2>/dev/null; echo full; sleep 60'],
      { rootfs: rootfs.path, memory: '64m' }
    )
    await once(container.stdout as NodeJS.ReadableStream, 'data')
    expect((await failure(container.update({ memory: '8m' }))).code).to.equal('ISO_CGROUP_BUSY')
    expect(container.state).to.equal('running')
  })
  it('events tell of memory that ran out', async () => {
    await using container = await start(['sh', '-c', 'sleep 0.3; tail /dev/zero; sleep 0.3'], {
      rootfs: rootfs.path,
      memory: '16m',
    })
    let kills = 0
    container.events.on('oom', (count) => (kills += count))
    container.watchOom()
    expect((await container.wait()).oomKilled).to.equal(true)
    expect(kills).to.be.greaterThan(0)
  })
  it('stop() kills a program that ignores SIGTERM', async () => {
    await using container = await start(['sh', '-c', 'trap "" TERM; while true; do sleep 1; done'], {
      rootfs: rootfs.path,
    })
    const receipt = await container.stop({ timeoutMs: 200 })
    expect(receipt.signal).to.equal('SIGKILL')
  })
  it('wait() rejects with ISO_SUPERVISOR_LOST where the supervisor is killed, and the container is gone', async () => {
    const id = `isolost${process.pid}`
    const container = await start(['sleep', '4321'], { rootfs: rootfs.path, id })
    const supervisor = Number(/^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${container.pid}/status`, 'utf8'))?.[1])
    process.kill(supervisor, 'SIGKILL')
    expect((await failure(container.wait())).code).to.equal('ISO_SUPERVISOR_LOST')
    await container.close()
    expect(await until(() => processesWith('sleep 4321').length === 0)).to.equal(true)
    expect(leftCgroups(id)).to.deep.equal([])
  })
  it('start() leaves nothing where Node is killed while it launches or runs', async function () {
    this.timeout(60_000)
    const module = new URL('./run.js', import.meta.url).href
    const id = `isokilled${process.pid}`
    for (const delayMs of [0, 2, 4, 8, 16, 400]) {
      const script = `import { start } from ${JSON.stringify(module)}; process.stdout.write('go\\n'); await start(['sleep', '9876'], { rootfs: ${JSON.stringify(rootfs.path)}, id: '${id}' + process.argv[1], memory: '32m' }); setInterval(() => {}, 1000)`
      const node = spawn(process.execPath, ['--input-type=module', '-e', script, String(delayMs)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      await once(node.stdout, 'data')
      await new Promise((resolve) => setTimeout(resolve, delayMs))
      node.kill('SIGKILL')
      await once(node, 'exit')
      expect(
        await until(() => processesWith('sleep 9876').length === 0 && leftCgroups(id).length === 0),
        `killed after ${delayMs} ms: ${leftCgroups(id).join(' ')}`
      ).to.equal(true)
    }
  })
  it('start() keeps working where the root is renamed meanwhile', async () => {
    const moving = new Rootfs()
    const container = await start(['sleep', '30'], { rootfs: moving.path })
    try {
      renameSync(moving.path, `${moving.scratch}/renamed`)
      const process = await container.exec(['true'])
      expect((await process.exit).exitCode).to.equal(0)
      await process.close()
    } finally {
      await container.close()
      moving.remove()
    }
  })
})
