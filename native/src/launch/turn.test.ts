import { availableParallelism } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

import { expect } from 'chai'

import { enter, type Leave } from './turn.js'

const AT_ONCE = Math.max(2, availableParallelism())
const turnOfLoop = () => new Promise((resolve) => setImmediate(resolve))

describe('enter()', () => {
  it('enter() lets the first in at once and gives each of the others a turn of the event loop, in order', async () => {
    const log: string[] = []
    let round = 0
    const count = () => {
      round++
      if (log.length < 5) setImmediate(count)
    }
    setImmediate(count)
    const one = async (name: string) => {
      const leave = await enter()
      log.push(`${name} ${round}`)
      leave()
    }
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map(one))
    expect(log.map((entry) => entry[0])).to.deep.equal(['a', 'b', 'c', 'd', 'e'])
    expect(new Set(log.map((entry) => entry.slice(2))).size).to.equal(5)
  })

  it('enter() keeps more than the processors can do waiting, until somebody leaves', async () => {
    await turnOfLoop()
    const inside: Leave[] = []
    const all = Array.from({ length: AT_ONCE + 2 }, async () => inside.push(await enter()))
    for (let i = 0; i < AT_ONCE + 2; i++) await turnOfLoop()
    expect(inside).to.have.lengthOf(AT_ONCE)
    inside[0]?.()
    inside[0]?.()
    for (let i = 0; i < 3; i++) await turnOfLoop()
    expect(inside).to.have.lengthOf(AT_ONCE + 1)
    for (const leave of [...inside]) leave()
    await Promise.all(all)
    for (const leave of inside) leave()
  })

  it('enter() gives away the place of one that takes too long', async () => {
    await turnOfLoop()
    const stuck = await Promise.all(Array.from({ length: AT_ONCE }, async () => enter()))
    const start = performance.now()
    const leave = await enter()
    expect(performance.now() - start).to.be.within(5, 1000)
    for (const one of [...stuck, leave]) one()
    await sleep(1)
    expect(typeof enter()).to.equal('function')
  })
})
