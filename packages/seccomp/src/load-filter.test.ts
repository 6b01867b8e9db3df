import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { requires } from '@iso/testing'
import { expect } from 'chai'

import { ARCHES, type Arch, nativeArch } from './arch.js'
import { CProgram } from './c-program.test.js'
import { compile } from './compile.js'
import type { Profile } from './profile.js'

const [EPERM, ENOSYS] = [1, 38]
const X32_GETPID = 0x40000000 + 39

// Filters loaded into real processes: what the kernel says.
describe('compile and the kernel', () => {
  let helper: CProgram
  before(function () {
    this.timeout(30_000)
    requires(this, { program: 'gcc' })
    helper = new CProgram('load-filter.c')
  })
  after(() => helper?.close())

  it('compile() makes a filter under which programs run', () => {
    const { stdout, status } = run(
      'default',
      'exec',
      '/bin/sh',
      '-c',
      'echo "$((6 * 7))"; ls / > /dev/null; grep Seccomp: /proc/self/status | cut -f 2'
    )
    expect({ status, stdout }).to.deep.equal({ status: 0, stdout: '42\n2\n' })
  })

  it('compile() makes a filter that answers EPERM for mount, ENOSYS for clone3 and for calls nobody knows', () => {
    expect(errnoOf('default', 'mount')).to.equal(EPERM)
    expect(errnoOf('default', 'clone3')).to.equal(ENOSYS)
    expect(errnoOf('default', 900)).to.equal(ENOSYS)
    expect(errnoOf('default', 'getpid')).to.equal(0)
  })

  it('compile() makes a filter that looks at arguments', () => {
    expect(errnoOf('default', 'socket', 38, 5, 0)).to.equal(EPERM)
    expect(errnoOf('default', 'socket', 40, 1, 0)).to.equal(EPERM)
    expect(errnoOf('default', 'socket', 2, 1, 0)).to.equal(0)
    expect(errnoOf('default', 'personality', '0xffffffff')).to.equal(0)
    expect(errnoOf('default', 'personality', '0x0040000')).to.equal(EPERM)
    const high: Profile = {
      defaultAction: 'SCMP_ACT_ALLOW',
      syscalls: [
        {
          names: ['getpid'],
          action: 'SCMP_ACT_ERRNO',
          errnoRet: 7,
          args: [{ index: 5, value: '18446744073709551614', op: 'SCMP_CMP_GE' }],
        },
      ],
    }
    expect(errnoOf(high, 'getpid', 0, 0, 0, 0, 0, '0xfffffffffffffffe')).to.equal(7)
    expect(errnoOf(high, 'getpid', 0, 0, 0, 0, 0, '0xfffffffffffffffd')).to.equal(0)
  })

  it('compile() makes a filter that kills, traps and logs', () => {
    const doing = (action: 'SCMP_ACT_KILL_PROCESS' | 'SCMP_ACT_TRAP' | 'SCMP_ACT_LOG'): Profile => ({
      defaultAction: 'SCMP_ACT_ALLOW',
      syscalls: [{ names: ['getppid'], action }],
    })
    expect(run(doing('SCMP_ACT_KILL_PROCESS'), 'syscall', number('getppid')).signal).to.equal('SIGSYS')
    expect(run(doing('SCMP_ACT_TRAP'), 'syscall', number('getppid')).signal).to.equal('SIGSYS')
    expect(errnoOf(doing('SCMP_ACT_LOG'), 'getppid')).to.equal(0)
  })

  it('compile() makes a filter of the longest kind the kernel takes', () => {
    const args = Array.from({ length: 1015 }, (_, i) => ({ index: 0, value: i * 3 + 1, op: 'SCMP_CMP_EQ' as const }))
    const profile: Profile = {
      defaultAction: 'SCMP_ACT_ALLOW',
      syscalls: [{ names: ['getpid'], action: 'SCMP_ACT_ERRNO', errnoRet: 7, args }],
    }
    expect(compile(profile).length / 8).to.be.within(3500, 4096)
    expect([1, 2, 1014 * 3 + 1].map((value) => errnoOf(profile, 'getpid', value))).to.deep.equal([7, 0, 7])
  })

  it('compile() makes a filter that int 0x80 does not get round', function () {
    requires(this, { arch: 'x64' })
    // A kernel without IA32_EMULATION has no such gate: SIGSEGV, and this test fails.
    expect(run('default', 'int80', i386('getpid')).stdout).to.match(/^\d+ 0\n$/)
    expect(run('default', 'int80', i386('mount')).stdout).to.equal(`-1 ${EPERM}\n`)
    expect(run('default', 'int80', i386('socketcall'), 1).stdout).to.equal(`-1 ${ENOSYS}\n`)
    expect(run('default', 'int80', i386('socket'), 38, 5).stdout).to.equal(`-1 ${EPERM}\n`)
    expect(run({ defaultAction: 'SCMP_ACT_ALLOW' }, 'int80', i386('getpid')).signal).to.equal('SIGSYS')
  })

  it('compile() makes a filter that the x32 bit does not get round', function () {
    requires(this, { arch: 'x64' })
    expect(run('default', 'syscall', X32_GETPID).signal).to.equal('SIGSYS')
    expect(run('default', 'syscall', 521).stdout).to.equal(`-1 ${ENOSYS}\n`)
  })

  function run(
    profile: Profile | 'default',
    ...args: (string | number)[]
  ): { status: number | null; signal: string | null; stdout: string } {
    const file = join(helper.directory, 'filter')
    writeFileSync(file, compile(profile))
    const { status, signal, stdout, stderr } = spawnSync(helper.path, [file, '0', ...args.map(String)], {
      encoding: 'utf8',
    })
    if (stderr !== '') throw new Error(stderr)
    return { status, signal, stdout }
  }

  function errnoOf(profile: Profile | 'default', name: string | number, ...args: (string | number)[]): number {
    const { stdout, signal } = run(profile, 'syscall', typeof name === 'number' ? name : number(name), ...args)
    expect(signal).to.equal(null)
    return Number(stdout.trim().split(' ')[1])
  }
})

function number(name: string, arch: Arch = nativeArch()): number {
  return ARCHES[arch].syscalls[name] as number
}

function i386(name: string): number {
  return number(name, 'i386')
}
