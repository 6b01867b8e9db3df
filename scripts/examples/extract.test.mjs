import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'

import { ROOT } from '../lib/command.mjs'
import { extract } from './extract.mjs'

const FOLDER = 'build/extract-test'

describe('extract()', () => {
  const from = (name, text) => {
    writeFileSync(join(ROOT, FOLDER, name), text)
    return extract(`${FOLDER}/${name}`)
  }

  before(() => mkdirSync(join(ROOT, FOLDER), { recursive: true }))
  after(() => rmSync(join(ROOT, FOLDER), { recursive: true }))

  it('extract() finds the examples of Markdown with their lines', () => {
    const { examples, faults } = from('a.md', '# a\n\n```ts\nlet x = 1\n```\n\n```sh\nls\n```\n')
    expect(examples).to.deep.equal([{ file: `${FOLDER}/a.md`, line: 4, code: 'let x = 1' }])
    expect(faults).to.deep.equal([])
  })

  it('extract() finds the examples of doc comments and no others', () => {
    const text = '/**\n * Does.\n * ```ts\n * if (x)\n *   y()\n * ```\n */\nconst s = `\n```ts\nno\n```\n`\n'
    expect(from('b.ts', text).examples).to.deep.equal([{ file: `${FOLDER}/b.ts`, line: 4, code: 'if (x)\n  y()' }])
  })

  it('extract() attaches the output that follows', () => {
    const { examples } = from('c.md', '```ts\nf()\n```\n\n```text output\n1\n2\n```\n')
    expect(examples[0].expected).to.equal('1\n2')
  })

  it('extract() takes no-run with a reason, and not without one', () => {
    expect(from('d.md', '```ts no-run: needs two machines\nf()\n```\n').examples[0].reason).to.equal(
      'needs two machines'
    )
    expect(from('e.md', '```ts no-run\nf()\n```\n').faults).to.have.length(1)
  })

  it('extract() refuses examples that would not be run', () => {
    expect(from('f.md', '```js\nf()\n```\n').faults).to.have.length(1)
    expect(from('g.md', '```ts\nf()\n').faults).to.have.length(1)
  })

  it('extract() finds the sessions of a shell', () => {
    const { examples } = from('h.md', '```console\n$ ls\na\n```\n\n```console terminal\n$ sh\n# exit\n```\n')
    expect(examples.map(({ code, console }) => [code, console])).to.deep.equal([
      ['$ ls\na', 'shell'],
      ['$ sh\n# exit', 'terminal'],
    ])
  })

  it('extract() refuses sessions that do not begin with a command', () => {
    expect(from('i.md', '```console\nls\n```\n').faults).to.have.length(1)
    expect(from('j.md', '```console\n$ ls\n```\n```text output\na\n```\n').faults).to.have.length(1)
  })
})
