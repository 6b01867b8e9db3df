import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'

import { requires } from '../requires.js'
import { LeakCheck } from './leak-check.js'

const IMPATIENT = { patienceMs: 0 }

describe('LeakCheck', () => {
  it('LeakCheck finds nothing where nothing was left', async () => {
    const check = new LeakCheck()
    expect((await check.check()).leaks).to.deep.equal([])
  })

  it('LeakCheck finds a descriptor', async () => {
    const check = new LeakCheck(IMPATIENT)
    const descriptor = openSync('/dev/null', 'r')
    const { leaks } = await check.check()
    closeSync(descriptor)
    expect(leaks).to.deep.equal([{ kind: 'descriptor', name: `${descriptor} -> /dev/null`, own: true }])
  })

  it('LeakCheck finds a child process', async () => {
    const check = new LeakCheck(IMPATIENT)
    const child = spawn('sleep', ['60'], { stdio: 'ignore' })
    await once(child, 'spawn')
    const { leaks } = await check.check()
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(leaks.map(({ kind, name }) => [kind, Number.parseInt(name)])).to.deep.equal([['process', child.pid]])
  })

  it('LeakCheck finds a process that was orphaned after it was seen', async () => {
    const check = new LeakCheck(IMPATIENT)
    const shell = spawn('sh', ['-c', 'sleep 60 & echo $!; read line'], { stdio: ['pipe', 'pipe', 'ignore'] })
    const [printed] = (await once(shell.stdout, 'data')) as [Buffer]
    const orphan = Number(printed.toString())
    check.observe()
    shell.stdin.end()
    await once(shell, 'exit')
    const { leaks } = await check.check()
    process.kill(orphan, 'SIGKILL')
    expect(
      leaks.filter(({ kind, own }) => kind === 'process' && own).map(({ name }) => Number.parseInt(name))
    ).to.include(orphan)
  })

  it('LeakCheck waits for what is on its way out', async () => {
    const check = new LeakCheck({ patienceMs: 5000 })
    const child = spawn('sleep', ['0.3'], { stdio: 'ignore' })
    await once(child, 'spawn')
    expect((await check.check()).leaks).to.deep.equal([])
  })

  describe('as root', () => {
    before(function () {
      requires(this, 'root', { capability: 'CAP_SYS_ADMIN' })
    })

    it('LeakCheck finds a mount', async () => {
      const directory = mkdtempSync(join(tmpdir(), 'iso-leak-'))
      const check = new LeakCheck(IMPATIENT)
      execFileSync('mount', ['-t', 'tmpfs', 'leak', directory])
      const { leaks } = await check.check()
      execFileSync('umount', [directory])
      rmdirSync(directory)
      expect(leaks).to.deep.equal([{ kind: 'mount', name: `${directory} (tmpfs leak, root /)`, own: true }])
    })

    it('LeakCheck finds a namespace in strict mode', async () => {
      const check = new LeakCheck({ ...IMPATIENT, strict: true })
      const child = spawn('unshare', ['--uts', 'sleep', '60'], { stdio: 'ignore' })
      await once(child, 'spawn')
      await waitForProgram(child.pid ?? 0, 'sleep')
      const { leaks } = await check.check()
      child.kill('SIGKILL')
      await once(child, 'exit')
      expect(leaks.some(({ kind, name }) => kind === 'namespace' && name.startsWith('uts:'))).to.equal(true)
    })

    it('LeakCheck finds System V memory in strict mode', async () => {
      const check = new LeakCheck({ ...IMPATIENT, strict: true })
      const id = /: (\d+)/.exec(execFileSync('ipcmk', ['-M', '4096'], { encoding: 'utf8' }))?.[1] ?? ''
      const { leaks } = await check.check()
      execFileSync('ipcrm', ['-m', id])
      expect(leaks.map(({ name }) => name)).to.include(`shm id ${id}`)
    })
  })
})

async function waitForProgram(pid: number, name: string): Promise<void> {
  while (spawnSync('ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim() !== name) {
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
