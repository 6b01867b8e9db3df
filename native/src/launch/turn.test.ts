import { expect } from 'chai'

import { turn } from './turn.js'

describe('turn()', () => {
  it('turn() lets the first go on at once and gives each of the others a turn of the event loop, in order', async () => {
    const log: string[] = []
    let round = 0
    const count = () => {
      round++
      if (log.length < 4) setImmediate(count)
    }
    setImmediate(count)
    const one = async (name: string) => {
      await turn()
      log.push(`${name} ${round}`)
    }
    await Promise.all(['a', 'b', 'c', 'd'].map(one))
    expect(log.map((entry) => entry[0])).to.deep.equal(['a', 'b', 'c', 'd'])
    const rounds = log.map((entry) => Number(entry.slice(2)))
    expect(rounds[0]).to.equal(0)
    expect(new Set(rounds).size).to.equal(4)
  })

  it('turn() is free again once nobody waits', async () => {
    while (turn() !== undefined) await new Promise(setImmediate)
    await new Promise(setImmediate)
    await new Promise(setImmediate)
    expect(turn()).to.equal(undefined)
  })
})
