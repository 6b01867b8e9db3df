import { expect } from 'chai'
import { readSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { closeFd, dupFd, recvFds } from '@iso/native'
import { requires } from '@iso/testing'
import { leftCgroups } from '../container.test.support.js'
import { Bench, bundleCommand, COMMAND } from './command.test.support.js'

/** Somebody who waits at a socket for one descriptor, as conmon and the shim of containerd do. */
function receiver(path: string): Promise<{ data: string; fd: number }> {
  return new Promise((resolve, reject) => {
    const server = createServer({ pauseOnConnect: true }, (socket) => {
      const own = dupFd((socket as Socket & { _handle: { fd: number } })._handle.fd)
      socket.destroy()
      server.close()
      const poll = () => {
        const message = recvFds(own, 65_536)
        if (message === null) return void setTimeout(poll, 5)
        closeFd(own)
        const [fd] = message.fds
        if (fd === undefined) reject(new Error('no descriptor came'))
        else resolve({ data: String(message.data), fd })
      }
      poll()
    })
    server.listen(path)
  })
}

describe('iso-runtime descriptors that are handed over', function () {
  this.timeout(60_000)
  let bench: Bench
  before(function () {
    requires(this, 'root')
    bundleCommand()
    bench = new Bench()
  })
  after(() => {
    bench.remove()
    expect(leftCgroups(bench.prefix)).to.deep.equal([])
  })

  // Not in the foreground: this process has to take what comes.
  const run = (...words: string[]) =>
    new Promise<number | null>((resolve) =>
      spawn(process.execPath, [COMMAND, '--root', bench.root, ...words], { stdio: ['ignore', 'ignore', 'inherit'] }).on(
        'exit',
        resolve
      )
    )
  const readAll = async (fd: number, wanted: RegExp) => {
    let text = ''
    const buffer = Buffer.alloc(4096)
    for (const end = Date.now() + 10_000; !wanted.test(text) && Date.now() < end;) {
      await new Promise((resolve) => setTimeout(resolve, 10))
      try {
        text += buffer.toString('utf8', 0, readSync(fd, buffer))
      } catch {
        break // EIO: the program has ended
      }
    }
    return text
  }

  it('create --console-socket hands over the terminal of the container, of the size that was asked for', async () => {
    const id = bench.id()
    const socket = join(bench.scratch, 'console.sock')
    const waiting = receiver(socket)
    const bundle = bench.bundle(({ process }) => {
      process!.terminal = true
      process!.consoleSize = { height: 33, width: 77 }
      process!.args = ['sh', '-c', 'tty; ls -la /dev/console | wc -l; stat -c %t:%T /dev/console; sleep 1']
    })
    expect(await run('create', '--console-socket', socket, '--bundle', bundle, id)).to.equal(0)
    const { fd } = await waiting
    expect(await run('start', id)).to.equal(0)
    expect(await readAll(fd, /88:/)).to.match(/^\/dev\/pts\/0\r\n1\r\n88:0\r\n/)
    closeFd(fd)
  })

  it('exec --detach --tty --console-socket does so for another program', async () => {
    const id = bench.id()
    const bundle = bench.bundle(({ process }) => (process!.args = ['sleep', '300']))
    expect(await run('run', '--detach', '--bundle', bundle, id)).to.equal(0)
    const socket = join(bench.scratch, 'exec.sock')
    const waiting = receiver(socket)
    expect(await run('exec', '--detach', '--tty', '--console-socket', socket, id, 'sh', '-c', 'tty; sleep 1')).to.equal(
      0
    )
    const { fd } = await waiting
    expect(await readAll(fd, /\n/)).to.equal('/dev/pts/0\r\n')
    closeFd(fd)
    expect(bench.run(['delete', '--force', id]).status).to.equal(0)
  })

  it('a terminal that nobody takes, and a socket without a terminal, are refused', () => {
    const tty = bench.bundle(({ process }) => (process!.terminal = true))
    expect(bench.run(['create', '--bundle', tty, bench.id()]).stderr).to.match(/nobody takes it/)
    const none = bench.bundle()
    const { stderr } = bench.run(['create', '--console-socket', '/no/such', '--bundle', none, bench.id()])
    expect(stderr).to.match(/process.terminal is false/)
  })

  it('the listener of a filter goes to listenerPath, with the state of the container', async () => {
    const id = bench.id()
    const socket = join(bench.scratch, 'seccomp.sock')
    const waiting = receiver(socket)
    const bundle = bench.bundle(({ process, linux }) => {
      process!.args = ['sleep', '300']
      linux!.seccomp = {
        defaultAction: 'SCMP_ACT_ALLOW',
        listenerPath: socket,
        listenerMetadata: 'mine',
        syscalls: [{ names: ['getpriority'], action: 'SCMP_ACT_NOTIFY' }],
      }
    })
    expect(await run('create', '--bundle', bundle, id)).to.equal(0)
    expect(await run('start', id)).to.equal(0)
    const { data, fd } = await waiting
    closeFd(fd)
    const message = JSON.parse(data) as { fds: string[]; metadata: string; pid: number; state: { id: string } }
    expect(message.fds).to.deep.equal(['seccompFd'])
    expect(message.metadata).to.equal('mine')
    expect(message.pid).to.equal(bench.state(id).pid)
    expect(message.state.id).to.equal(id)
    expect(bench.run(['delete', '--force', id]).status).to.equal(0)
  })
})
