import { expect } from 'chai'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { Worker } from 'node:worker_threads'
import { IsoError } from '../iso-error.js'
import type { Step } from '../operations.gen.js'
import type { Child } from './child.js'
import { launch } from './launch.js'
import type { LaunchOptions } from './options.js'

const PATH = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' }
const isolated: Step[] = [{ op: 'clone', namespaces: ['pid', 'mnt', 'uts', 'ipc', 'net'] }]

async function text(stream: Readable | null): Promise<string> {
  let all = ''
  if (stream !== null) for await (const chunk of stream) all += String(chunk)
  return all
}

async function output(
  argv: string[],
  steps: Step[] = [],
  options: LaunchOptions = {}
): Promise<{ out: string; child: Child }> {
  const child = await launch(argv, steps, { env: PATH, ...options })
  const [out] = await Promise.all([text(child.stdout), child.exit])
  await child.close()
  return { out: out.trim(), child }
}

async function failure(argv: string[], steps: Step[] = [], options: LaunchOptions = {}): Promise<IsoError> {
  try {
    const child = await launch(argv, steps, { env: PATH, ...options })
    await child.close()
  } catch (error) {
    if (error instanceof IsoError) return error
    throw error
  }
  throw new Error(`${argv.join(' ')} did not fail`)
}

const sh = (script: string) => ['sh', '-c', script]
const supervisorOf = (child: Child) =>
  Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1])
function alive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function until(condition: () => boolean, ms = 5000): Promise<void> {
  for (const end = Date.now() + ms; !condition(); await pause(5))
    if (Date.now() > end) throw new Error('it did not come to pass')
}

describe('launch()', function () {
  this.timeout(20_000)

  it('launch() runs a program and reports its exit code, CPU time and phases', async () => {
    const child = await launch(sh('echo out; echo err >&2; exit 7'), [], { env: PATH })
    const [out, err, status] = await Promise.all([text(child.stdout), text(child.stderr), child.exit])
    await child.close()
    expect([out, err]).to.deep.equal(['out\n', 'err\n'])
    expect(status).to.include({ exitCode: 7, signal: null, cause: 'exit' })
    expect(status.cpuUs).to.equal(status.userUs + status.systemUs)
    expect(status.wallUs).to.be.greaterThan(0).and.lessThan(5_000_000)
  })

  it('launch() reports the signal that ended the program', async () => {
    const { child } = await output(sh('kill -USR1 $$'))
    expect(await child.exit).to.include({ exitCode: null, signal: 'SIGUSR1', cause: 'signal' })
  })

  it('launch() gives the program its environment and nothing of the caller', async () => {
    process.env['ISO_TEST_LEAK'] = 'secret'
    const { out } = await output(['/usr/bin/env'], [], { env: { A: '1', B: 'two words' } })
    delete process.env['ISO_TEST_LEAK']
    expect(out.split('\n').sort()).to.deep.equal(['A=1', 'B=two words'])
  })

  it('launch() gives the program no descriptor but the three, no blocked or ignored signal, and umask 022', async () => {
    const { out } = await output(
      sh('ls /proc/self/fd | wc -l; grep -E "^Sig(Blk|Ign)" /proc/self/status; umask; ulimit -Sn')
    )
    const [fds, blocked, ignored, umask, nofile] = out.split('\n')
    expect(fds).to.equal('4') // the fourth is the directory ls reads
    expect([blocked?.split('\t')[1], ignored?.split('\t')[1]]).to.deep.equal(['0000000000000000', '0000000000000000'])
    expect([umask, nofile]).to.deep.equal(['0022', '1024'])
  })

  it('launch() keeps the working directory of the caller where the root stays, and is in / of another root', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'iso-cwd-'))
    const before = process.cwd()
    process.chdir(dir)
    try {
      expect((await output(['pwd'])).out).to.equal(dir)
      expect((await output(['pwd'], isolated)).out).to.equal(dir)
      expect((await output(['pwd'], [{ op: 'chroot', path: '/usr' }])).out).to.equal('/')
      // Also where the program may not enter it any more.
      chmodSync(dir, 0o700)
      const nobody: Step[] = [
        { op: 'setgid', gid: 65534 },
        { op: 'setuid', uid: 65534 },
      ]
      expect((await output(['readlink', '/proc/self/cwd'], nobody)).out).to.equal(dir)
      rmSync(dir, { recursive: true })
      // A script that means to work in its own directory must not find itself in another.
      expect(await failure(['pwd'])).to.include({ errnoName: 'ENOENT', path: dir })
    } finally {
      process.chdir(before)
      rmSync(dir, { recursive: true, force: true })
    }
  })

  it('launch() makes namespaces whose PID 1 is the program', async () => {
    const { out } = await output(sh('echo $$; hostname; ls /sys/class/net'), [
      ...isolated,
      { op: 'hostname', name: 'box' },
      { op: 'mount', fstype: 'sysfs', path: '/sys' },
    ])
    expect(out.split('\n')).to.deep.equal(['1', 'box', 'lo'])
  })

  it('launch() gives real pipes, which the program can open again', async () => {
    const { out } = await output(sh('echo again > /dev/stdout'))
    expect(out).to.equal('again')
  })

  it('launch() gives the pipes to another owner, who can open them again', async () => {
    const { out } = await output(
      sh('id -u; echo again > /dev/stdout'),
      [
        { op: 'setgid', gid: 65534 },
        { op: 'setuid', uid: 65534 },
      ],
      { stdioOwner: { uid: 65534, gid: 65534 } }
    )
    expect(out).to.equal('65534\nagain')
  })

  it('launch() passes standard input on and closes it half', async () => {
    const child = await launch(['cat'], [], { env: PATH })
    const data = 'x'.repeat(300_000)
    child.stdin?.end(data)
    expect(await text(child.stdout)).to.equal(data)
    expect((await child.exit).exitCode).to.equal(0)
    await child.close()
  })

  it('launch() survives a program that never reads and one that never writes', async () => {
    const child = await launch(['sleep', '0.2'], [], { env: PATH })
    child.stdin?.write(Buffer.alloc(1 << 20))
    expect((await child.exit).exitCode).to.equal(0)
    await child.close()
  })

  it('launch() holds a program back whose output nobody reads, and loses none of it', async () => {
    const child = await launch(sh('head -c 1000000 /dev/zero | tr "\\0" x; echo done >&2'), [], { env: PATH })
    const early = await Promise.race([text(child.stderr), pause(300).then(() => 'held')])
    expect(early).to.equal('held')
    expect((await text(child.stdout)).length).to.equal(1_000_000)
    await child.close()
  })

  it('launch() resolves a name in PATH of the given environment only', async () => {
    expect(await failure(['ls'], [], { env: { PATH: '/nowhere' } })).to.include({
      code: 'ISO_NOT_FOUND',
      errnoName: 'ENOENT',
      syscall: 'execve',
      path: 'ls',
    })
  })

  it('launch() tells what cannot be executed apart', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'iso-exec-'))
    const file = (name: string, content: string, mode: number) => (
      writeFileSync(join(dir, name), content, { mode }),
      join(dir, name)
    )
    expect(await failure([file('plain', 'x', 0o644)])).to.include({ code: 'ISO_NOT_EXECUTABLE', errnoName: 'EACCES' })
    expect(await failure([file('text', 'no shebang', 0o755)])).to.include({
      code: 'ISO_NOT_EXECUTABLE',
      errnoName: 'ENOEXEC',
    })
    expect(await failure([file('script', '#!/no/such/interpreter\n', 0o755)])).to.include({
      code: 'ISO_NOT_EXECUTABLE',
      errnoName: 'ELIBACC',
    })
    expect(await failure([dir])).to.include({ code: 'ISO_NOT_EXECUTABLE' })
    const foreign = Buffer.from(readFileSync('/bin/true').subarray(0, 4096))
    foreign.writeUInt16LE(8, 18) // MIPS
    writeFileSync(join(dir, 'mips'), foreign, { mode: 0o755 })
    const wrong = await failure([join(dir, 'mips')])
    expect(wrong).to.include({ code: 'ISO_NOT_EXECUTABLE', errnoName: 'ENOEXEC' })
    expect(wrong.hint).to.contain('another architecture')
    rmSync(dir, { recursive: true })
  })

  it('launch() takes 1 MiB of arguments and refuses a single string the kernel would refuse', async () => {
    const { out } = await output(['sh', '-c', 'echo $#', 'sh', ...Array.from({ length: 16 }, () => 'x'.repeat(65_000))])
    expect(out).to.equal('16')
    for (const bad of [
      launch(['echo', 'x'.repeat(131_072)], []),
      launch(['true'], [], { env: { A: 'x'.repeat(140_000) } }),
    ]) {
      const error = await bad.then(
        () => undefined,
        (e: unknown) => e
      )
      expect(error).to.be.instanceOf(RangeError)
    }
  })

  it('launch() refuses bad arguments with the value in the message', async () => {
    const refused = async (argv: string[], options: LaunchOptions, message: string) => {
      const error = await launch(argv, [], options).then(
        () => undefined,
        (e: unknown) => e as Error
      )
      expect(error?.message).to.contain(message)
    }
    await refused([], {}, 'argv is empty')
    await refused(['a\0b'], {}, 'holds a NUL byte')
    await refused(['true'], { env: { 'A=B': '1' } }, '"A=B" is no name of an environment variable')
    await refused(['true'], { cwd: 'relative' }, 'cwd "relative" is not absolute')
    await refused(['true'], { timeoutMs: -5 }, 'timeoutMs is -5')
    await refused(['true'], { stdout: 'file' as 'pipe' }, 'stdout is "file"')
  })

  it('launch() names the step that failed, its package, system call, path and errno, and leaves no process', async () => {
    const error = await failure(
      ['true'],
      [
        ...isolated,
        { op: 'mount', fstype: 'tmpfs', path: '/no/such/place', origin: '@iso/test', why: 'to see it fail' },
      ]
    )
    expect(error).to.include({ code: 'ISO_STEP', errnoName: 'ENOENT', syscall: 'openat2', path: '/no/such/place' })
    expect(error.step).to.include({ op: 'mount', origin: '@iso/test', why: 'to see it fail' })
    expect(error.message).to.match(/^Cannot run step \d+ mount \(openat2\) "\/no\/such\/place": ENOENT/)
  })

  it('launch() passes on what the file system says about a refused option', async () => {
    const error = await failure(
      ['true'],
      [...isolated, { op: 'fsMount', fstype: 'tmpfs', options: ['size', 'many'], slot: 't' }]
    )
    expect(error).to.include({ errnoName: 'EINVAL', syscall: 'fsconfig' })
    expect(error.hint).to.contain('size')
  })

  it('launch() goes on after an ignored errno and runs the alternative after another', async () => {
    const missing = (onError: Step['onError']): Step => ({
      op: 'unmount',
      path: '/no/such/mount',
      ...(onError ? { onError } : {}),
    })
    expect(
      (
        await output(sh('hostname'), [
          ...isolated,
          { op: 'hostname', name: 'a' },
          missing({ ignore: ['ENOENT'], else: [{ op: 'hostname', name: 'b' }] }),
        ])
      ).out
    ).to.equal('a')
    expect(
      (
        await output(sh('hostname'), [
          ...isolated,
          { op: 'hostname', name: 'a' },
          missing({ else: [{ op: 'hostname', name: 'b' }] }),
        ])
      ).out
    ).to.equal('b')
  })

  it('launch() kills at the deadline and says so', async () => {
    const { child } = await output(['sleep', '30'], [], { timeoutMs: 100 })
    const status = await child.exit
    expect(status).to.include({ signal: 'SIGKILL', cause: 'timeout' })
    expect(status.wallUs).to.be.greaterThan(90_000).and.lessThan(3_000_000)
  })

  it('launch() kills a program that ignores SIGTERM when the deadline comes', async () => {
    const { child } = await output(sh('trap "" TERM; while :; do sleep 0.05; done'), isolated, { timeoutMs: 150 })
    expect(await child.exit).to.include({ cause: 'timeout' })
  })

  it('launch() ends a program at its output limit, with exactly that much output', async () => {
    const child = await launch(sh('yes'), [], { env: PATH, outputLimitBytes: 100_000 })
    const [out, status] = await Promise.all([text(child.stdout), child.exit])
    await child.close()
    expect(out.length).to.equal(100_000)
    expect(status.cause).to.equal('output-limit')
  })

  it('launch() lets a program that stays below its output limit end by itself', async () => {
    const { out, child } = await output(sh('echo 1234; echo 567 >&2'), [], { outputLimitBytes: 9 })
    expect([out, (await child.exit).cause]).to.deep.equal(['1234', 'exit'])
  })

  it('launch() obeys an AbortSignal, before and while the program runs', async () => {
    const early = await launch(['true'], [], { signal: AbortSignal.abort() }).then(
      () => undefined,
      (e: unknown) => e as Error
    )
    expect(early?.name).to.equal('AbortError')
    const abort = new AbortController()
    const child = await launch(['sleep', '30'], [], { env: PATH, signal: abort.signal })
    abort.abort()
    expect(await child.exit).to.include({ cause: 'aborted', signal: 'SIGKILL' })
    await child.close()
  })

  it('launch() parks and starts later with argv, env and all', async () => {
    const child = await launch([], [...isolated, { op: 'hostname', name: 'parked' }], { parked: true })
    await child.start(['sh', '-c', 'hostname; echo $A'], { env: { ...PATH, A: 'late' } })
    expect(await text(child.stdout)).to.equal('parked\nlate\n')
    expect((await child.exit).exitCode).to.equal(0)
    await child.close()
  })

  it('launch() leaves nothing of a parked child that is closed instead of started', async () => {
    const child = await launch([], isolated, { parked: true })
    const { pid } = child
    await child.close()
    expect(alive(pid)).to.equal(false)
  })

  it('launch() asks callbacks while the child waits, and fails with their error', async () => {
    const asked: number[] = []
    const step: Step = { op: 'callback', name: 'hook', timeoutMs: 2000 }
    const { child } = await output(['true'], [step], { callbacks: { hook: (pid) => void asked.push(pid) } })
    expect(asked).to.have.length(1)
    expect(child.pid).to.be.greaterThan(0)
    const refused = await failure(['true'], [step], {
      callbacks: { hook: () => Promise.reject(new IsoError('ISO_TEST', 'no', { errno: 13 })) },
    })
    expect(refused).to.include({ code: 'ISO_STEP', errnoName: 'EACCES', path: 'hook' })
    const late = await failure(['true'], [{ op: 'callback', name: 'hook', timeoutMs: 50 }], {
      callbacks: { hook: () => pause(500) as Promise<void> },
    })
    expect(late.errnoName).to.equal('ETIMEDOUT')
  })

  it('launch() runs host programs beside the child and tells what they said', async () => {
    expect((await output(['true'], [{ op: 'runProgram', argv: ['/bin/true'] }])).child.pid).to.be.greaterThan(0)
    const error = await failure(['true'], [{ op: 'runProgram', argv: ['/bin/sh', '-c', 'echo broken >&2; exit 3'] }])
    expect(error).to.include({ code: 'ISO_STEP', path: '/bin/sh' })
    expect(error.hint).to.contain('broken')
  })

  it('launch() reads files into the receipt after the exit', async () => {
    const { child } = await output(['true'], [{ op: 'readFile', path: '/proc/sys/kernel/ostype', label: 'os' }])
    expect(String((await child.exit).receipt['os'])).to.equal('Linux\n')
  })

  it('launch() reports a write that did not take', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'iso-write-'))
    writeFileSync(join(dir, 'value'), '')
    const write: Step = { op: 'writeFile', path: join(dir, 'value'), data: 'abc', readback: 'xyz' }
    const error = await failure(['true'], [write])
    expect(error).to.include({ errnoName: 'EBADE', path: join(dir, 'value') })
    expect(error.hint).to.contain('abc')
    expect(
      await failure(['true'], [{ op: 'writeFile', path: join(dir, 'value'), data: 'abc', fs: 'cgroup2' }])
    ).to.include({ errnoName: 'ESTALE' })
    rmSync(dir, { recursive: true })
  })

  it('launch() makes a cgroup and removes it after the exit, and after a failure', async () => {
    const at = `/sys/fs/cgroup/pids${/^\d+:pids:(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1]?.replace(/^\/$/, '') ?? ''}/iso-test-${process.pid}`
    const steps: Step[] = [
      { op: 'cgroupCreate', path: at, slot: 'pids' },
      { op: 'writeFile', side: 'child', in: 'pids', path: 'tasks', data: '0' },
    ]
    const { out } = await output(sh('grep :pids: /proc/self/cgroup'), steps)
    expect(out).to.contain(`iso-test-${process.pid}`)
    expect(existsSync(at)).to.equal(false)
    await failure(['true'], [...steps, { op: 'unmount', path: '/no/such/mount' }])
    expect(existsSync(at)).to.equal(false)
  })

  it('launch() does not remove a cgroup that it did not make', async () => {
    const at = `/sys/fs/cgroup/pids/iso-foreign-${process.pid}`
    mkdirSync(at)
    const error = await failure(['true'], [{ op: 'cgroupCreate', path: at, slot: 'pids' }])
    expect(error.errnoName).to.equal('EEXIST')
    expect(existsSync(at)).to.equal(true)
    rmdirSync(at)
  })

  it('launch() hands descriptors to the program under their numbers, in any order', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'iso-fds-'))
    for (const name of ['a', 'b']) writeFileSync(join(dir, name), name)
    const { openSync, closeSync } = await import('node:fs')
    const [a, b] = [openSync(join(dir, 'a'), 'r'), openSync(join(dir, 'b'), 'r')]
    const steps: Step[] = [
      { op: 'inheritFd', slot: 'a', number: 4 },
      { op: 'inheritFd', slot: 'b', number: 3 },
    ]
    const { out } = await output(sh('cat <&4; cat <&3'), steps, { fds: { a, b } })
    expect(out).to.equal('ab')
    closeSync(a)
    closeSync(b)
    rmSync(dir, { recursive: true })
  })

  it('launch() resolves targets beneath the root, whatever links say', async () => {
    const root = mkdtempSync(join(tmpdir(), 'iso-root-'))
    symlinkSync('/etc', join(root, 'escape'))
    const { openSync, closeSync } = await import('node:fs')
    const fd = openSync(root, 'r')
    const before = readdirSync('/etc').length
    const made: Step[] = [{ op: 'makeFile', in: 'root', path: 'escape/iso-was-here', data: 'x', mode: 0o644 }]
    // Inside, /escape leads to /etc of the root, which is missing.
    const error = await failure(['true'], [...isolated, ...made], { fds: { root: fd } })
    expect(error.errnoName).to.equal('ENOTDIR')
    mkdirSync(join(root, 'etc'))
    await output(['true'], [...isolated, ...made], { fds: { root: fd } })
    expect(existsSync(join(root, 'etc/iso-was-here'))).to.equal(true)
    expect(readdirSync('/etc').length).to.equal(before)
    closeSync(fd)
    rmSync(root, { recursive: true })
  })

  it('launch() ends what a program leaves behind, pid namespace or not', async () => {
    const { out } = await output(sh('sleep 300 >/dev/null 2>&1 & echo $!'))
    await until(() => !alive(Number(out)))
  })

  it('launch() gives a terminal that answers, knows its size and hangs up', async () => {
    const child = await launch(sh('tty; stty size; read line; echo "got $line"'), [], {
      env: PATH,
      tty: { rows: 33, columns: 99 },
    })
    let seen = ''
    child.terminal?.on('data', (chunk: Buffer) => (seen += String(chunk)))
    await until(() => seen.includes('33 99'))
    child.terminal?.write('hello\n')
    await child.exit
    await until(() => seen.includes('got hello'))
    expect(seen).to.match(/\/dev\/pts\/\d+/)
    expect(child.stdout).to.equal(null)
    await child.close()
  })

  it('kill() signals the program and says whether there was one', async () => {
    const child = await launch(['sleep', '30'], [], { env: PATH })
    expect(child.kill('SIGINT')).to.equal(true)
    expect(await child.exit).to.include({ signal: 'SIGINT', cause: 'signal' })
    expect(child.kill()).to.equal(false)
    await child.close()
    await child.close()
  })

  it('launch() cleans up when the supervisor is killed', async () => {
    const at = `/sys/fs/cgroup/pids/iso-lost-${process.pid}`
    const child = await launch(
      ['sleep', '300'],
      [
        ...isolated,
        { op: 'cgroupCreate', path: at, slot: 'pids' },
        { op: 'writeFile', side: 'child', in: 'pids', path: 'tasks', data: '0' },
      ],
      { env: PATH }
    )
    const { pid } = child
    process.kill(supervisorOf(child), 'SIGKILL')
    const error = await child.exit.then(
      () => undefined,
      (e: unknown) => e as IsoError
    )
    expect(error?.code).to.equal('ISO_SUPERVISOR_LOST')
    await child.close()
    expect([alive(pid), existsSync(at)]).to.deep.equal([false, false])
  })

  it('launch() leaves nothing when Node is killed, while it runs and in the middle of a launch', async () => {
    const at = `/sys/fs/cgroup/pids/iso-orphan-${process.pid}`
    const script = (extra: string) => `
      import { launch } from ${JSON.stringify(new URL('../index.js', import.meta.url).href)}
      const steps = [{ op: 'clone', namespaces: ['pid', 'mnt'] }, { op: 'cgroupCreate', path: ${JSON.stringify(at)}, slot: 'p' }${extra}]
      const child = await launch(['sleep', '300'], steps, { env: { PATH: '/bin:/usr/bin' }, callbacks: { hang: () => { console.log(1); return new Promise(() => {}) } } })
      console.log(child.pid)
      setInterval(() => {}, 1000)`
    for (const extra of ['', ", { op: 'callback', name: 'hang' }"]) {
      const node = spawn(process.execPath, ['--input-type=module', '-e', script(extra)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const [line] = (await once(node.stdout, 'data')) as [Buffer]
      expect(existsSync(at)).to.equal(true)
      node.kill('SIGKILL')
      await until(() => !existsSync(at))
      if (extra === '') expect(alive(Number(String(line)))).to.equal(false)
    }
  })

  it('launch() lets a detached program outlive Node, and its supervisor cleans up later', async () => {
    const at = `/sys/fs/cgroup/pids/iso-detached-${process.pid}`
    const script = `
      import { launch } from ${JSON.stringify(new URL('../index.js', import.meta.url).href)}
      const child = await launch(['sleep', '0.6'], [{ op: 'cgroupCreate', path: ${JSON.stringify(at)}, slot: 'p' }], { env: { PATH: '/bin:/usr/bin' }, detached: true, stdin: 'ignore', stdout: 'ignore', stderr: 'ignore' })
      console.log(child.pid); process.exit(0)`
    const node = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(node.stdout, 'data')) as [Buffer]
    await once(node, 'exit')
    expect(alive(Number(String(line)))).to.equal(true)
    await until(() => !alive(Number(String(line))) && !existsSync(at))
  })

  it('launch() reports a failure although the seccomp filter allows the child nothing', async () => {
    // BPF: return KILL_PROCESS for everything but exit_group and execve, which get EPERM.
    const { arch } = process
    const [exitGroup, execve] = arch === 'x64' ? [231, 59] : [94, 221]
    const ins = (code: number, jt: number, jf: number, k: number) => {
      const b = Buffer.alloc(8)
      b.writeUInt16LE(code, 0)
      b[2] = jt
      b[3] = jf
      b.writeUInt32LE(k, 4)
      return b
    }
    const filter = Buffer.concat([
      ins(0x20, 0, 0, 0),
      ins(0x15, 2, 0, exitGroup),
      ins(0x15, 2, 0, execve),
      ins(0x06, 0, 0, 0x00050001),
      ins(0x06, 0, 0, 0x7fff0000),
      ins(0x06, 0, 0, 0x00050001),
    ])
    const error = await failure(['/bin/true'], [{ op: 'noNewPrivs' }, { op: 'seccomp', filter }])
    expect(error).to.include({ code: 'ISO_NOT_EXECUTABLE', errnoName: 'EPERM', syscall: 'execve' })
  })

  it('launch() leaves as many descriptors open as before', async () => {
    await output(['true'])
    const count = () => readdirSync('/proc/self/fd').length
    const before = count()
    for (let i = 0; i < 50; i++) {
      await output(['true'], isolated)
      await failure(['/no/such/program'], isolated)
    }
    await pause(20)
    expect(count()).to.be.at.most(before)
  })

  it('launch() runs many at once', async () => {
    const results = await Promise.all(Array.from({ length: 60 }, (_, i) => output(sh(`echo ${i}`), isolated)))
    expect(results.map(({ out }) => Number(out))).to.deep.equal(Array.from({ length: 60 }, (_, i) => i))
  })

  it('launch() works in Workers, and a Worker that is terminated takes its containers along', async () => {
    const script = `
      const { launch } = await import(${JSON.stringify(new URL('../index.js', import.meta.url).href)})
      const { parentPort } = await import('node:worker_threads')
      const child = await launch(['sleep', '300'], [], { env: { PATH: '/bin:/usr/bin' } })
      parentPort.postMessage(child.pid)
      await child.exit`
    const workers = [1, 2].map(() => new Worker(new URL(`data:text/javascript,${encodeURIComponent(script)}`)))
    const pids = await Promise.all(workers.map(async (worker) => ((await once(worker, 'message')) as [number])[0]))
    expect(pids.map(alive)).to.deep.equal([true, true])
    await Promise.all(workers.map((worker) => worker.terminate()))
    await until(() => !pids.some(alive))
  })

  it('launch() works where executable memfds are forbidden, from a read-only mount of the file', async () => {
    // vm.memfd_noexec belongs to the pid namespace: a strict one is made here, and another Node launches inside it.
    const script = `
      import { launch, shutdown } from ${JSON.stringify(new URL('../index.js', import.meta.url).href)}
      import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
      const child = await launch(['echo', 'strict'], [], { env: { PATH: '/bin:/usr/bin' } })
      for await (const chunk of child.stdout) process.stdout.write(chunk)
      const launcher = readdirSync('/proc/self/task').map((task) => readFileSync('/proc/self/task/' + task + '/children', 'utf8').trim()).join('')
      console.log(readlinkSync('/proc/' + launcher + '/exe').includes('memfd'))
      await child.close()
      shutdown()`
    const strict: Step[] = [
      { op: 'clone', namespaces: ['pid', 'mnt'] },
      { op: 'propagation', path: '/', propagation: 'private', recursive: true },
      { op: 'mount', fstype: 'proc', source: 'proc', path: '/proc' },
      { op: 'writeFile', side: 'child', path: '/proc/sys/vm/memfd_noexec', data: '2', readback: '2' },
    ]
    const { out } = await output([process.execPath, '--input-type=module', '-e', script], strict)
    expect(out.split('\n')).to.deep.equal(['strict', 'false'])
  })

  // Children of a process, by the name they gave themselves.
  const childrenOf = (parent: number, comm: string): number[] =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => {
        try {
          const status = readFileSync(`/proc/${pid}/status`, 'utf8')
          return status.includes(`PPid:\t${parent}\n`) && readFileSync(`/proc/${pid}/comm`, 'utf8') === `${comm}\n`
        } catch {
          return false
        }
      })

  it('launch() starts the launcher again when somebody killed it, and its spare supervisor goes with it', async () => {
    await output(['true'])
    const launcher = childrenOf(process.pid, 'iso-launcher')[0] as number
    await until(() => childrenOf(launcher, 'iso-supervisor').length === 1)
    const spare = childrenOf(launcher, 'iso-supervisor')[0] as number
    expect(readlinkSync(`/proc/${launcher}/exe`)).to.contain('memfd:iso-init')
    process.kill(launcher, 'SIGKILL')
    await until(() => !alive(launcher) && !alive(spare))
    expect((await output(sh('echo back'))).out).to.equal('back')
  })

  it('launch() has another spare supervisor when somebody killed the one that waits', async () => {
    await output(['true'])
    const launcher = childrenOf(process.pid, 'iso-launcher')[0] as number
    await until(() => childrenOf(launcher, 'iso-supervisor').length === 1)
    const spare = childrenOf(launcher, 'iso-supervisor')[0] as number
    process.kill(spare, 'SIGKILL')
    await until(() => childrenOf(launcher, 'iso-supervisor').some((pid) => pid !== spare))
    expect((await output(sh('echo again'))).out).to.equal('again')
  })
})
