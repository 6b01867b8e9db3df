import { expect } from 'chai'

import type { Step } from '../operations.gen.js'
import { launch } from './launch.js'

const read = (path: string, label: string): Step => ({ op: 'readFile', side: 'after', path, label })

async function labels(...steps: Step[]): Promise<string[]> {
  const child = await launch(['/proc/self/exe'], steps, {
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'ignore',
    parked: true,
  })
  await child.start(['/bin/true'])
  const { receipt } = await child.exit
  await child.close()
  return Object.keys(receipt)
}

describe('steps after the exit', () => {
  it('an alternative runs in place of its step, not beside it', async () => {
    const either = (path: string): Step => ({
      ...read(path, 'first'),
      onError: { else: [read('/proc/uptime', 'second')] },
    })
    expect(await labels(either('/proc/version'))).to.deep.equal(['first'])
    expect(await labels(either('/proc/not-there'))).to.deep.equal(['second'])
  })

  it('a step that fails does not keep the next ones from running', async () => {
    expect(await labels(read('/proc/not-there', 'first'), read('/proc/uptime', 'second'))).to.deep.equal(['second'])
  })
})
