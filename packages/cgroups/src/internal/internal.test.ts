import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { IsoError } from '@iso/native'
import { expect } from 'chai'

import { detectLayout } from '../layout.js'
import { currentLayout } from './current-layout.js'
import { hasErrno, wrap, writeKernelFile } from './files.js'
import { pageSize, readPageSize } from './page-size.js'
import { parseLimit, parseNested } from './parse.js'
import { waitUntil } from './wait.js'

describe('internal', () => {
  let directory: string
  beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'iso-cgroups-'))))
  afterEach(() => rmSync(directory, { recursive: true }))

  it('readPageSize() finds AT_PAGESZ, and takes 4096 where there is none', () => {
    const vector = Buffer.alloc(48)
    vector.writeBigUInt64LE(33n, 0)
    vector.writeBigUInt64LE(6n, 16)
    vector.writeBigUInt64LE(65_536n, 24)
    writeFileSync(join(directory, 'auxv'), vector)
    expect(readPageSize(join(directory, 'auxv'))).to.equal(65_536)
    expect(readPageSize(join(directory, 'none'))).to.equal(4096)
    if (process.arch === 'x64') expect(pageSize()).to.equal(4096)
  })

  it('writeKernelFile() carries value, file, errno and what would help', async () => {
    const path = join(directory, 'none')
    const error = await writeKernelFile(path, '5').then(
      () => expect.fail('wrote it'),
      (one: IsoError) => one
    )
    expect(error).to.include({ code: 'ISO_CGROUP_WRITE', path, syscall: 'open', errnoName: 'ENOENT' })
    expect(error.message).to.equal(`Cannot write "5" to "${path}": ENOENT; ${error.hint}`)
    const refused = (file: string, value: string) =>
      writeKernelFile(file, value).then(
        () => expect.fail('wrote it'),
        (one: IsoError) => one.hint
      )
    expect(await refused('/proc/self/oom_score_adj', '5000')).to.include('does not take this value')
  })

  it('wrap() leaves alone what no system call said, and hasErrno() reads both kinds', () => {
    const error = new Error('other')
    expect(wrap(error, 'ISO_X', 'Cannot', '/')).to.equal(error)
    expect(hasErrno(error, 'ENOENT')).to.equal(false)
    expect(hasErrno(new IsoError('ISO_X', 'Cannot', { errno: 2 }), 'ENOENT')).to.equal(true)
  })

  it('waitUntil() gives up at its deadline', async () => {
    let asked = 0
    expect(await waitUntil(async () => ++asked === 3)).to.equal(true)
    expect(await waitUntil(async () => false, 20)).to.equal(false)
  })

  it('currentLayout() is what detectLayout() finds, the first time and later', () => {
    for (let round = 0; round < 2; round++) expect(currentLayout()).to.deep.equal(detectLayout())
  })

  it('parseLimit() and parseNested() know no limit and broken lines', () => {
    expect([undefined, 'max', '-1', '9223372036854771712', '5'].map(parseLimit)).to.deep.equal([
      undefined,
      null,
      null,
      null,
      5,
    ])
    expect(parseNested('8:0 rbps=max wbps=5 odd\n\n8:16\n')).to.deep.equal({ '8:0': { rbps: Infinity, wbps: 5 } })
  })
})
