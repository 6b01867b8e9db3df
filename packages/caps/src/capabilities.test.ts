import { readFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'

import { requires } from '@iso/testing'
import { expect } from 'chai'
import fc from 'fast-check'

import { available, lastCap } from './available.js'
import { ALL, CAPABILITIES, DOCKER_DEFAULT } from './capabilities.js'
import { formatHex, fromMask, parseHex, toMask } from './mask.js'
import { capability } from './name.js'
import { resolve } from './resolve.js'

describe('CAPABILITIES', () => {
  it('CAPABILITIES has the numbers of the kernel header', function () {
    requires(this, { file: '/usr/include/linux/capability.h' })
    const header = readFileSync('/usr/include/linux/capability.h', 'utf8')
    const numbers = [...header.matchAll(/^#define (CAP_[A-Z_]+)\s+(\d+)$/gm)].map(([, name, number]) => [
      name,
      Number(number),
    ])
    expect(numbers.filter(([name]) => name !== 'CAP_LAST_CAP')).to.deep.equal(
      ALL.map((name) => [name, CAPABILITIES[name].number])
    )
  })

  it('CAPABILITIES has 41 names, DOCKER_DEFAULT 14 of them', () => {
    expect(ALL).to.have.length(41)
    expect(ALL.map((name) => CAPABILITIES[name].number)).to.deep.equal(ALL.map((_, i) => i))
    expect(formatHex(toMask(DOCKER_DEFAULT))).to.equal('00000000a80425fb')
  })
})

describe('capability', () => {
  it('capability() reads names in any spelling', () => {
    for (const name of ['net_raw', 'NET_RAW', 'cap_net_raw', 'Cap_Net_Raw'])
      expect(capability(name)).to.equal('CAP_NET_RAW')
  })

  it('capability() refuses others and names the nearest', () => {
    expect(() => capability('CAP_SYS_ADMINN')).to.throw(
      TypeError,
      '"CAP_SYS_ADMINN": there is none of that name; did you mean CAP_SYS_ADMIN?'
    )
    expect(() => capability('net_row')).to.throw(TypeError, 'did you mean CAP_NET_RAW?')
    expect(() => capability('bananas')).to.throw(TypeError, 'wanted a name such as CAP_NET_RAW')
    for (const name of ['', 'ALL', 'CAP_', 'toString', 21 as unknown as string])
      expect(() => capability(name), String(name)).to.throw(TypeError)
  })
})

describe('toMask, fromMask', () => {
  it('toMask() and fromMask() undo each other', () => {
    fc.assert(
      fc.property(fc.subarray([...ALL]), (names) => {
        expect(fromMask(toMask(names))).to.deep.equal(names)
      })
    )
  })

  it('fromMask() names what capsh names', function () {
    requires(this, { program: 'capsh' })
    for (const mask of [0x1fffeffffffn, 0xa80425fbn, 1n, 1n << 40n, 0x15555555555n]) {
      const said = execFileSync('capsh', [`--decode=${formatHex(mask)}`], { encoding: 'utf8' })
        .trim()
        .split('=')[1]
      expect(fromMask(mask).join(',').toLowerCase()).to.equal(said)
    }
  })

  it('fromMask() passes over bits without a name and refuses what is no mask', () => {
    expect(fromMask((1n << 50n) | 1n)).to.deep.equal(['CAP_CHOWN'])
    expect(() => fromMask(-1n)).to.throw(RangeError, '-1')
    expect(() => fromMask(1n << 64n)).to.throw(RangeError, '18446744073709551616')
  })

  it('parseHex() reads what formatHex() writes, and nothing else', () => {
    expect(parseHex(formatHex(0x1fffeffffffn))).to.equal(0x1fffeffffffn)
    expect(parseHex('0xA80425FB\n')).to.equal(0xa80425fbn)
    for (const text of ['', 'x', '12345678901234567', '-1', '1 2'])
      expect(() => parseHex(text), text).to.throw(TypeError)
  })
})

describe('available', () => {
  it('available() is the bounding set in /proc/self/status', () => {
    const bounding = /^CapBnd:\s*(\w+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
    expect(formatHex(toMask(available()))).to.equal(bounding)
  })

  it('lastCap() is what the kernel says', () => {
    expect(lastCap()).to.equal(Number(readFileSync('/proc/sys/kernel/cap_last_cap', 'utf8')))
  })
})

describe('resolve', () => {
  const without = (...names: string[]): string[] => DOCKER_DEFAULT.filter((name) => !names.includes(name))

  it("resolve() is Docker's default when nothing is said", () => {
    expect(resolve()).to.deep.equal(DOCKER_DEFAULT)
  })

  it('resolve() drops, then adds; in both: added', () => {
    expect(resolve({ drop: ['chown', 'NET_RAW'] })).to.deep.equal(without('CAP_CHOWN', 'CAP_NET_RAW'))
    expect(resolve({ add: ['SYS_TIME', 'chown'] })).to.deep.equal(
      [...DOCKER_DEFAULT, 'CAP_SYS_TIME'].sort((a, b) => number(a) - number(b))
    )
    expect(resolve({ drop: ['chown'], add: ['chown'] })).to.include('CAP_CHOWN')
  })

  it('resolve() begins from nothing with drop ALL', () => {
    expect(resolve({ drop: ['ALL'] })).to.deep.equal([])
    expect(resolve({ drop: ['all', 'chown'], add: ['net_raw', 'chown'] })).to.deep.equal(['CAP_CHOWN', 'CAP_NET_RAW'])
    expect(resolve({ drop: ['CAP_ALL' as 'ALL'] })).to.deep.equal([])
  })

  it('resolve() begins from all with add ALL, even against drop ALL', () => {
    expect(resolve({ add: ['ALL'], drop: ['sys_admin'], all: ALL })).to.deep.equal(
      ALL.filter((name) => name !== 'CAP_SYS_ADMIN')
    )
    expect(resolve({ add: ['ALL'], drop: ['ALL'], all: ALL })).to.deep.equal(ALL)
    expect(resolve({ add: ['ALL'] })).to.deep.equal(available())
  })

  it('resolve() gives all to the privileged', () => {
    expect(resolve({ privileged: true, drop: ['ALL'], all: ALL })).to.deep.equal(ALL)
    expect(resolve({ privileged: true })).to.deep.equal(available())
  })

  it('resolve() starts from the base it is given', () => {
    expect(resolve({ base: ['kill', 'chown'], drop: ['chown'], add: ['bpf'] })).to.deep.equal(['CAP_KILL', 'CAP_BPF'])
  })

  it('resolve() refuses unknown names wherever they stand', () => {
    for (const options of [{ add: ['NET_RAWW'] }, { drop: ['NET_RAWW'] }, { add: ['ALL', 'NET_RAWW'] }]) {
      expect(() => resolve(options as never), JSON.stringify(options)).to.throw(TypeError, 'did you mean CAP_NET_RAW?')
    }
  })
})

function number(name: string): number {
  return CAPABILITIES[name as keyof typeof CAPABILITIES].number
}
