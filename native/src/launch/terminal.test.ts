import { once } from 'node:events'

import { expect } from 'chai'

import { launch } from './launch.js'

describe('Terminal', () => {
  const START = { env: { PATH: '/usr/bin:/bin' }, tty: { rows: 24, columns: 80 } }

  // Long enough that the program ends while its last lines still lie in the kernel.
  for (const pauseMs of [0, 2]) {
    it(`Terminal hands out everything that was written before the program ended${pauseMs === 0 ? '' : ', also to a slow reader'}`, async () => {
      await using child = await launch(['seq', '1', '50000'], [], START)
      const { terminal } = child
      if (terminal === null) throw new Error('no terminal')
      let text = ''
      terminal.on('data', (chunk: Buffer) => {
        text += chunk.toString()
        if (pauseMs === 0) return
        terminal.pause()
        setTimeout(() => terminal.resume(), pauseMs)
      })
      await once(terminal, 'end')
      expect(text.split('\r\n').slice(-3)).to.deep.equal(['49999', '50000', ''])
      expect(text).to.have.length(338_894)
    })
  }

  it('Terminal types what is written, more than the line discipline takes at once', async () => {
    await using child = await launch(['sh', '-c', 'stty raw -echo; echo ready; head -c 100000 | wc -c'], [], START)
    const { terminal } = child
    if (terminal === null) throw new Error('no terminal')
    let text = ''
    terminal.on('data', (chunk: Buffer) => {
      if (text === '') terminal.write('x'.repeat(100_000))
      text += chunk.toString()
    })
    await once(terminal, 'end')
    expect(text.trim().split(/\s+/)).to.deep.equal(['ready', '100000'])
  })
})
