import { execFileSync } from 'node:child_process'

import { requires } from '@iso/testing'
import { expect } from 'chai'
import fc from 'fast-check'

import { CProgram } from './c-program.test.js'
import { ALL } from './capabilities.js'
import { formatHex, toMask } from './mask.js'
import { formatText, parseText, type TextSets } from './text.js'

const EVERY = toMask(ALL)
const name = fc.oneof(
  fc.constantFrom(...ALL.map((name) => name.toLowerCase()), ...ALL),
  fc.constantFrom('all', '0', '13', '40')
)
const flags = fc.subarray(['e', 'i', 'p'])
const action = fc
  .tuple(fc.constantFrom('+', '-'), fc.subarray(['e', 'i', 'p'], { minLength: 1 }))
  .map(([operator, set]) => operator + set.join(''))
const first = fc.oneof(
  action,
  flags.map((set) => `=${set.join('')}`)
)
const clause = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.array(name, { minLength: 1, maxLength: 4 }), first, fc.array(action, { maxLength: 2 }))
      .map(([names, a, more]) => names.join(',') + a + more.join('')),
  },
  { weight: 1, arbitrary: flags.map((set) => `=${set.join('')}`) }
)
const masks: fc.Arbitrary<TextSets> = fc.record({ effective: mask(), permitted: mask(), inheritable: mask() })

describe('parseText', () => {
  let oracle: CProgram
  before(function () {
    this.timeout(30_000)
    requires(this, { program: 'gcc' }, { file: '/usr/include/sys/capability.h' })
    oracle = new CProgram('libcap-oracle.c', 'cap')
  })
  after(() => oracle?.close())

  const said = (texts: string[]): string[] =>
    execFileSync(oracle.path, { input: `${texts.join('\n')}\n`, encoding: 'utf8' })
      .trimEnd()
      .split('\n')
  const hex = ({ effective, permitted, inheritable }: TextSets): string =>
    [effective, permitted, inheritable].map(formatHex).join(' ')

  it('parseText() means what libcap means', () => {
    const texts = fc.sample(
      fc.array(clause, { maxLength: 5 }).map((clauses) => clauses.join(' ')),
      500
    )
    const answers = said(texts)
    texts.forEach((text, i) =>
      expect(hex(parseText(text)), text).to.equal(answers[i]?.split(' ').slice(0, 3).join(' '))
    )
  })

  it('parseText() reads what libcap writes', () => {
    const samples = fc.sample(masks, 300)
    const written = said(samples.map(formatText)).map((line) => line.split(' ').slice(3).join(' '))
    samples.forEach((sets, i) => expect(parseText(written[i] as string), written[i]).to.deep.equal(sets))
  })

  it('parseText() refuses what libcap refuses', () => {
    const wrong = [
      'cap_chown',
      'cap_chown+',
      'cap_chown=e=p',
      '+ep',
      '=p+e',
      'chown=e',
      'CAP_CHOWN=EP',
      'cap_chown,=e',
      ',cap_chown=e',
      'cap_13=e',
      '99=e',
      '=i-e+p',
      'cap_chown+p=e',
      'cap_chwon=e',
      'cap_chown=x',
      'cap_chown = e',
      '=ep;',
    ]
    expect(said(wrong)).to.deep.equal(wrong.map(() => 'error'))
    for (const text of wrong) expect(() => parseText(text), text).to.throw(TypeError, 'Cannot read capabilit')
  })

  it('parseText() names the clause it cannot read', () => {
    expect(() => parseText('cap_chown=p cap_kill=q')).to.throw(
      TypeError,
      'clause "cap_kill=q"; wanted names, an operator'
    )
  })
})

describe('formatText', () => {
  it('formatText() is read back by parseText()', () => {
    fc.assert(
      fc.property(masks, (sets) => {
        expect(parseText(formatText(sets))).to.deep.equal(sets)
      })
    )
  })

  it('formatText() is short', () => {
    expect(formatText({ effective: EVERY, permitted: EVERY, inheritable: 0n })).to.equal('=ep')
    expect(formatText({ effective: 0n, permitted: 0n, inheritable: 0n })).to.equal('=')
    expect(formatText({ effective: 1n, permitted: 0x2001n, inheritable: 0n })).to.equal('cap_chown=ep cap_net_raw=p')
  })
})

function mask(): fc.Arbitrary<bigint> {
  return fc.oneof(fc.constantFrom(0n, EVERY), fc.bigInt(0n, EVERY))
}
