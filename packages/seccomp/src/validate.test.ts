import { expect } from 'chai'

import { parseProfile } from './parse-profile.js'
import { compile } from './compile.js'
import { validateProfile } from './validate.js'

const rule = { names: ['read'], action: 'SCMP_ACT_ALLOW' }
const profile = (more: object): unknown => ({ defaultAction: 'SCMP_ACT_ERRNO', ...more })

describe('validateProfile', () => {
  const refused: [what: string, value: unknown, message: string][] = [
    ['a list', [], 'it is []; wanted an object'],
    ['a missing default action', {}, 'defaultAction is missing; wanted one of SCMP_ACT_ALLOW'],
    ['an unknown action', { defaultAction: 'ALLOW' }, 'defaultAction is "ALLOW"; wanted one of'],
    [
      'notify as the default',
      { defaultAction: 'SCMP_ACT_NOTIFY' },
      'defaultAction is "SCMP_ACT_NOTIFY"; wanted another action',
    ],
    ['a misspelt field', profile({ syscall: [] }), 'syscall is []; wanted no such field; known are defaultAction'],
    [
      'a negative errno',
      profile({ defaultErrnoRet: -1 }),
      'defaultErrnoRet is -1; wanted a whole number from 0 to 4095',
    ],
    [
      'an errno without a name',
      profile({ defaultErrno: 'EWHAT' }),
      'defaultErrno is "EWHAT"; wanted the name of an error',
    ],
    [
      'an unknown architecture',
      profile({ architectures: ['SCMP_ARCH_Z80'] }),
      'architectures[0] is "SCMP_ARCH_Z80"; wanted the name',
    ],
    [
      'two ways to list architectures',
      profile({ architectures: ['SCMP_ARCH_X86'], archMap: [{ architecture: 'SCMP_ARCH_X86_64' }] }),
      'wanted either architectures or archMap, not both',
    ],
    [
      'a rule without names',
      profile({ syscalls: [{ action: 'SCMP_ACT_ALLOW' }] }),
      'syscalls[0].names is missing; wanted at least one',
    ],
    [
      'a name and names',
      profile({ syscalls: [{ ...rule, name: 'write' }] }),
      'syscalls[0].name is "write"; wanted either name or names',
    ],
    [
      'a name that is a number',
      profile({ syscalls: [rule, { ...rule, names: ['write', 1] }] }),
      'syscalls[1].names[1] is 1; wanted the name',
    ],
    [
      'a misspelt rule field',
      profile({ syscalls: [{ ...rule, arg: [] }] }),
      'syscalls[0].arg is []; wanted no such field',
    ],
    [
      'an argument out of range',
      withArg({ index: 6, value: 0, op: 'SCMP_CMP_EQ' }),
      'syscalls[0].args[0].index is 6; wanted a whole number from 0 to 5',
    ],
    [
      'a negative value',
      withArg({ index: 0, value: -1, op: 'SCMP_CMP_EQ' }),
      'syscalls[0].args[0].value is -1; wanted a whole number',
    ],
    [
      'a rounded value',
      withArg({ index: 0, value: 2 ** 60, op: 'SCMP_CMP_EQ' }),
      'args[0].value is 1152921504606847000; wanted a whole number',
    ],
    [
      'a value of 65 bits',
      withArg({ index: 0, value: 1n << 64n, op: 'SCMP_CMP_EQ' }),
      'args[0].value is 18446744073709551616; wanted',
    ],
    [
      'an unknown comparison',
      withArg({ index: 0, value: 0, op: '==' }),
      'args[0].op is "=="; wanted one of SCMP_CMP_NE',
    ],
    [
      'a capability without CAP_',
      profile({ syscalls: [{ ...rule, includes: { caps: ['SYS_ADMIN'] } }] }),
      'syscalls[0].includes.caps[0] is "SYS_ADMIN"',
    ],
    [
      'a kernel that is a word',
      profile({ syscalls: [{ ...rule, excludes: { minKernel: 'new' } }] }),
      'syscalls[0].excludes.minKernel is "new"',
    ],
    ['an unknown flag', profile({ flags: ['TSYNC'] }), 'flags[0] is "TSYNC"; wanted one of'],
    ['a listener without notify', profile({ listenerPath: '/run/x.sock' }), 'wanted a rule with SCMP_ACT_NOTIFY'],
    [
      'killable notifications without notify',
      profile({ flags: ['SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV'] }),
      'wanted a rule with SCMP_ACT_NOTIFY',
    ],
  ]
  for (const [what, value, message] of refused) {
    it(`validateProfile() refuses ${what}`, () => {
      expect(() => validateProfile(value)).to.throw(TypeError, message)
    })
  }

  it('validateProfile() ignores unknown fields when told, as an OCI runtime must', () => {
    const value = profile({
      x: 1,
      syscalls: [{ ...rule, y: 2, args: [{ index: 0, value: 0, op: 'SCMP_CMP_EQ', z: 3 }] }],
    })
    expect(validateProfile(value, { unknownFields: 'ignore' })).to.equal(value)
    expect(compile(value as never, { unknownFields: 'ignore' }).length).to.be.above(0)
    expect(() => compile(value as never)).to.throw(TypeError, 'x is 1; wanted no such field')
  })

  it('validateProfile() accepts what Go programs write for absent fields', () => {
    const value = profile({
      syscalls: [{ ...rule, args: null, includes: {}, excludes: {}, comment: '' }],
      architectures: null,
    })
    expect(validateProfile(value)).to.equal(value)
  })
})

describe('parseProfile', () => {
  it('parseProfile() keeps all 64 bits of a value', () => {
    const text = (value: string): string =>
      JSON.stringify(withArg({ index: 0, value: 0, op: 'SCMP_CMP_EQ' })).replace('"value":0', `"value": ${value}`)
    const args = parseProfile(text('18446744073709551615')).syscalls?.[0]?.args
    expect(args?.[0]?.value).to.equal('18446744073709551615')
    expect(compile(parseProfile(text('18446744073709551615')))).to.not.deep.equal(
      compile(parseProfile(text('18446744073709551614')))
    )
  })

  it('parseProfile() leaves digits in a comment alone', () => {
    const comment = 'x "value": 18446744073709551615'
    expect(parseProfile(JSON.stringify(profile({ syscalls: [{ ...rule, comment }] }))).syscalls?.[0]?.comment).to.equal(
      comment
    )
  })

  it('parseProfile() returns a profile that cannot change', () => {
    const parsed = parseProfile(JSON.stringify(profile({ syscalls: [rule] })))
    expect(() => (parsed.syscalls?.[0]?.names as string[]).push('write')).to.throw(TypeError)
  })

  it('parseProfile() reports text that is not JSON', () => {
    expect(() => parseProfile('{')).to.throw(SyntaxError)
  })
})

function withArg(arg: object): unknown {
  return profile({ syscalls: [{ ...rule, args: [arg] }] })
}
