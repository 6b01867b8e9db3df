import { expect } from 'chai'
import fc from 'fast-check'

import { IsoError } from '@iso/native'

import { digestOf, digestParts, isDigest } from './digest.js'
import { familiarName, formatReference, parseReference, withTag } from './reference.js'

const D = `sha256:${'a'.repeat(64)}`

describe('reference', () => {
  // Texts and results from the documentation and the tests of the grammar's authors, as facts.
  const WHOLE: [string, string, string?][] = [
    ['busybox', 'docker.io/library/busybox', 'busybox'],
    ['library/busybox', 'docker.io/library/busybox', 'busybox'],
    ['docker.io/busybox:1', 'docker.io/library/busybox:1', 'busybox:1'],
    ['index.docker.io/team/app', 'docker.io/team/app', 'team/app'],
    ['team/app:v1', 'docker.io/team/app:v1', 'team/app:v1'],
    ['localhost/app', 'localhost/app'],
    ['localhost:5000/app', 'localhost:5000/app'],
    ['quay.io/a/b/c:T_a.g-1', 'quay.io/a/b/c:T_a.g-1'],
    ['UPPER/app', 'UPPER/app'],
    ['[2001:db8::1]:5000/app:x', '[2001:db8::1]:5000/app:x'],
    [`busybox@${D}`, `docker.io/library/busybox@${D}`, `busybox@${D}`],
    [`a.b/c:t@${D}`, `a.b/c:t@${D}`],
    ['a__b/c.d-e--f', 'docker.io/a__b/c.d-e--f', 'a__b/c.d-e--f'],
    ['xn--n3h.com/myimage', 'xn--n3h.com/myimage'],
    ['docker/docker', 'docker.io/docker/docker', 'docker/docker'],
    ['library/foo/bar', 'docker.io/library/foo/bar', 'library/foo/bar'],
  ]
  for (const [text, whole, short = text] of WHOLE)
    it(`parseReference() makes ${text.slice(0, 40)} whole`, () => {
      expect(formatReference(parseReference(text))).to.equal(whole)
      expect(familiarName(parseReference(text))).to.equal(short)
      expect(parseReference(whole)).to.deep.equal(parseReference(text))
    })

  const WRONG = [
    '',
    ':tag',
    'a//b',
    '/a',
    'a/',
    'Docker',
    'docker.io/Team/app',
    'a:',
    'a:-x',
    `a:${'t'.repeat(129)}`,
    'a@sha256:abc',
  ]
  WRONG.push(
    `a@md5:${'a'.repeat(32)}`,
    'a'.repeat(64),
    'a___b',
    'a-',
    '-a/b',
    'a..b/c',
    'localhost:x/a',
    '../etc/passwd',
    'a b'
  )
  WRONG.push('http://a/b', `x.y/${'a'.repeat(256)}`, `a@${D.toUpperCase()}`, 'a\n', 'ünï')
  for (const text of WRONG)
    it(`parseReference() refuses ${JSON.stringify(text.slice(0, 40))}`, () => {
      expect(() => parseReference(text))
        .to.throw(IsoError)
        .that.includes({ code: 'ISO_REFERENCE' })
    })

  it('parseReference() takes or refuses any text, and what it takes goes round', () => {
    const letters = fc.string({
      unit: fc.constantFrom('a', 'B', '0', '/', ':', '.', '-', '_', '@', '['),
      maxLength: 12,
    })
    fc.assert(
      fc.property(letters, (text) => {
        try {
          const parsed = parseReference(text)
          expect(parseReference(formatReference(parsed))).to.deep.equal(parsed)
          expect(parseReference(familiarName(parsed))).to.deep.equal(parsed)
        } catch (error) {
          if (!(error instanceof IsoError)) throw error
        }
      }),
      { numRuns: 3000 }
    )
  })

  it('withTag() adds latest where there is neither tag nor digest', () => {
    expect(withTag(parseReference('a')).tag).to.equal('latest')
    expect(withTag(parseReference('a:b')).tag).to.equal('b')
    expect(withTag(parseReference(`a@${D}`))).not.to.have.property('tag')
  })

  it('digestParts() takes sha256 and sha512 in lower case only', () => {
    expect(digestOf('')).to.equal('sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    expect(digestParts(digestOf('x', 'sha512')).algorithm).to.equal('sha512')
    for (const bad of [
      'sha256:',
      `sha256:${'A'.repeat(64)}`,
      `md5:${'a'.repeat(32)}`,
      `sha256:${'a'.repeat(63)}/`,
      5,
      undefined,
    ]) {
      expect(() => digestParts(bad))
        .to.throw(IsoError)
        .that.includes({ code: 'ISO_DIGEST' })
      expect(isDigest(bad)).to.equal(false)
    }
  })
})
