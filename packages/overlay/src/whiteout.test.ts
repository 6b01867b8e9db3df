import { expect } from 'chai'
import { lstatSync } from 'node:fs'

import { requires } from '@iso/testing'

import { isOpaque, makeOpaque } from './opaque.js'
import { inOverlay, Scratch } from './scratch.test.support.js'
import { isWhiteout, makeWhiteout } from './whiteout.js'

describe('whiteouts and opaque directories', () => {
  let scratch: Scratch

  before(function () {
    requires(this, 'root', 'overlay')
    scratch = new Scratch()
  })
  after(() => scratch?.remove())

  for (const userxattr of [false, true]) {
    const where = userxattr ? 'user.overlay' : 'trusted.overlay'
    const options = userxattr ? 'userxattr' : 'index=off'

    it(`makeWhiteout() hides a name from the kernel's view (${where})`, async () => {
      const top = scratch.tree(`${where}/top`)
      await makeWhiteout(`${top}/gone`, { userxattr })
      expect(await isWhiteout(`${top}/gone`, { userxattr })).to.equal(true)
      expect(lstatSync(`${top}/gone`).isCharacterDevice()).to.equal(true)
      const lower = [top, scratch.tree(`${where}/bottom`, { gone: '1', kept: '2' })]
      expect(inOverlay({ lower, ...ends(`${where}/device`), options, script: 'ls' })).to.equal('kept\n')
    })

    it(`makeWhiteout() in its xattr form needs marks up to the root of the layer (${where})`, async function () {
      requires(this, { kernel: '6.7' })
      const top = scratch.tree(`${where}/xtop`, { 'd/': '' })
      await makeWhiteout(`${top}/d/gone`, { form: 'xattr', userxattr })
      await makeWhiteout(`${top}/also-gone`, { form: 'xattr', userxattr })
      expect(await isWhiteout(`${top}/d/gone`, { userxattr })).to.equal(true)
      expect(await isWhiteout(`${top}/d/gone`, { userxattr: !userxattr })).to.equal(false)
      const lower = [top, scratch.tree(`${where}/xbottom`, { 'd/gone': '1', 'd/kept': '2', 'also-gone': '3' })]
      expect(inOverlay({ lower, ...ends(`${where}/xattr`), options, script: 'find . -type f' })).to.equal('./d/kept\n')
    })

    it(`makeOpaque() lets nothing show through (${where})`, async () => {
      const top = scratch.tree(`${where}/otop`, { 'd/new': '1' })
      await makeOpaque(`${top}/d`, { userxattr })
      expect(await isOpaque(`${top}/d`, { userxattr })).to.equal(true)
      expect(await isOpaque(`${top}/d`, { userxattr: !userxattr })).to.equal(false)
      const lower = [top, scratch.tree(`${where}/obottom`, { 'd/old': '2' })]
      expect(inOverlay({ lower, ...ends(`${where}/opaque`), options, script: 'ls d' })).to.equal('new\n')
    })

    it(`isWhiteout() and isOpaque() recognise what the kernel makes (${where})`, async () => {
      const lower = [scratch.tree(`${where}/low`, { 'd/old': '1', file: '2' })]
      const between = ends(`${where}/kernel`)
      inOverlay({ lower, ...between, options, script: 'rm file; rm -r d; mkdir d; touch d/new' })
      expect(await isWhiteout(`${between.upper}/file`, { userxattr })).to.equal(true)
      expect(await isOpaque(`${between.upper}/d`, { userxattr })).to.equal(true)
      expect(await isWhiteout(`${between.upper}/d/new`, { userxattr })).to.equal(false)
      expect(await isOpaque(between.upper, { userxattr })).to.equal(false)
    })
  }

  it('isWhiteout() takes other devices and empty files for what they are', async () => {
    expect(await isWhiteout('/dev/null')).to.equal(false)
    expect(await isWhiteout(`${scratch.tree('plain', { empty: '' })}/empty`)).to.equal(false)
  })

  it('makeWhiteout() does not replace an entry', async () => {
    const layer = scratch.tree('taken', { name: '1' })
    for (const form of ['device', 'xattr'] as const) {
      const outcome = await makeWhiteout(`${layer}/name`, { form }).then(() => 'made', String)
      expect(outcome).to.include('EEXIST')
    }
  })

  function ends(name: string): { upper: string; work: string } {
    return { upper: scratch.tree(`${name}/upper`), work: scratch.tree(`${name}/work`) }
  }
})
