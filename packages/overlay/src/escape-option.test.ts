import { expect } from 'chai'
import fc from 'fast-check'

import { escapeOption, splitLowerdir } from './escape-option.js'

describe('escapeOption()', () => {
  it('escapeOption() puts a backslash before a colon, a comma and a backslash', () => {
    expect(escapeOption('/a:b,c\\d e')).to.equal('/a\\:b\\,c\\\\d e')
  })

  it('escapeOption() refuses a NUL byte', () => {
    expect(() => escapeOption('/a\0b')).to.throw(TypeError, 'it holds a NUL byte')
  })

  it('splitLowerdir() undoes what escapeOption() and a colon between did', () => {
    const path = fc.string({ unit: fc.constantFrom('a', '/', ':', ',', '\\', ' ', 'é'), minLength: 1 })
    fc.assert(
      fc.property(fc.array(path, { minLength: 1 }), (paths) => {
        expect(splitLowerdir(paths.map(escapeOption).join(':'))).to.deep.equal(paths)
      })
    )
  })
})
