import { expect } from 'chai'
import fc from 'fast-check'

import { type Arch, ARCHES } from './arch.js'
import { type CompileOptions, contextOf } from './compile-options.js'
import { compile } from './compile.js'
import { decode } from './internal/assembler.js'
import { resolve } from './internal/resolve.js'
import type { Action, Comparison, Profile } from './profile.js'
import { runProgram } from './simulate.js'
import { verdictOf } from './verdict.js'

const NAMES = [
  'read',
  'write',
  'open',
  'close',
  'socket',
  'bind',
  'socketcall',
  'ipc',
  'shmget',
  'msgrcv',
  'clone',
  'clone3',
  'mmap',
  'personality',
  'mseal',
  'cacheflush',
  'ptrace',
  'execve',
  'no_such_call',
]
const ACTIONS: Action[] = [
  'SCMP_ACT_ALLOW',
  'SCMP_ACT_ERRNO',
  'SCMP_ACT_KILL',
  'SCMP_ACT_KILL_PROCESS',
  'SCMP_ACT_LOG',
  'SCMP_ACT_TRACE',
  'SCMP_ACT_TRAP',
]
const OPS: Comparison[] = [
  'SCMP_CMP_NE',
  'SCMP_CMP_LT',
  'SCMP_CMP_LE',
  'SCMP_CMP_EQ',
  'SCMP_CMP_GE',
  'SCMP_CMP_GT',
  'SCMP_CMP_MASKED_EQ',
]
const VALUES = [
  0n,
  1n,
  2n,
  3n,
  4n,
  5n,
  38n,
  0x7e020000n,
  0x7fffffffn,
  0x80000000n,
  0xffffffffn,
  0x100000000n,
  0x100000005n,
  0x7fffffffffffffffn,
  0x8000000000000000n,
  0xffffffff7fffffffn,
  0xffffffff80000000n,
  0xffffffffffffff9cn,
  0xffffffffffffffffn,
]
const ARCH_NAMES = [
  'SCMP_ARCH_X86_64',
  'SCMP_ARCH_X86',
  'SCMP_ARCH_X32',
  'SCMP_ARCH_AARCH64',
  'SCMP_ARCH_ARM',
  'SCMP_ARCH_S390X',
]

const value = fc.oneof(fc.constantFrom(...VALUES), fc.bigInt(0n, 0xffffffffffffffffn))
const condition = fc.record({ index: fc.nat(2), op: fc.constantFrom(...OPS), value, valueTwo: value })
const rule = fc.record({
  names: fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 4 }),
  action: fc.constantFrom(...ACTIONS),
  errnoRet: fc.constantFrom(1, 38, 7),
  args: fc.array(condition, { maxLength: 3 }),
})
const profile: fc.Arbitrary<Profile> = fc.record({
  defaultAction: fc.constantFrom(...ACTIONS),
  defaultErrnoRet: fc.constantFrom(1, 38),
  architectures: fc.uniqueArray(fc.constantFrom(...ARCH_NAMES), { maxLength: 5 }),
  syscalls: fc.array(rule, { maxLength: 12 }),
})
const options: fc.Arbitrary<CompileOptions> = fc.record({
  arch: fc.constantFrom<Arch>('x86_64', 'i386', 'aarch64', 'arm'),
  badArch: fc.constantFrom<'kill' | 'errno'>('kill', 'errno'),
  newerCalls: fc.constantFrom<'enosys' | 'default'>('enosys', 'default'),
})
const numbers = [
  ...Object.values(ARCHES).flatMap(({ syscalls }) => NAMES.map((name) => syscalls[name] ?? 7)),
  400,
  500,
  511,
  512,
  520,
  547,
  548,
  1000,
  0x3fffffff,
  0x40000000,
  0x400001ff,
  0x40000200,
  0x7fffffff,
  0x80000000,
  0xf0000,
  0xf0005,
  0xf0006,
  0xfffffffe,
  0xffffffff,
]
const args = fc.array(value, { minLength: 3, maxLength: 6 })

describe('compile', () => {
  it('compile() agrees with the profile read rule by rule, whatever the profile and the call', () => {
    fc.assert(
      fc.property(profile, options, fc.array(args, { minLength: 4, maxLength: 4 }), (profile, options, argLists) => {
        const resolved = resolve(profile, contextOf(options))
        const program = decode(compile(profile, options))
        // Values next to those the rules name are where a comparison goes wrong.
        const near = (profile.syscalls ?? []).flatMap((r) =>
          (r.args ?? []).flatMap((a) => [BigInt(a.value) - 1n, BigInt(a.value), BigInt(a.value) + 1n])
        )
        const lists = [...argLists, ...near.map((v) => [v, v, v])]
        for (const arch of [...new Set(Object.values(ARCHES).map(({ audit }) => audit)), 0xc0000016]) {
          for (const nr of numbers) {
            for (const args of lists) {
              const call = { arch, nr, args }
              const expected = verdictOf(resolved, call, options)
              const { action } = runProgram(program, call)
              if (action !== expected)
                expect.fail(
                  `arch 0x${arch.toString(16)} nr ${nr} args ${args.join(',')}: program ${action}, profile ${expected}`
                )
            }
          }
        }
      }),
      { numRuns: 150 }
    )
  }).timeout(120_000)
})
