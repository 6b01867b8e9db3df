import { expect } from 'chai'

import { compile } from './compile.js'
import { defaultProfile } from './default-profile.js'
import type { Profile } from './profile.js'
import { seccomp } from './seccomp.js'

const NOTIFY: Profile = { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [{ names: ['mount'], action: 'SCMP_ACT_NOTIFY' }] }

describe('seccomp', () => {
  it('seccomp() is one step with the default filter, and none when unconfined', () => {
    expect(seccomp()).to.deep.equal([
      { op: 'seccomp', origin: '@iso/seccomp', why: 'filter system calls', filter: compile('default') },
    ])
    expect(seccomp('unconfined')).to.deep.equal([])
  })

  it('seccomp() joins the flags of the profile and of the caller', () => {
    const profile: Profile = { ...defaultProfile, flags: ['SECCOMP_FILTER_FLAG_LOG'] }
    const [step] = seccomp(profile, { flags: ['SECCOMP_FILTER_FLAG_SPEC_ALLOW', 'SECCOMP_FILTER_FLAG_LOG'] })
    expect(step).to.deep.include({ flags: ['log', 'specAllow'] })
    expect(() => seccomp('default', { flags: ['LOG' as 'SECCOMP_FILTER_FLAG_LOG'] })).to.throw(TypeError, '"LOG"')
  })

  it('seccomp() asks for a listener where a rule notifies', () => {
    expect(seccomp(NOTIFY)[0]).to.deep.include({ flags: ['newListener'], listener: 'seccomp' })
    const [step] = seccomp(
      { ...NOTIFY, flags: ['SECCOMP_FILTER_FLAG_TSYNC'] },
      { listener: 'policy', flags: ['SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV'] }
    )
    expect(step).to.deep.include({
      flags: ['tsync', 'waitKillableRecv', 'tsyncEsrch', 'newListener'],
      listener: 'policy',
    })
    expect(() => seccomp('default', { flags: ['SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV'] })).to.throw(
      TypeError,
      'SCMP_ACT_NOTIFY'
    )
  })

  it('seccomp() passes the capabilities on', () => {
    expect(seccomp('default', { caps: ['SYS_ADMIN'] })[0]).to.deep.include({
      filter: compile('default', { caps: ['SYS_ADMIN'] }),
    })
  })
})
