import { expect } from 'chai'

import { runProgram } from '../simulate.js'
import { Assembler, JEQ, JGE, type Label } from './assembler.js'

const call = (nr: number): { arch: number; nr: number; args: bigint[] } => ({ arch: 0, nr, args: [] })

describe('Assembler', () => {
  it('Assembler reaches targets more than 255 instructions away, in both branches', () => {
    const asm = new Assembler()
    const far = asm.load(0, asm.jump(JGE, 1000, asm.ret(1), asm.ret(2), 0))
    let chain: Label = asm.ret(3)
    for (let nr = 600; nr >= 1; nr--) chain = asm.jump(JEQ, nr, asm.ret(nr + 10), chain, 0)
    const entry = asm.load(0, asm.jump(JGE, 700, far, asm.jump(JEQ, 650, far, chain, 0), undefined))
    const program = asm.finish(entry)
    expect(runProgram(program, call(1000)).action).to.equal(1)
    expect(runProgram(program, call(700)).action).to.equal(2)
    expect(runProgram(program, call(650)).action).to.equal(2)
    for (const nr of [1, 2, 300, 599, 600]) expect(runProgram(program, call(nr)).action).to.equal(nr + 10)
    expect(runProgram(program, call(601)).action).to.equal(3)
    for (const { jt, jf } of program) expect(Math.max(jt, jf)).to.be.at.most(255)
  })

  it('Assembler reaches pairs of targets at every distance around 255', () => {
    for (let filler = 245; filler <= 262; filler++) {
      for (const [yes, no] of [
        [1, 2],
        [2, 1],
      ] as const) {
        const asm = new Assembler()
        // Loads, not returns: a return that is far away is repeated, a load must be jumped to.
        const targets = { 1: asm.load(4, asm.ret(1)), 2: asm.load(4, asm.ret(2)) }
        let chain: Label = asm.ret(3)
        for (let nr = filler; nr >= 1; nr--) chain = asm.jump(JEQ, nr, asm.ret(4), chain, 0)
        const choice = asm.jump(JGE, 1000, targets[yes], targets[no], 0)
        const program = asm.finish(asm.load(0, asm.jump(JGE, 900, choice, chain, 0)))
        expect(program.length).to.be.above(filler)
        expect([1000, 999, 1, 800].map((nr) => runProgram(program, call(nr)).action)).to.deep.equal([yes, no, 4, 3])
        for (const { jt, jf } of program) expect(Math.max(jt, jf)).to.be.at.most(255)
      }
    }
  })

  it('Assembler enters a target behind its load when the word is already there, and drops the dead load', () => {
    const asm = new Assembler()
    const second = asm.load(0, asm.jump(JEQ, 2, asm.ret(20), asm.ret(0), 0))
    const program = asm.finish(asm.load(0, asm.jump(JEQ, 1, asm.ret(10), second, 0)))
    expect(program.filter(({ code }) => code === 0x20)).to.have.length(1)
    expect([1, 2, 3].map((nr) => runProgram(program, call(nr)).action)).to.deep.equal([10, 20, 0])
  })
})
