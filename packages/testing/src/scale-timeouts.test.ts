import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect } from 'chai'

import { scaleTimeouts } from './scale-timeouts.js'

const MOCHA = createRequire(import.meta.url).resolve('mocha/bin/mocha.js')

// Both levels of suites, a test's own time-out, and a hook: 60 ms each where 30 ms are allowed.
const SPEC = `
const wait = () => new Promise((resolve) => setTimeout(resolve, 60))
describe('outer', function () {
  this.timeout(30)
  describe('inner', () => {
    before(wait)
    it('inherits', wait)
    it('sets its own', function () { this.timeout(31); return wait() })
  })
})
describe('too slow', function () {
  this.timeout(2)
  describe('inner', () => {
    it('ends', wait)
  })
})
`

describe('scaleTimeouts', () => {
  it('scaleTimeouts() multiplies each time-out once', () => {
    const directory = mkdtempSync(join(tmpdir(), 'iso-scale-'))
    try {
      const hooks = join(directory, 'hooks.mjs')
      writeFileSync(
        hooks,
        `import { scaleTimeouts } from ${JSON.stringify(new URL('scale-timeouts.js', import.meta.url))}\nscaleTimeouts(8)\n`
      )
      writeFileSync(join(directory, 'spec.cjs'), SPEC)
      const argv = [MOCHA, '--no-config', '--require', hooks, '--reporter', 'json', join(directory, 'spec.cjs')]
      const { stdout } = spawnSync(process.execPath, argv, { encoding: 'utf8' })
      const { passes, failures } = JSON.parse(stdout) as Record<'passes' | 'failures', { title: string; err: Error }[]>
      expect(passes.map(({ title }) => title)).to.deep.equal(['inherits', 'sets its own'])
      expect(failures.map(({ title, err }) => `${title}: ${err.message}`).join()).to.match(
        /^ends: Timeout of 16ms exceeded/
      )
    } finally {
      rmSync(directory, { recursive: true })
    }
  })

  it('scaleTimeouts() refuses what would shorten them', () => {
    expect(() => scaleTimeouts(0.5)).to.throw(RangeError, 'Cannot scale time-outs by 0.5')
    expect(() => scaleTimeouts(Number.NaN)).to.throw(RangeError, 'NaN')
  })
})
