import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { requires } from '@iso/testing'
import { expect } from 'chai'
import { detectLayout } from '@iso/cgroups'

import type { Check } from './check.js'
import { checkCgroups } from './checks/cgroups.js'
import { checkFilter } from './checks/filter.js'
import { checkKernel } from './checks/kernel.js'
import { checkNamespaces } from './checks/namespaces.js'
import { checkRisks } from './checks/risks.js'
import { checkSpeed } from './checks/speed.js'
import { Machine } from './machine.js'

describe('checks of the doctor', () => {
  let root: string
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'iso-doctor-'))))
  afterEach(() => rmSync(root, { recursive: true }))

  const machine = (files: Record<string, string> = {}, kernel = '6.1.0-18-amd64') => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    }
    return new Machine(root, kernel)
  }
  const named = (checks: Check[], name: string) => checks.find((check) => check.name === name)
  const bad = (checks: Check[]) => checks.filter(({ status }) => status !== 'ok').map(({ name }) => name)

  it('checkKernel() takes a new kernel and names what an older one lacks', () => {
    expect(bad(checkKernel(machine()))).to.deep.equal([])
    expect(bad(checkKernel(machine({}, '5.10.0')))).to.deep.equal([
      'kernel-mount-setattr',
      'kernel-cgroup-kill',
      'kernel-memory-peak',
    ])
    expect(bad(checkKernel(machine({}, '5.15.0-91-generic')))).to.deep.equal(['kernel-memory-peak'])
  })

  it('checkKernel() says that no container runs on a kernel without openat2', () => {
    expect(named(checkKernel(machine({}, '5.4.0')), 'kernel')).to.deep.include({ status: 'broken', found: '5.4.0' })
  })

  it('checkNamespaces() names what cannot be made and what helps', async () => {
    const fine = { present: true, creatable: true, withUser: false, limit: 100 }
    const all = { mnt: fine, pid: fine, net: fine, ipc: fine, uts: fine, user: fine, cgroup: fine, time: fine }
    const none = { present: true, creatable: false, withUser: false, cause: 'the limit is 0', remedy: 'raise it' }
    const checks = await checkNamespaces({ ...all, net: none })
    expect(bad(checks)).to.deep.equal(['net'])
    expect(named(checks, 'net')).to.include({ found: 'the limit is 0', remedy: 'raise it' })
    expect(checks[0]).to.include({ name: 'mnt pid ipc uts cgroup time', found: 'up to 100' })
    const within = await checkNamespaces({ ...all, pid: { ...fine, withUser: true } })
    expect(named(within, 'pid')?.found).to.equal('up to 100, in a user namespace')
  })

  it('checkNamespaces() tries this machine', async function () {
    requires(this, 'root')
    expect(bad(await checkNamespaces())).to.deep.equal([])
  })

  it('checkCgroups() tells apart v2, v1 and nothing, and what is not delegated', () => {
    const self = (mountinfo: string, cgroup: string) =>
      machine({ 'proc/self/mountinfo': mountinfo, 'proc/self/cgroup': cgroup })
    self('30 20 0:26 / /cg rw - cgroup2 cgroup2 rw\n', '0::/user\n')
    machine({ 'cg/user/cgroup.controllers': 'memory pids\n' })
    const v2 = checkCgroups(detectLayout({ root }))
    expect(named(v2, 'cgroup')).to.deep.include({ status: 'ok', found: 'v2' })
    expect(bad(v2)).to.deep.equal(['cgroup-cpu', 'cgroup-cpuset', 'cgroup-io'])
    self('31 20 0:27 / /cg/memory rw - cgroup cgroup rw,memory\n', '4:memory:/\n')
    machine({ 'cg/memory/tasks': '' })
    const v1 = checkCgroups(detectLayout({ root }))
    expect(named(v1, 'cgroup')).to.deep.include({ status: 'note', found: 'v1' })
    expect(named(v1, 'cgroup-memory')?.status).to.equal('ok')
    self('', '')
    expect(checkCgroups(detectLayout({ root })).map(({ status }) => status)).to.deep.equal(['missing'])
  })

  it('checkFilter() wants seccomp, and a compiler for it', () => {
    expect(checkFilter(machine())[0]?.status).to.equal('missing')
    expect(
      bad(
        checkFilter(
          machine({ 'proc/sys/kernel/seccomp/actions_avail': 'allow', 'proc/sys/net/core/bpf_jit_enable': '0' })
        )
      )
    ).to.deep.equal(['bpf-jit'])
  })

  it('checkRisks() finds nothing on a careful host', () => {
    const careful = machine({
      'sys/kernel/security/lsm': 'lockdown,landlock,apparmor',
      'proc/swaps': 'Filename Type\n/dev/zram0 partition\n',
      'proc/sys/kernel/kptr_restrict': '1',
    })
    expect(bad(checkRisks(careful))).to.deep.equal([])
  })

  it('checkRisks() names what a careless one leaves open, each with cause and remedy', () => {
    const files = {
      'sys/kernel/security/lsm': 'capability',
      'proc/swaps': 'Filename Type\n/dev/sda2 partition\n',
      'proc/sys/kernel/core_pattern': '|/usr/share/apport/apport %p',
      'proc/sys/kernel/unprivileged_bpf_disabled': '0',
      'proc/sys/dev/tty/legacy_tiocsti': '1',
      'sys/devices/system/cpu/vulnerabilities/mds': 'Vulnerable: no microcode',
      'sys/devices/system/cpu/vulnerabilities/meltdown': 'Mitigation: PTI',
      'sys/devices/system/cpu/smt/active': '1',
      'sys/kernel/security/lockdown': '[none] integrity confidentiality',
    }
    const checks = checkRisks(machine(files, '4.19.0'))
    expect(bad(checks)).to.deep.equal([
      'old-kernel',
      'lsm',
      'landlock',
      'swap',
      'core-pattern',
      'kernel-unprivileged-bpf-disabled',
      'dev-tty-legacy-tiocsti',
      'cpu-vulnerabilities',
      'smt',
      'lockdown',
    ])
    expect(named(checks, 'cpu-vulnerabilities')?.found).to.equal('mds')
    for (const { name, cause, remedy } of checks) expect([cause, remedy], name).not.to.include(undefined)
  })

  it('checkSpeed() names what slows each start', () => {
    expect(checkSpeed({})).to.deep.equal([])
    expect(bad(checkSpeed({ NODE_EXTRA_CA_CERTS: '/x' }))).to.deep.equal(['node-extra-ca-certs'])
  })
})
