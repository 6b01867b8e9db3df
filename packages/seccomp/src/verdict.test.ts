import { expect } from 'chai'

import { ARCHES } from './arch.js'
import { describeAction } from './explain-filter.js'
import { verdict } from './verdict.js'

const { x86_64 } = ARCHES

describe('verdict', () => {
  it('verdict() reads the rules of a profile', () => {
    const call = { arch: x86_64.audit, nr: x86_64.syscalls['mount'] as number, args: [] }
    expect(describeAction(verdict('default', call, { arch: 'x86_64' }))).to.equal('errno 1 (EPERM)')
    expect(describeAction(verdict('default', call, { arch: 'x86_64', caps: ['SYS_ADMIN'] }))).to.equal('allow')
  })
})
