import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect } from 'chai'

import { makeSources, missingSources, parseVolume } from './volume.js'

describe('parseVolume()', () => {
  it('parseVolume() makes a relative source absolute', () => {
    expect(parseVolume('.:/a')).to.equal(`${process.cwd()}:/a`)
    expect(parseVolume('./x/../y:/a:ro')).to.equal(`${join(process.cwd(), 'y')}:/a:ro`)
  })

  it('parseVolume() takes out options that mean nothing here, and leaves others to the runtime', () => {
    expect(parseVolume('/a:/b:z', false)).to.equal('/a:/b')
    expect(parseVolume('/a:/b:Z,ro,cached,rslave', false)).to.equal('/a:/b:ro,rslave')
    expect(parseVolume('/a:/b:what', false)).to.equal('/a:/b:what')
  })

  it('parseVolume() does not promise labels it cannot give', () => {
    expect(() => parseVolume('/a:/b:ro,z', true)).to.throw(TypeError, 'asks for new SELinux labels')
  })
})

describe('makeSources()', () => {
  let directory: string
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'iso-cli-'))))
  afterEach(() => rmSync(directory, { recursive: true }))

  it('missingSources() names what is not there', () => {
    writeFileSync(join(directory, 'file'), 'x')
    expect(missingSources([`${directory}/a/b:/x:ro`, `${directory}:/y`, `${directory}/file:/z`])).to.deep.equal([
      `${directory}/a/b`,
    ])
  })

  it('makeSources() makes directories, and takes back those that are empty', () => {
    mkdirSync(join(directory, 'there'))
    const undo = makeSources([`${directory}/a/b`, `${directory}/there/c`, `${directory}/d`])
    expect(['a/b', 'there/c', 'd'].every((name) => existsSync(join(directory, name)))).to.equal(true)
    writeFileSync(join(directory, 'd/kept'), 'x')
    undo()
    expect(readdirSync(directory).sort()).to.deep.equal(['d', 'there'])
    expect(readdirSync(join(directory, 'there'))).to.deep.equal([])
  })

  it('makeSources() leaves nothing where one of them cannot be made', () => {
    writeFileSync(join(directory, 'file'), 'x')
    expect(() => makeSources([`${directory}/a`, `${directory}/file/b`])).to.throw('ENOTDIR')
    expect(readdirSync(directory)).to.deep.equal(['file'])
  })
})
