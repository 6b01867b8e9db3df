import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect } from 'chai'

import { makeSources, parseVolume } from './volume.js'

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
  it('makeSources() makes what is missing, and leaves what is there alone', () => {
    const directory = mkdtempSync(join(tmpdir(), 'iso-cli-'))
    try {
      writeFileSync(join(directory, 'file'), 'x')
      makeSources([`${directory}/a/b:/x:ro`, `${directory}:/y`])
      expect(existsSync(join(directory, 'a/b'))).to.equal(true)
      expect(() => makeSources([`${directory}/file:/x`])).not.to.throw()
    } finally {
      rmSync(directory, { recursive: true })
    }
  })
})
