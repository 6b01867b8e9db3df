import { execFileSync } from 'node:child_process'

import { expect } from 'chai'

import { ARCHES } from './arch.js'
import { ask } from './ask.test.js'
import { compile, compileHere, contextKey } from './compile.js'
import { contextOf } from './compile-options.js'
import { SHIPPED } from './internal/shipped.gen.js'
import { defaultProfile } from './default-profile.js'
import type { Profile } from './profile.js'
import { simulate } from './simulate.js'

const { x86_64, i386, x32, aarch64, arm } = ARCHES

describe('compile', () => {
  it('compile() ships the default program as it would compile it, for each architecture it ships one for', () => {
    for (const arch of ['x86_64', 'aarch64'] as const) {
      const context = contextOf({ arch, kernel: '6.18.0' })
      expect(Object.hasOwn(SHIPPED, contextKey(defaultProfile, context)), arch).to.equal(true)
      expect(Buffer.from(compile('default', { arch, kernel: '6.18.0' }))).to.deep.equal(
        Buffer.from(compileHere(defaultProfile, context, {}))
      )
    }
    const wider = contextKey(defaultProfile, contextOf({ caps: ['CAP_SYS_ADMIN'] }))
    expect(Object.hasOwn(SHIPPED, wider), 'other capabilities ask for another program').to.equal(false)
  })

  it('compile() takes at most 5 ms for the default profile, 0.05 ms when it is known', () => {
    const copy = (): Profile => structuredClone(defaultProfile)
    const first = fastest(5, () => milliseconds(1, () => compile(copy(), { kernel: `6.${counter++}` })))
    const known = fastest(0.05, () => milliseconds(200, () => compile('default')))
    expect(first, 'first, ms').to.be.below(5)
    expect(known, 'known, ms').to.be.below(0.05)
  }).timeout(30_000)

  it('compile() takes few milliseconds in a process that has not run it before', function () {
    this.timeout(30_000)
    const script = `
      import { compile } from '${new URL('./compile.js', import.meta.url).href}'
      const start = performance.now()
      compile('default')
      console.log(performance.now() - start)`
    const once = (): number =>
      Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }))
    const cold = fastest(10, once)
    console.log(`      cold: ${cold.toFixed(1)} ms`)
    // 5 ms is the aim for the whole plan; a shared machine gets twice that before this fails.
    expect(cold).to.be.below(10)
  })

  it('compile() keeps one program for equal profiles and gives each caller a copy', () => {
    const profile = (): Profile => ({
      defaultAction: 'SCMP_ACT_ALLOW',
      syscalls: [{ names: ['mount'], action: 'SCMP_ACT_ERRNO' }],
    })
    const filter = compile(profile())
    filter.fill(0)
    expect(compile(profile())).to.not.deep.equal(filter)
  })

  it('compile() notices that a profile has changed', () => {
    const rule = { names: ['mount'], action: 'SCMP_ACT_ERRNO' as const, errnoRet: 1 }
    const profile: Profile = { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [rule] }
    expect(ask(profile, 'x86_64', 'mount')).to.equal('errno 1 (EPERM)')
    rule.errnoRet = 38
    expect(ask(profile, 'x86_64', 'mount')).to.equal('errno 38 (ENOSYS)')
  })

  it('compile() accepts capabilities in any spelling and in any order', () => {
    const filter = compile('default', { caps: ['CAP_SYS_ADMIN', 'CAP_SYSLOG'] })
    expect(compile('default', { caps: ['syslog', 'cap_sys_admin'] })).to.deep.equal(filter)
    expect(() => compile('default', { caps: ['-1'] })).to.throw(TypeError, 'Cannot read capability "-1"')
  })

  it('compile() refuses what it cannot compile for, and more than the kernel takes', () => {
    expect(() => compile('default', { arch: 'sparc' as 'arm' })).to.throw(RangeError, '"sparc": wanted one of x86_64')
    expect(() => compile('default', { kernel: 'latest' })).to.throw(TypeError, '"latest"')
    expect(() => compile('defualt' as 'default')).to.throw(TypeError, '"defualt"')
    const args = Array.from({ length: 2000 }, (_, i) => ({ index: 0, value: i * 2, op: 'SCMP_CMP_EQ' as const }))
    const long: Profile = {
      defaultAction: 'SCMP_ACT_ERRNO',
      syscalls: [{ names: ['read'], action: 'SCMP_ACT_ALLOW', args }],
    }
    expect(() => compile(long, { arch: 'x86_64' })).to.throw(RangeError, 'the kernel accepts 4096')
  })

  it('compile() returns the error numbers and messages of a profile', () => {
    const rules: Profile = {
      defaultAction: 'SCMP_ACT_TRACE',
      defaultErrnoRet: 9,
      syscalls: [
        { names: ['read'], action: 'SCMP_ACT_ERRNO' },
        { name: 'write', action: 'SCMP_ACT_ERRNO', errnoRet: 0 },
        { names: ['open'], action: 'SCMP_ACT_ERRNO', errno: 'ENOENT', errnoRet: 1 },
        { names: ['close'], action: 'SCMP_ACT_KILL' },
        { names: ['stat'], action: 'SCMP_ACT_NOTIFY' },
      ],
    }
    const answers = ['read', 'write', 'open', 'close', 'stat', 'fstat'].map((name) => ask(rules, 'x86_64', name))
    expect(answers).to.deep.equal([
      'errno 1 (EPERM)',
      'errno 0 (success)',
      'errno 2 (ENOENT)',
      'kill thread',
      'notify',
      'trace 9',
    ])
  })

  it('compile() lets an unconditional rule win, and the first of several', () => {
    const profile = (...actions: ('SCMP_ACT_LOG' | 'SCMP_ACT_ALLOW' | 'SCMP_ACT_TRAP')[]): Profile => ({
      defaultAction: 'SCMP_ACT_ERRNO',
      syscalls: actions.map((action) => ({
        names: ['read'],
        action,
        ...(action === 'SCMP_ACT_TRAP' && { args: [{ index: 0, value: 0, op: 'SCMP_CMP_EQ' as const }] }),
      })),
    })
    expect(ask(profile('SCMP_ACT_LOG', 'SCMP_ACT_ALLOW'), 'x86_64', 'read')).to.equal('log')
    expect(ask(profile('SCMP_ACT_ALLOW', 'SCMP_ACT_LOG'), 'x86_64', 'read')).to.equal('allow')
    expect(ask(profile('SCMP_ACT_TRAP', 'SCMP_ACT_ALLOW'), 'x86_64', 'read')).to.equal('allow')
    expect(ask(profile('SCMP_ACT_TRAP'), 'x86_64', 'read')).to.equal('trap')
  })

  it('compile() answers ENOSYS for calls newer than the profile, the default for gaps, and nothing new where all is allowed', () => {
    const profile: Profile = {
      defaultAction: 'SCMP_ACT_ERRNO',
      syscalls: [{ names: ['read', 'openat2'], action: 'SCMP_ACT_ALLOW' }],
    }
    expect(ask(profile, 'x86_64', 438)).to.equal('errno 38 (ENOSYS)')
    expect(ask(profile, 'x86_64', 436)).to.equal('errno 1 (EPERM)')
    expect(ask(profile, 'x86_64', 438, [], { newerCalls: 'default' })).to.equal('errno 1 (EPERM)')
    expect(ask({ ...profile, defaultAction: 'SCMP_ACT_ALLOW' }, 'x86_64', 438)).to.equal('allow')
    expect(ask(profile, 'x86_64', 0xffffffff)).to.equal('errno 38 (ENOSYS)')
    const onArm = { arch: 'arm' } as const
    const withPrivate: Profile = { ...profile, syscalls: [{ names: ['read', 'cacheflush'], action: 'SCMP_ACT_ALLOW' }] }
    expect([4, 500, 0xf0001, 0xf0002, 0xf0003].map((nr) => ask(withPrivate, 'arm', nr, [], onArm))).to.deep.equal([
      'errno 38 (ENOSYS)',
      'errno 38 (ENOSYS)',
      'errno 1 (EPERM)',
      'allow',
      'errno 38 (ENOSYS)',
    ])
  })

  it('compile() closes the x32 ABI: with its bit, and the stray numbers without it', () => {
    const denying: Profile = {
      defaultAction: 'SCMP_ACT_ALLOW',
      syscalls: [{ names: ['ptrace'], action: 'SCMP_ACT_ERRNO' }],
    }
    for (const profile of ['default', denying] as const) {
      expect(ask(profile, 'x86_64', x32.syscalls['read'] as number)).to.equal('kill process')
      expect(ask(profile, 'x86_64', x32.syscalls['ptrace'] as number)).to.equal('kill process')
      expect(ask(profile, 'x86_64', 521)).to.equal('errno 38 (ENOSYS)')
    }
    expect(ask(denying, 'x86_64', 0xfffffffe, [], { badArch: 'errno' })).to.equal('errno 1 (EPERM)')
    const listed = { ...denying, architectures: ['SCMP_ARCH_X32'] }
    expect(ask(listed, 'x86_64', x32.syscalls['read'] as number)).to.equal('allow')
    expect(ask(listed, 'x86_64', x32.syscalls['ptrace'] as number)).to.equal('errno 1 (EPERM)')
  })

  it('compile() judges int 0x80 by the numbers of i386, and kills what is not listed', () => {
    const denying: Profile = {
      defaultAction: 'SCMP_ACT_ALLOW',
      architectures: ['SCMP_ARCH_X86'],
      syscalls: [{ names: ['mount'], action: 'SCMP_ACT_ERRNO' }],
    }
    expect(ask(denying, 'i386', i386.syscalls['mount'] as number)).to.equal('errno 1 (EPERM)')
    expect(ask(denying, 'i386', x86_64.syscalls['mount'] as number)).to.equal('allow')
    expect(ask({ ...denying, architectures: [] }, 'i386', 'getpid')).to.equal('kill process')
    expect(
      [aarch64, arm].map(
        ({ audit }) => simulate(compile('default', { arch: 'x86_64' }), { arch: audit, nr: 0, args: [] }).action
      )
    ).to.deep.equal([0x80000000, 0x80000000])
  })

  it('compile() does not open socketcall for a socket rule with conditions, and closes it for one that refuses', () => {
    const only = (action: 'SCMP_ACT_ALLOW' | 'SCMP_ACT_ERRNO'): Profile => ({
      defaultAction: action === 'SCMP_ACT_ALLOW' ? 'SCMP_ACT_ERRNO' : 'SCMP_ACT_ALLOW',
      architectures: ['SCMP_ARCH_X86'],
      syscalls: [
        { names: ['socket'], action, args: [{ index: 0, value: 2, op: 'SCMP_CMP_EQ' }] },
        { names: ['bind', 'shmget'], action },
      ],
    })
    const ways = (profile: Profile): string[] => [
      ask(profile, 'i386', 'socket', [2n]),
      ask(profile, 'i386', 'socketcall', [1n]),
      ask(profile, 'i386', 'socketcall', [2n]),
      ask(profile, 'i386', 'ipc', [23n]),
      ask(profile, 'i386', 'ipc', [0x10017n]),
      ask(profile, 'i386', 'ipc', [1n]),
    ]
    const [no, yes] = ['errno 1 (EPERM)', 'allow']
    expect(ways(only('SCMP_ACT_ALLOW'))).to.deep.equal([yes, no, yes, yes, yes, no])
    expect(ways(only('SCMP_ACT_ERRNO'))).to.deep.equal([no, no, no, no, no, yes])
  })

  it('compile() reads a negative value as one of 32 bits on i386, and no other large one', () => {
    const profile = (op: 'SCMP_CMP_EQ' | 'SCMP_CMP_GE', value: string): Profile => ({
      defaultAction: 'SCMP_ACT_ERRNO',
      architectures: ['SCMP_ARCH_X86'],
      syscalls: [{ names: ['openat'], action: 'SCMP_ACT_ALLOW', args: [{ index: 0, op, value }] }],
    })
    const AT_FDCWD = String(BigInt.asUintN(64, -100n))
    expect(ask(profile('SCMP_CMP_EQ', AT_FDCWD), 'i386', 'openat', [0xffffff9cn])).to.equal('allow')
    expect(ask(profile('SCMP_CMP_EQ', AT_FDCWD), 'x86_64', 'openat', [0xffffff9cn])).to.equal('errno 1 (EPERM)')
    expect(ask(profile('SCMP_CMP_EQ', String(0xffffffff00000005n)), 'i386', 'openat', [5n])).to.equal('errno 1 (EPERM)')
    expect(ask(profile('SCMP_CMP_GE', String(1n << 32n)), 'i386', 'openat', [5n])).to.equal('errno 1 (EPERM)')
  })

  it('compile() applies a rule when all that it includes is there, and nothing that it excludes', () => {
    const rule = (more: object): Profile => ({
      defaultAction: 'SCMP_ACT_ERRNO',
      syscalls: [{ names: ['read'], action: 'SCMP_ACT_ALLOW', ...more }],
    })
    const cases: [more: object, applies: boolean][] = [
      [{ includes: { caps: ['CAP_BPF', 'CAP_KILL'] } }, true],
      [{ includes: { caps: ['CAP_BPF', 'CAP_CHOWN'] } }, false],
      [{ excludes: { caps: ['CAP_BPF', 'CAP_CHOWN'] } }, false],
      [{ excludes: { caps: ['CAP_CHOWN'] } }, true],
      [{ includes: { arches: ['arm64', 'amd64'] } }, true],
      [{ includes: { arches: ['arm64', 's390x'] } }, false],
      [{ excludes: { arches: ['amd64'] } }, false],
      [{ includes: { minKernel: '6.1' } }, true],
      [{ includes: { minKernel: '6.2' } }, false],
      [{ excludes: { minKernel: '5.19' } }, false],
      [{ excludes: { minKernel: '7.0' }, includes: { caps: ['CAP_KILL'], minKernel: '5.0' } }, true],
    ]
    for (const [more, applies] of cases) {
      const said = ask(rule(more), 'x86_64', 'read', [], { caps: ['BPF', 'KILL'], kernel: '6.1.0-rc1' })
      expect(said, JSON.stringify(more)).to.equal(applies ? 'allow' : 'errno 1 (EPERM)')
    }
  })

  it('compile() passes over a rule that says what happens anyway', () => {
    const profile: Profile = {
      defaultAction: 'SCMP_ACT_ERRNO',
      syscalls: [
        { names: ['read'], action: 'SCMP_ACT_ERRNO', errnoRet: 1 },
        { names: ['read'], action: 'SCMP_ACT_ALLOW', args: [{ index: 0, value: 3, op: 'SCMP_CMP_EQ' }] },
      ],
    }
    expect([3n, 4n].map((fd) => ask(profile, 'x86_64', 'read', [fd]))).to.deep.equal(['allow', 'errno 1 (EPERM)'])
  })

  it('compile() leaves socketcall closed where a profile refuses it by name, though it allows bind', () => {
    const refusing = (errnoRet: number): Profile => ({
      defaultAction: 'SCMP_ACT_ERRNO',
      architectures: ['SCMP_ARCH_X86'],
      syscalls: [
        { names: ['socketcall'], action: 'SCMP_ACT_ERRNO', errnoRet },
        { names: ['bind'], action: 'SCMP_ACT_ALLOW' },
      ],
    })
    expect(ask(refusing(1), 'i386', 'bind')).to.equal('allow')
    expect(ask(refusing(1), 'i386', 'socketcall', [2n])).to.equal('errno 1 (EPERM)')
    expect(ask(refusing(38), 'i386', 'socketcall', [2n])).to.equal('errno 38 (ENOSYS)')
  })

  it('compile() reads values of 64 bits as 64 bits: junk above a 32-bit argument needs a mask', () => {
    const deny = (op: 'SCMP_CMP_EQ' | 'SCMP_CMP_MASKED_EQ'): Profile => ({
      defaultAction: 'SCMP_ACT_ALLOW',
      syscalls: [
        {
          names: ['ioctl'],
          action: 'SCMP_ACT_ERRNO',
          args: [
            op === 'SCMP_CMP_EQ'
              ? { index: 1, op, value: 0x5412 }
              : { index: 1, op, value: 0xffffffff, valueTwo: 0x5412 },
          ],
        },
      ],
    })
    // TIOCSTI with bits the kernel cuts off: CVE-2019-10063.
    expect(ask(deny('SCMP_CMP_EQ'), 'x86_64', 'ioctl', [0n, 0x100005412n])).to.equal('allow')
    expect(ask(deny('SCMP_CMP_MASKED_EQ'), 'x86_64', 'ioctl', [0n, 0x100005412n])).to.equal('errno 1 (EPERM)')
    expect(ask(deny('SCMP_CMP_MASKED_EQ'), 'x86_64', 'ioctl', [0n, 0x5411n])).to.equal('allow')
  })
})

let counter = 0

// The machine may be busy: the best of many attempts is what the code takes. One below the aim is enough.
function fastest(aim: number, attempt: () => number): number {
  let best = Number.POSITIVE_INFINITY
  for (let i = 0; i < 100 && best >= aim; i++) best = Math.min(best, attempt())
  return best
}

function milliseconds(runs: number, action: () => unknown): number {
  const start = performance.now()
  for (let i = 0; i < runs; i++) action()
  return (performance.now() - start) / runs
}
