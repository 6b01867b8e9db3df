// A program stands for QEMU here: it speaks as the agent does, or fails to.
import { expect } from 'chai'
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

import { InfrastructureError } from '../infrastructure-error.mjs'
import { Machine } from './machine.mjs'

const AGENT = `#!${process.execPath}
const { Socket } = require('node:net')
const { writeFileSync } = require('node:fs')
const log = process.argv[process.argv.indexOf('-serial') + 1].slice('file:'.length)
const host = new Socket({ fd: 3 })
const frame = (letter, text = '') => {
  const head = Buffer.alloc(5)
  head.write(letter)
  head.writeUInt32LE(text.length, 1)
  host.write(Buffer.concat([head, Buffer.from(text)]))
}
writeFileSync(log, 'line 1\\r\\nkernel says so\\r\\n')
BEHAVIOUR
`
const ANSWER = `
frame('R', '6.0-fake')
host.on('data', (data) => {
  if (data[0] === 81) { frame('Q'); host.on('end', () => process.exit(0)); return }
  frame('O', 'out')
  frame('E', 'err')
  frame('X', '\\0\\x07\\0\\0')
})`

describe('Machine', function () {
  this.timeout(30_000)
  const { PATH: path, TMPDIR: temporary } = process.env
  let directory
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'iso-machine-'))
    process.env.PATH = `${directory}${delimiter}${path}`
    process.env.TMPDIR = directory
  })
  afterEach(() => {
    process.env.PATH = path
    if (temporary === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = temporary
    const left = readdirSync(directory).filter((name) => name.startsWith('iso-test-vm-'))
    rmSync(directory, { recursive: true })
    expect(left).to.deep.equal([])
  })

  function boot(behaviour, options = {}) {
    const program = join(directory, 'qemu-system-x86_64')
    writeFileSync(program, AGENT.replace('BEHAVIOUR', behaviour))
    chmodSync(program, 0o755)
    const kernel = { vmlinux: '/no/such/kernel', modules: [] }
    return Machine.boot({ kernel, accelerator: 'tcg', log: join(directory, 'log'), bootMs: 10_000, ...options })
  }

  async function refusal(promise) {
    const error = await promise.then(
      () => undefined,
      (one) => one
    )
    expect(error).to.be.instanceOf(InfrastructureError)
    return error.message
  }

  it('run() returns output and exit code, close() ends the machine', async () => {
    const machine = await boot(ANSWER)
    expect(machine.release).to.equal('6.0-fake')
    const streams = []
    const found = await machine.run(['true'], { deadlineMs: 5000, onOutput: (chunk, stream) => streams.push(stream) })
    expect(found).to.deep.equal({ code: 7, output: 'outerr' })
    expect(streams).to.deep.equal(['stdout', 'stderr'])
    await machine.close()
    await machine.kill()
  })

  it('boot() is an infrastructure failure with the end of the log where the machine ends', async () => {
    const message = await refusal(boot("process.stderr.write('no such machine'); process.exitCode = 3; host.destroy()"))
    expect(message).to.match(/ended with status 3 before it answered\nQEMU: no such machine\n[^]*kernel says so$/)
  })

  it('run() is an infrastructure failure where no exit is reported, even if the machine powers off in order', async () => {
    const machine = await boot(
      "frame('R', 'x'); host.on('data', () => { frame('O', '9 passed, 0 failed'); host.end(); setTimeout(() => process.exit(0), 50) })"
    )
    expect(await refusal(machine.run(['true'], { deadlineMs: 5000 }))).to.include(
      'ended with status 0 before it answered'
    )
  })

  it('run() and boot() give up after their time', async () => {
    expect(await refusal(boot('', { bootMs: 500 }))).to.include('did not boot within 0.5 s')
    const machine = await boot("frame('R', 'x'); host.resume()")
    expect(await refusal(machine.run(['sleep', '9'], { deadlineMs: 200 }))).to.include(
      'did not run sleep 9 within 0.2 s'
    )
    await machine.kill()
  })

  it('boot() and run() end when they are aborted', async () => {
    const abort = new AbortController()
    const machine = await boot("frame('R', 'x'); host.resume()", { signal: abort.signal })
    const running = refusal(machine.run(['sleep', '9'], { deadlineMs: 5000 }))
    abort.abort(new InfrastructureError('Ended by SIGINT'))
    expect(await running).to.equal('Ended by SIGINT')
    await machine.kill()
    expect(await refusal(boot(ANSWER, { signal: abort.signal }))).to.equal('Ended by SIGINT')
  })
})
