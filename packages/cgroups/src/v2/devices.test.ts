import { expect } from 'chai'
import fc from 'fast-check'

import { DOCKER_DEVICES, parseDeviceRule, type DeviceRule } from '../options/devices.js'
import { compileDevices } from './devices.js'

interface Request {
  type: 'b' | 'c'
  major: number
  minor: number
  access: string
}
const BITS: Record<string, number> = { m: 1, r: 2, w: 4 }

/** A small machine for the nine instructions; anything else, a jump out of the program or a loop is an error. */
function run(program: Uint8Array, { type, major, minor, access }: Request): boolean {
  const code = Buffer.from(program.buffer, program.byteOffset, program.byteLength)
  const bits = [...access].reduce((sum, letter) => sum | BITS[letter]!, 0)
  const context = new Map([
    [0, (bits << 16) | (type === 'b' ? 1 : 2)],
    [4, major],
    [8, minor],
  ])
  const r = new Array<number>(11).fill(NaN)
  for (let at = 0; at * 8 < code.length; at++) {
    const [op, registers, offset, immediate] = [
      code[at * 8]!,
      code[at * 8 + 1]!,
      code.readInt16LE(at * 8 + 2),
      code.readInt32LE(at * 8 + 4),
    ]
    const [dst, src] = [registers & 15, registers >> 4]
    if (offset < 0) throw new Error('jump back')
    if (op === 0x61) r[dst] = context.get(offset)!
    else if (op === 0xbf) r[dst] = r[src]!
    else if (op === 0xb7) r[dst] = immediate
    else if (op === 0x57) r[dst]! &= immediate
    else if (op === 0x77) r[dst]! >>>= immediate
    else if (op === 0x05) at += offset
    else if (op === 0x55) at += r[dst] !== immediate ? offset : 0
    else if (op === 0x45) at += (r[dst]! & immediate) !== 0 ? offset : 0
    else if (op === 0x95) return r[0] === 1
    else throw new Error(`opcode ${op}`)
  }
  throw new Error('ran off the end')
}

/** The rule in words: for each kind of access the last rule that matches decides; unmentioned is allowed; all must be granted. */
function expected(rules: readonly DeviceRule[], request: Request): boolean {
  return [...request.access].every((bit) => {
    const last = rules.findLast(
      (rule) =>
        rule.type === 'a' ||
        (rule.type === request.type &&
          (rule.major ?? request.major) === request.major &&
          (rule.minor ?? request.minor) === request.minor &&
          rule.access.includes(bit))
    )
    return last?.allow ?? true
  })
}

const access = fc.constantFrom('r', 'w', 'm', 'rw', 'rm', 'wm', 'rwm')
const number = fc.constantFrom(0, 1, 3)
const anyRule: fc.Arbitrary<DeviceRule> = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.record({ allow: fc.boolean(), type: fc.constant('a' as const), access: fc.constant('rwm') }),
  },
  {
    weight: 6,
    arbitrary: fc.record(
      { allow: fc.boolean(), type: fc.constantFrom('b' as const, 'c' as const), access, major: number, minor: number },
      { requiredKeys: ['allow', 'type', 'access'] }
    ),
  }
)
const anyRequest: fc.Arbitrary<Request> = fc.record({
  type: fc.constantFrom('b' as const, 'c' as const),
  major: number,
  minor: number,
  access,
})

describe('v2 devices', () => {
  it('compileDevices() decides as the last matching rule says, for any rules and requests', () => {
    fc.assert(
      fc.property(
        fc.array(anyRule, { maxLength: 12 }),
        fc.array(anyRequest, { minLength: 1, maxLength: 20 }),
        (rules, requests) => {
          const program = compileDevices(rules)
          for (const request of requests)
            expect(run(program, request), JSON.stringify(request)).to.equal(expected(rules, request))
        }
      ),
      { numRuns: 2000 }
    )
  })

  it("compileDevices() of Docker's rules: null and terminals yes, disks and memory no, nodes of any", () => {
    const program = compileDevices(DOCKER_DEVICES)
    const ask = (text: string) => {
      const { type, major = 0, minor = 0, access: wanted } = parseDeviceRule(text)
      return run(program, { type: type as 'c', major, minor, access: wanted })
    }
    for (const text of ['c 1:3 rwm', 'c 5:2 rw', 'c 136:7 rw', 'b 8:0 m', 'c 10:200 m'])
      expect(ask(text), text).to.equal(true)
    for (const text of ['c 1:1 r', 'b 8:0 r', 'b 8:0 rm', 'c 10:200 rw', 'c 1:4 w'])
      expect(ask(text), text).to.equal(false)
  })

  it('compileDevices() ends at a rule that always decides: the verifier refuses unreachable code', () => {
    expect(compileDevices([parseDeviceRule('c 1:3 r'), parseDeviceRule('a', false)])).to.have.length((6 + 2) * 8)
  })

  it("parseDeviceRule() reads Docker's form and refuses others with the text", () => {
    expect(parseDeviceRule('b 8:* rw')).to.deep.equal({ allow: true, type: 'b', major: 8, access: 'rw' })
    expect(parseDeviceRule('a', false)).to.deep.equal({ allow: false, type: 'a', access: 'rwm' })
    for (const text of ['c 1:3', 'd 1:3 r', 'c 1 r', 'c 1:3 x', 'c  1:3 r', 'c 1:3 rwmr'])
      expect(() => parseDeviceRule(text)).to.throw(RangeError, `"${text}"`)
  })
})
