import { expect } from 'chai'
import fc from 'fast-check'

import { runProgram } from '../simulate.js'
import { Assembler } from './assembler.js'
import { emitTree, NR, ranges } from './tree.js'

const MAX = 0xffffffff
const span = fc
  .tuple(fc.oneof(fc.nat(40), fc.integer({ min: MAX - 20, max: MAX })), fc.nat(5), fc.nat(3))
  .map(([from, length, leaf]) => ({ from, to: Math.min(from + length, MAX), leaf }))

describe('ranges', () => {
  it('ranges() covers every number once, later spans over earlier ones', () => {
    expect(
      ranges(9, [
        { from: 3, to: 10, leaf: 1 },
        { from: 5, to: 5, leaf: 2 },
        { from: 11, to: 12, leaf: 1 },
      ])
    ).to.deep.equal([
      { from: 0, leaf: 9 },
      { from: 3, leaf: 1 },
      { from: 5, leaf: 2 },
      { from: 6, leaf: 1 },
      { from: 13, leaf: 9 },
    ])
  })
})

describe('emitTree', () => {
  it('emitTree() answers every number as the last span that holds it', () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 30 }), (spans) => {
        const asm = new Assembler()
        const program = asm.finish(
          asm.load(
            NR,
            emitTree(asm, ranges(7, spans), (leaf) => asm.ret(leaf))
          )
        )
        for (const nr of [
          ...spans.flatMap(({ from, to }) => [from, to, Math.max(0, from - 1), Math.min(MAX, to + 1)]),
          0,
          MAX,
        ]) {
          const last = spans.findLast(({ from, to }) => from <= nr && nr <= to)
          expect(runProgram(program, { arch: 0, nr, args: [] }).action, `number ${nr}`).to.equal(last?.leaf ?? 7)
        }
      }),
      { numRuns: 300 }
    )
  })

  it('emitTree() takes one comparison a doubling', () => {
    const asm = new Assembler()
    const spans = Array.from({ length: 128 }, (_, i) => ({ from: i * 3, to: i * 3 + 2, leaf: i }))
    const program = asm.finish(
      asm.load(
        NR,
        emitTree(asm, ranges(999, spans), (leaf) => asm.ret(leaf))
      )
    )
    const executed = spans.map(({ from }) => runProgram(program, { arch: 0, nr: from, args: [] }).executed)
    // The load, the return, and 7 or 8 comparisons for 129 ranges; 1 more where a jump is out of reach.
    expect(Math.max(...executed)).to.be.at.most(11)
  })
})
