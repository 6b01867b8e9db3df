import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect } from 'chai'

import { parseVariable, readEnvFile } from './environment.js'

describe('readEnvFile()', () => {
  let directory: string
  before(() => (directory = mkdtempSync(join(tmpdir(), 'iso-cli-'))))
  after(() => rmSync(directory, { recursive: true }))

  const read = (content: string | Uint8Array, caller = {}) => {
    const file = join(directory, 'env')
    writeFileSync(file, content)
    return readEnvFile(file, caller)
  }

  it('readEnvFile() takes values as they stand: quotes, blanks, equals signs', () => {
    expect(read('A="x y" \nB=c=d\nC=\n')).to.deep.equal([
      ['A', '"x y" '],
      ['B', 'c=d'],
      ['C', ''],
    ])
  })

  it('readEnvFile() ignores comments, empty lines, blanks before a line, a byte order mark, and CR', () => {
    expect(read('\ufeff# no\r\n\r\n  # no\n   A=1\r\n')).to.deep.equal([['A', '1']])
    expect(read('A=#1')).to.deep.equal([['A', '#1']])
  })

  it('readEnvFile() takes the value of the caller for a bare name', () => {
    expect(read('A\nB\n', { A: 'here' })).to.deep.equal([['A', 'here']])
  })

  it('readEnvFile() names file and line of what it refuses', () => {
    expect(() => read('A=1\nB C=2')).to.throw(TypeError, `${directory}/env:2: the name "B C" has white space in it`)
    expect(() => read('=1')).to.throw(TypeError, 'env:1: no name in "=1"')
    expect(() => read(Uint8Array.of(0x41, 0x3d, 0xff))).to.throw(TypeError, 'the file is not UTF-8')
    expect(() => readEnvFile(join(directory, 'absent'), {})).to.throw('ENOENT')
  })
})

describe('parseVariable()', () => {
  it('parseVariable() splits at the first equals sign', () => {
    expect(parseVariable('A=b=c', {})).to.deep.equal(['A', 'b=c'])
    expect(parseVariable('A=', { A: 'x' })).to.deep.equal(['A', ''])
    expect(parseVariable('A', {})).to.equal(undefined)
  })
})
