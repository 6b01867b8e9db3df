// Argument comparisons. An argument is 64 bits wide and the accumulator 32, so a comparison looks at two words.
import { type Assembler, JEQ, JGE, JGT, JSET, type Label } from './assembler.js'
import type { Outcome, Test } from './resolve.js'
import { widthOf } from './width.js'

const ARGUMENTS = 16
const WORD = 0xffffffffn

/** Write the outcomes of one call: the first whose tests all hold, else `fallback`. */
export function emitOutcomes(asm: Assembler, outcomes: readonly Outcome[], bits: 32 | 64, fallback: Label): Label {
  return outcomes.reduceRight((otherwise, { action, tests }) => {
    return tests.reduceRight((then, test) => emitTest(asm, test, bits, then, otherwise), asm.ret(action))
  }, fallback)
}

function emitTest(asm: Assembler, test: Test, bits: 32 | 64, yes: Label, no: Label): Label {
  const { op, value, valueTwo } = widthOf(test, bits)
  const low = ARGUMENTS + test.index * 8
  const high = bits === 64 ? low + 4 : undefined
  switch (op) {
    case 'SCMP_CMP_EQ':
      return equal(asm, low, high, value, yes, no)
    case 'SCMP_CMP_NE':
      return equal(asm, low, high, value, no, yes)
    case 'SCMP_CMP_GE':
      return order(asm, JGE, low, high, value, yes, no)
    case 'SCMP_CMP_LT':
      return order(asm, JGE, low, high, value, no, yes)
    case 'SCMP_CMP_GT':
      return order(asm, JGT, low, high, value, yes, no)
    case 'SCMP_CMP_LE':
      return order(asm, JGT, low, high, value, no, yes)
    case 'SCMP_CMP_MASKED_EQ':
      return masked(asm, low, high, value, valueTwo, yes, no)
  }
}

function equal(asm: Assembler, low: number, high: number | undefined, value: bigint, yes: Label, no: Label): Label {
  if (high === undefined && value > WORD) return no
  const lower = asm.load(low, asm.jump(JEQ, Number(value & WORD), yes, no, low))
  if (high === undefined) return lower
  return asm.load(high, asm.jump(JEQ, Number(value >> 32n), lower, no, high))
}

function order(
  asm: Assembler,
  code: number,
  low: number,
  high: number | undefined,
  value: bigint,
  yes: Label,
  no: Label
): Label {
  if (code === JGE && value === 0n) return yes
  if (high === undefined && value > WORD) return no
  const lower = asm.load(low, asm.jump(code, Number(value & WORD), yes, no, low))
  if (high === undefined) return lower
  const upper = Number(value >> 32n)
  // With an upper half of 0 there is nothing below it: one comparison tells "greater" from "the lower half decides".
  const same = upper === 0 ? lower : asm.jump(JEQ, upper, lower, no, high)
  return asm.load(high, asm.jump(JGT, upper, yes, same, high))
}

function masked(
  asm: Assembler,
  low: number,
  high: number | undefined,
  mask: bigint,
  datum: bigint,
  yes: Label,
  no: Label
): Label {
  const wanted = datum & mask
  if (high === undefined && wanted > WORD) return no
  const lower = maskedWord(asm, low, Number(mask & WORD), Number(wanted & WORD), yes, no)
  return high === undefined ? lower : maskedWord(asm, high, Number(mask >> 32n), Number(wanted >> 32n), lower, no)
}

function maskedWord(asm: Assembler, offset: number, mask: number, wanted: number, yes: Label, no: Label): Label {
  if (mask === 0) return yes
  if (mask === 0xffffffff) return asm.load(offset, asm.jump(JEQ, wanted, yes, no, offset))
  if (wanted === 0) return asm.load(offset, asm.jump(JSET, mask, no, yes, offset))
  return asm.load(offset, asm.and(mask, asm.jump(JEQ, wanted, yes, no)))
}
