import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { requires } from '@iso/testing'
import { expect } from 'chai'

import { iso, MAIN, Session } from './iso.test.support.js'

describe('iso run -it', () => {
  before(function () {
    requires(this, 'root', { program: 'bash' }, { program: 'setsid' }, { program: 'stty' })
  })

  let session: Session | undefined
  afterEach(() => {
    session?.close()
    session = undefined
  })

  const shell = async (...options: string[]): Promise<Session> => {
    session = Session.start(['run', '-it', '-e', 'PS1=ready> ', ...options, 'host', 'sh'])
    await session.see(/ready> /)
    return session
  }

  it('iso run -it answers what is typed, with its limits in force', async () => {
    const it = await shell('--cpus=1', '-m=2048m', '--pids-limit=1000', '--hostname=box')
    it.type('echo "pid=$$ host=$(hostname) tty=$(tty) term=$TERM"\n')
    await it.see(/pid=1 host=box tty=\/dev\/pts\/0 term=xterm/)
    it.type('cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null\n')
    await it.see(/2147483648/)
    it.type('exit 7\n')
    expect(await it.exit).to.equal(7)
  })

  it('iso run -it knows the size of the window, and its changes', async () => {
    const it = await shell()
    it.type('stty size\n')
    await it.see(/\n24 80\r/)
    it.resize(40, 132)
    await until(async () => {
      it.type('stty size\n')
      await it.see(/\n40 132\r/, 500)
    })
    it.type('exit\n')
    expect(await it.exit).to.equal(0)
  })

  it('iso run -it gives Ctrl-C, Ctrl-Z and Ctrl-D to the program', async () => {
    const it = await shell()
    it.type('sleep 1000\n')
    await it.see(/sleep 1000\r\n/)
    await new Promise((resolve) => setTimeout(resolve, 200)) // until it is in the foreground
    it.type('\x03')
    await it.see(/ready> /)
    it.type('echo "ended with $?"\n')
    await it.see(/ended with 130/)
    it.type('sleep 1001\n')
    await it.see(/sleep 1001\r\n/)
    await new Promise((resolve) => setTimeout(resolve, 200))
    it.type('\x1a')
    await it.see(/Stopped[^]*ready> /)
    it.type('kill -KILL %1; wait\n') // a shell does not end while jobs are stopped
    await it.see(/ready> /)
    it.type('cat\n')
    it.type('one line\n')
    await it.see(/one line\r\none line\r\n/)
    it.type('\x04')
    await it.see(/ready> /)
    it.type('\x04')
    expect(await it.exit).to.equal(0)
  })

  it('iso run -it sets the terminal raw, and back when it ends', async () => {
    session = Session.start(['run', '-it', '-e', 'PS1=ready> ', 'host', 'sh'])
    const before = session.modes()
    await session.see(/ready> /)
    expect(session.modes()).not.to.equal(before)
    session.type('exit\n')
    await session.exit
    expect(session.modes()).to.equal(before)
  })

  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) {
    it(`iso run -it sets the terminal back when ${signal} ends it, and takes the container along`, async () => {
      session = Session.start(['run', '-it', '--stop-timeout=0.2', '-e', 'PS1=ready> ', 'host', 'sh'])
      const before = session.modes()
      await session.see(/ready> /)
      process.kill(session.pid, signal)
      expect(await session.exit).to.equal(137) // a shell that is PID 1 ignores SIGTERM
      expect(session.modes()).to.equal(before)
    })
  }

  it('iso run -it sends --stop-signal when it is asked to end', async () => {
    session = Session.start([
      'run',
      '-it',
      '--stop-signal=USR1',
      'host',
      'sh',
      '-c',
      'trap "exit 9" USR1; echo waiting; while :; do sleep 0.05; done',
    ])
    await session.see(/waiting/)
    process.kill(session.pid, 'SIGTERM')
    expect(await session.exit).to.equal(9)
  })

  it('enterRawMode() sets the terminal back when the program crashes', async () => {
    const module = fileURLToPath(new URL('../tty/raw-mode.js', import.meta.url))
    const script = `import { enterRawMode } from ${JSON.stringify(module)}; enterRawMode(0); console.log('raw'); setTimeout(() => { throw new Error('crash') }, 300)`
    session = Session.start([], undefined, [process.execPath, '--input-type=module', '-e', script])
    const before = session.modes()
    await session.see(/raw/)
    expect(session.modes()).not.to.equal(before)
    expect(await session.exit).to.equal(1)
    expect(session.modes()).to.equal(before)
  })

  it('iso run -t without -i shows a terminal and reads none', async () => {
    const { code, stdout } = await iso(['run', '-t', 'host', 'sh', '-c', 'tty; stty size'], { input: 'ignored' })
    expect(stdout).to.equal('/dev/pts/0\r\n0 0\r\n')
    expect(code).to.equal(0)
  })

  it('iso run -t hangs up on the program when nobody reads its output', async () => {
    const script = '"$0" "$@" | head -n 1; exit "${PIPESTATUS[0]}"'
    const { stdout, status } = spawnSync('bash', ['-c', script, process.execPath, MAIN, 'run', '-t', 'host', 'yes'], {
      encoding: 'utf8',
    })
    expect(stdout).to.equal('y\r\n')
    expect(status).to.be.oneOf([1, 137]) // yes says that it cannot write
  })

  it("iso run -it without a terminal says so in Docker's words", async () => {
    expect(await iso(['run', '-it', 'host', 'true'])).to.deep.equal({
      code: 125,
      signal: null,
      stdout: '',
      stderr: 'iso: the input device is not a TTY\n',
    })
  })

  it('iso run without -t hands no terminal in', async () => {
    session = Session.start([
      'run',
      '-i',
      'host',
      'sh',
      '-c',
      'test -t 0 || test -t 1 || test -t 2 || echo none; cat; echo over',
    ])
    await session.see(/none/)
    session.type('a line\n')
    await session.see(/a line\r\na line\r\n/)
    session.type('\x04') // the end of the input goes through
    await session.see(/over/)
    expect(await session.exit).to.equal(0)
  })

  it('iso run passes a lot of output through the terminal whole', async () => {
    // A shell leads the session, as in life: when the leader ends the kernel throws away what was not read yet.
    const leader = ['sh', '-c', '"$@"; echo "status $?"; read line', 'sh', process.execPath, MAIN]
    session = Session.start(['run', '-t', 'host', 'seq', '1', '50000'], undefined, leader)
    await session.see(/\n50000\r+\nstatus 0\r\n/) // \r twice: without -i the caller's terminal stays as it is, and adds its own
    expect(session.screen.split('\n').length).to.equal(50002)
    session.type('\n')
    await session.exit
  })
})

async function until(attempt: () => Promise<unknown>): Promise<void> {
  for (let left = 10; ; left--) {
    try {
      return void (await attempt())
    } catch (error) {
      if (left === 0) throw error
    }
  }
}
