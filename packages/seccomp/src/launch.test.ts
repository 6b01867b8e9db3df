import { text } from 'node:stream/consumers'

import { launch, type Step } from '@iso/native'
import { requires } from '@iso/testing'
import { expect } from 'chai'

import type { Profile } from './profile.js'
import { seccomp } from './seccomp.js'

const PROMISE: Step = { op: 'noNewPrivs' }
const EVERYTHING_DENIED: Profile = {
  defaultAction: 'SCMP_ACT_ERRNO',
  syscalls: [{ names: ['execve'], action: 'SCMP_ACT_ALLOW' }],
}

describe('seccomp in a launched program', () => {
  before(function () {
    requires(this, 'root', { program: 'unshare' })
  })

  it('seccomp() refuses new namespaces to a program with every capability', async () => {
    expect(await run(['unshare', '--mount', 'true'], [])).to.include({ exitCode: 0 })
    const { exitCode, said } = await run(['unshare', '--mount', 'true'], [PROMISE, ...seccomp()])
    expect(exitCode).to.equal(1)
    expect(said).to.include('unshare failed: Operation not permitted')
  })

  it('seccomp() is in force without no_new_privs too', async () => {
    const { said } = await run(['grep', '-E', 'NoNewPrivs|Seccomp:|Seccomp_filters', '/proc/self/status'], seccomp())
    expect(said.replace(/\t/g, ' ')).to.equal('NoNewPrivs: 0\nSeccomp: 2\nSeccomp_filters: 1\n')
  })

  it('seccomp() narrows: a second filter cannot give back what the first took', async () => {
    const allowing: Profile = { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [] }
    expect(await run(['unshare', '--mount', 'true'], [PROMISE, ...seccomp(), ...seccomp(allowing)])).to.include({
      exitCode: 1,
    })
  })

  it('seccomp() kills the program where the profile says so', async () => {
    const killing: Profile = {
      defaultAction: 'SCMP_ACT_ALLOW',
      syscalls: [{ names: ['unshare'], action: 'SCMP_ACT_KILL_PROCESS' }],
    }
    expect(await run(['unshare', '--mount', 'true'], [PROMISE, ...seccomp(killing)])).to.include({
      exitCode: null,
      signal: 'SIGSYS',
    })
  })

  it('seccomp() of a hostile profile ends with a status, not with a hanging launch', async () => {
    const { exitCode, signal } = await run(['true'], [PROMISE, ...seccomp(EVERYTHING_DENIED)])
    expect(exitCode === 0 && signal === null).to.equal(false)
  })

  async function run(
    argv: string[],
    steps: Step[]
  ): Promise<{ exitCode: number | null; signal: string | null; said: string }> {
    const child = await launch(argv, steps, { stdout: 'pipe', stderr: 'pipe', timeoutMs: 10_000 })
    try {
      const outputs = [child.stdout, child.stderr].map((stream) => text(stream as NodeJS.ReadableStream))
      const [{ exitCode, signal }, ...said] = await Promise.all([child.exit, ...outputs])
      return { exitCode, signal, said: said.join('') }
    } finally {
      await child.close()
    }
  }
})
