import { expect } from 'chai'

import { ARCHES } from './arch.js'
import { ask } from './ask.test.js'
import { allowSocketcall } from './default-profile.js'

describe('defaultProfile', () => {
  const [no, nosys] = ['errno 1 (EPERM)', 'errno 38 (ENOSYS)']

  it('defaultProfile allows ordinary work and refuses what reaches the kernel itself', () => {
    for (const name of [
      'read',
      'execve',
      'openat',
      'mmap',
      'futex',
      'getrandom',
      'clone',
      'fork',
      'chroot',
      'mseal',
      'ptrace',
    ]) {
      expect(ask('default', 'x86_64', name), name).to.equal('allow')
    }
    const refused = [
      'mount',
      'unshare',
      'setns',
      'bpf',
      'reboot',
      'init_module',
      'keyctl',
      'add_key',
      'io_uring_setup',
      'userfaultfd',
      'kexec_load',
      'pivot_root',
      'perf_event_open',
      'open_by_handle_at',
      'swapon',
      'settimeofday',
      'process_madvise',
      'mbind',
    ]
    for (const name of refused) expect(ask('default', 'x86_64', name), name).to.equal(no)
  })

  it('defaultProfile opens calls with their capability', () => {
    const opened: [cap: string, name: string][] = [
      ['SYS_ADMIN', 'mount'],
      ['SYS_ADMIN', 'clone3'],
      ['SYS_BOOT', 'reboot'],
      ['SYS_TIME', 'settimeofday'],
      ['SYS_MODULE', 'finit_module'],
      ['SYS_NICE', 'mbind'],
      ['BPF', 'bpf'],
      ['PERFMON', 'perf_event_open'],
      ['DAC_READ_SEARCH', 'open_by_handle_at'],
      ['SYS_PTRACE', 'process_madvise'],
      ['SYS_RAWIO', 'iopl'],
      ['SYS_PACCT', 'acct'],
      ['SYS_TTY_CONFIG', 'vhangup'],
      ['SYSLOG', 'syslog'],
      ['SYS_CHROOT', 'chroot'],
    ]
    for (const [cap, name] of opened) {
      expect(ask('default', 'x86_64', name, [], { caps: [cap] }), `${name} with ${cap}`).to.equal('allow')
      expect(ask('default', 'x86_64', name, [], { caps: [] }), `${name} without`).to.equal(
        name === 'clone3' ? nosys : no
      )
    }
  })

  it('defaultProfile lets clone make threads and processes, no namespaces; clone3 answers ENOSYS', () => {
    expect(ask('default', 'x86_64', 'clone', [0x3d0f00n])).to.equal('allow')
    for (const bit of [17n, 25n, 26n, 27n, 28n, 29n, 30n])
      expect(ask('default', 'x86_64', 'clone', [1n << bit]), `bit ${bit}`).to.equal(no)
    expect(ask('default', 'x86_64', 'clone3')).to.equal(nosys)
    expect(ask('default', 'x86_64', 'clone', [1n << 28n], { caps: ['SYS_ADMIN'] })).to.equal('allow')
  })

  it('defaultProfile allows ptrace from kernel 4.8 on', () => {
    expect(ask('default', 'x86_64', 'ptrace', [], { kernel: '4.7.99' })).to.equal(no)
    expect(ask('default', 'x86_64', 'ptrace', [], { kernel: '4.8.0-1-amd64' })).to.equal('allow')
    expect(ask('default', 'x86_64', 'ptrace', [], { kernel: '4.4', caps: ['SYS_PTRACE'] })).to.equal('allow')
  })

  it('defaultProfile keeps five personalities', () => {
    for (const persona of [0n, 8n, 0x20000n, 0x20008n, 0xffffffffn])
      expect(ask('default', 'x86_64', 'personality', [persona])).to.equal('allow')
    for (const persona of [1n, 0x40000n, 0x100000008n])
      expect(ask('default', 'x86_64', 'personality', [persona])).to.equal(no)
  })

  it('defaultProfile refuses AF_ALG and AF_VSOCK, through int 0x80 as well', () => {
    for (const family of [1n, 2n, 10n, 16n, 17n, 37n, 39n, 41n])
      expect(ask('default', 'x86_64', 'socket', [family])).to.equal('allow')
    for (const arch of ['x86_64', 'i386'] as const)
      for (const family of [38n, 40n]) expect(ask('default', arch, 'socket', [family])).to.equal(no)
    expect(ask('default', 'i386', 'socketcall', [1n])).to.equal(nosys)
    expect([2n, 3n, 20n].map((call) => ask('default', 'i386', 'socketcall', [call]))).to.deep.equal([
      'allow',
      'allow',
      'allow',
    ])
    expect([0n, 21n].map((call) => ask('default', 'i386', 'socketcall', [call]))).to.deep.equal([no, no])
  })

  it('allowSocketcall() opens socketcall and nothing else', () => {
    const wide = allowSocketcall()
    expect(ask(wide, 'i386', 'socketcall', [1n])).to.equal('allow')
    expect(ask(wide, 'i386', 'socket', [38n])).to.equal(no)
    for (const name of Object.keys(ARCHES.i386.syscalls)) {
      if (name !== 'socketcall') expect(ask(wide, 'i386', name), name).to.equal(ask('default', 'i386', name))
    }
  })

  it('allowSocketcall() leaves the profile it is given alone, and checks it', () => {
    const rules = [{ names: ['socketcall', 'read'], action: 'SCMP_ACT_ERRNO' as const }]
    const wide = allowSocketcall({ defaultAction: 'SCMP_ACT_ERRNO', syscalls: rules })
    expect(rules[0]?.names).to.deep.equal(['socketcall', 'read'])
    expect(Object.isFrozen(rules[0])).to.equal(false)
    expect(wide.syscalls?.map(({ names }) => names)).to.deep.equal([['read'], ['socketcall']])
    expect(() => allowSocketcall({ defaultAction: 'ALLOW' as 'SCMP_ACT_ALLOW' })).to.throw(TypeError, '"ALLOW"')
  })
})
