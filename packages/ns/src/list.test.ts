import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'

import { launch } from '@iso/native'
import { requires, slowness } from '@iso/testing'
import { expect } from 'chai'

import { sliced } from './internal/sliced.js'
import { list, namespaces } from './index.js'

const PROCESSES = 2000

// How much processor time each turn of the event loop took while something was under way, in milliseconds, the longest first. Time of day
// would tell about the other processes of the machine.
async function turns(work: Promise<unknown>): Promise<number[]> {
  const found: number[] = []
  let done = false
  void work.finally(() => (done = true))
  for (let last = process.cpuUsage(); !done; last = process.cpuUsage()) {
    await setImmediate()
    const { user, system } = process.cpuUsage(last)
    found.push((user + system) / 1000)
  }
  return found.sort((a, b) => b - a)
}

describe('list', function () {
  this.timeout(60_000)
  before(function () {
    requires(this, 'root')
  })

  it('list() lets the event loop turn while it looks at thousands of processes', async () => {
    const script = `i=0; while [ $i -lt ${PROCESSES} ]; do sleep 300 & i=$((i+1)); done; echo; wait`
    await using many = await launch(['sh', '-c', script], namespaces('pid', 'uts'), {
      env: { PATH: '/usr/bin:/bin' },
      stdin: 'ignore',
    })
    await once(many.stdout!, 'data')
    await list() // compiled by now
    const work = list()
    const found = await turns(work)
    const mine = (await work).find(({ type, pids }) => type === 'uts' && pids.includes(many.pid))
    expect(mine?.pids).to.have.length(PROCESSES + 1)
    // The garbage collector may have its turn now and then.
    expect(found.length).to.be.above(20)
    expect(found[Math.floor(found.length / 100)]).to.be.below(slowness())
  })

  it('sliced() takes every item in order, and yields when its time is over', async () => {
    const seen: number[] = []
    const spin = (item: number) => {
      seen.push(item)
      for (const end = performance.now() + 0.2; performance.now() < end;);
    }
    const found = await turns(sliced([1, 2, 3, 4, 5, 6, 7, 8], spin))
    expect(seen).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8])
    expect(found.length).to.be.at.least(4)
  })
})
