import { expect } from 'chai'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'

import { findHelper } from './helpers.js'
import { probe, type UsernsCheck } from './probe.js'

describe('probe()', () => {
  let directory: string
  beforeEach(() => {
    directory = mkdtempSync('/tmp/iso-userns-')
    mkdirSync(`${directory}/self/ns`, { recursive: true })
    mkdirSync(`${directory}/sys/user`, { recursive: true })
    mkdirSync(`${directory}/sys/kernel`, { recursive: true })
    writeFileSync(`${directory}/self/ns/user`, '')
    writeFileSync(`${directory}/sys/user/max_user_namespaces`, '100\n')
  })
  afterEach(() => rmSync(directory, { recursive: true }))

  const check = (name: UsernsCheck['name'], options = {}): UsernsCheck | undefined =>
    probe({ proc: directory, ...options }).checks.find((one) => one.name === name)

  it('probe() looks at this machine', () => {
    const { kind, checks } = probe()
    expect(checks.map(({ name }) => name)).to.deep.equal([
      'kernel',
      'limit',
      'sysctl',
      'apparmor',
      'newuidmap',
      'newgidmap',
      'subuid',
      'subgid',
    ])
    expect(kind).to.be.oneOf(['multi', 'single', 'none'])
  })

  it('probe() names a limit of zero, with the remedy', () => {
    writeFileSync(`${directory}/sys/user/max_user_namespaces`, '0\n')
    expect(check('limit')).to.include({
      ok: false,
      found: 'user.max_user_namespaces=0',
      remedy: 'sysctl -w user.max_user_namespaces=15000',
    })
    expect(probe({ proc: directory }).kind).to.equal('none')
  })

  it('probe() names a kernel without user namespaces', () => {
    rmSync(`${directory}/self/ns/user`)
    expect(check('kernel')).to.include({ ok: false, remedy: 'boot a kernel with CONFIG_USER_NS=y' })
  })

  it('probe() reads the switches of Debian and Ubuntu, which bind ordinary users only', () => {
    writeFileSync(`${directory}/sys/kernel/unprivileged_userns_clone`, '0\n')
    writeFileSync(`${directory}/sys/kernel/apparmor_restrict_unprivileged_userns`, '1\n')
    const root = process.geteuid?.() === 0
    expect(check('sysctl')).to.include({ ok: root, found: 'kernel.unprivileged_userns_clone=0' })
    expect(check('apparmor')).to.include({ ok: root, found: 'kernel.apparmor_restrict_unprivileged_userns=1' })
  })

  it('probe() says who has no subordinate ids and how to give some', () => {
    writeFileSync(`${directory}/passwd`, `someone:x:${process.geteuid?.()}:0::/:/bin/sh\n`)
    writeFileSync(`${directory}/empty`, '')
    const files = { passwd: `${directory}/passwd`, subuid: `${directory}/empty`, subgid: `${directory}/empty` }
    expect(check('subuid', { files })).to.include({ ok: false, remedy: 'usermod --add-subuids 100000-165535 someone' })
    writeFileSync(`${directory}/full`, 'someone:100000:65536\n')
    expect(check('subgid', { files: { ...files, subgid: `${directory}/full` } })).to.include({
      ok: true,
      found: '100000:65536',
    })
  })

  it('findHelper() says when a helper is missing', () => {
    expect(findHelper('newuidmap', directory))
      .to.include({ cause: 'newuidmap is not installed' })
      .and.not.have.property('path')
  })

  it('findHelper() takes the first one on its path', () => {
    copyFileSync('/bin/true', `${directory}/newgidmap`)
    chmodSync(`${directory}/newgidmap`, 0o4755)
    expect(findHelper('newgidmap', `/no/such:${directory}`)).to.deep.equal({
      name: 'newgidmap',
      path: `${directory}/newgidmap`,
    })
  })
})
