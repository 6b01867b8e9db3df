import { expect } from 'chai'
import { existsSync, mkdtempSync, openSync, closeSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { IsoError } from '../iso-error.js'
import type { Step } from '../operations.gen.js'
import { closeFd } from '../syscalls/open.js'
import { pidfdSendSignal } from '../syscalls/pidfd.js'
import { create, start } from './create.js'
import { undo } from './launch.js'

function alive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
const parentOf = (pid: number) => Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 5000; !condition(); await new Promise((r) => setTimeout(r, 5)))
    if (Date.now() > end) throw new Error('it did not come to pass')
}
const env = { PATH: '/usr/bin:/bin' }

describe('create()', () => {
  let dir: string
  // Longer than the 107 bytes a socket address takes.
  const socket = () => join(dir, 'x'.repeat(60), 'y'.repeat(60), 'start.sock')
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'iso-create-'))
    const { mkdirSync } = await import('node:fs')
    mkdirSync(join(socket(), '..'), { recursive: true })
  })
  afterEach(() => rmSync(dir, { recursive: true }))

  it('create() leaves the container parked with no process of ours above it, and start() runs it', async () => {
    const out = openSync(join(dir, 'out'), 'w')
    const steps: Step[] = [
      { op: 'clone', namespaces: ['uts', 'pid'] },
      { op: 'hostname', name: 'created' },
    ]
    const made = await create(socket(), ['sh', '-c', 'hostname; echo $$'], steps, {
      env,
      stdin: 'ignore',
      stdout: out,
      stderr: 'ignore',
    })
    closeSync(out)
    expect(statSync(socket()).mode & 0o777).to.equal(0o600)
    await until(() => !readFileSync(`/proc/${parentOf(made.pid)}/comm`, 'utf8').startsWith('iso-'))
    expect(alive(made.pid)).to.equal(true)
    expect(readFileSync(join(dir, 'out'), 'utf8')).to.equal('')
    await start(socket())
    await until(() => !alive(made.pid))
    expect(readFileSync(join(dir, 'out'), 'utf8')).to.equal('created\n1\n')
    await undo(JSON.parse(JSON.stringify(made.undo)) as Step[])
    expect(existsSync(socket())).to.equal(false)
    await undo(made.undo) // a second time finds nothing to do
    closeFd(made.pidfd)
  })

  it('start() reports why the program cannot be executed', async () => {
    const made = await create(socket(), ['/no/such/program'], [{ op: 'clone', namespaces: ['uts'] }], {
      env,
      stdin: 'ignore',
      stdout: 'ignore',
      stderr: 'ignore',
    })
    const error = await start(socket()).then(
      () => undefined,
      (e: unknown) => e as IsoError
    )
    expect(error).to.include({ code: 'ISO_NOT_FOUND', errnoName: 'ENOENT', path: '/no/such/program' })
    await until(() => !alive(made.pid))
    const again = await start(socket()).then(
      () => undefined,
      (e: unknown) => e as IsoError
    )
    expect(again?.code).to.equal('ISO_NOT_PARKED')
    await undo(made.undo)
    closeFd(made.pidfd)
  })

  it('undo() removes the cgroup of a created container that was killed before its start', async () => {
    const path = `/sys/fs/cgroup/pids/iso-create-${process.pid}`
    const steps: Step[] = [
      { op: 'cgroupCreate', path, slot: 'p' },
      { op: 'writeFile', side: 'child', in: 'p', path: 'tasks', data: '0' },
    ]
    const made = await create(socket(), ['sleep', '300'], steps, {
      env,
      stdin: 'ignore',
      stdout: 'ignore',
      stderr: 'ignore',
    })
    expect(existsSync(path)).to.equal(true)
    pidfdSendSignal(made.pidfd, 'SIGKILL')
    await undo(made.undo)
    expect([existsSync(path), existsSync(socket())]).to.deep.equal([false, false])
    closeFd(made.pidfd)
  })

  it('create() leaves nothing where a step fails', async () => {
    const error = await create(socket(), ['true'], [{ op: 'unmount', path: '/no/such' }], {
      env,
      stdin: 'ignore',
    }).then(
      () => undefined,
      (e: unknown) => e as IsoError
    )
    expect(error?.code).to.equal('ISO_STEP')
    expect(existsSync(socket())).to.equal(false)
  })
})
