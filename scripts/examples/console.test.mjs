import { tmpdir } from 'node:os'
import { expect } from 'chai'

import { shutdown } from '@iso/native'

import { parseSession, runConsole } from './console.mjs'

const options = { cwd: tmpdir(), terminal: false, timeoutMs: 20_000 }

describe('parseSession()', () => {
  it('parseSession() tells commands from what they print', () => {
    expect(parseSession('$ echo a \\\n>   b\na b\n$ true')).to.deep.equal([
      { command: 'echo a \\\n  b', expected: 'a b' },
      { command: 'true', expected: '' },
    ])
  })
})

describe('runConsole()', () => {
  after(() => shutdown())

  it('runConsole() types the commands into one shell and compares each', async () => {
    expect(await runConsole('$ x=\'a  b\'\n$ echo "$x"\na  b\n$ false; echo $? >&2\n1', options)).to.equal(undefined)
    expect(await runConsole('$ true\n$ echo a\nb', options)).to.include('$ echo a\nprinted:\na')
    expect(await runConsole('$ exit 0\n$ echo a\na', options)).to.include('$ exit 0')
  })

  it('runConsole() types into a terminal when the prompt is there', async () => {
    const session = "$ PS1='# ' sh\n# tty | cut -c 1-9\n/dev/pts/\n# exit"
    expect(await runConsole(session, { ...options, terminal: true })).to.equal(undefined)
    const wrong = "$ PS1='# ' sh\n# echo a\nb\n# exit"
    expect(await runConsole(wrong, { ...options, terminal: true })).to.include('# echo a\na\n# exit')
  })
})
