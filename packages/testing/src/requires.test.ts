import { expect } from 'chai'

import { nameOf } from './need.js'
import { probe } from './probe.js'
import { requires } from './requires.js'

describe('probe()', () => {
  it('probe() meets what is there', () => {
    expect(probe({ program: 'node' })).to.deep.equal({ met: true })
    expect(probe({ kernel: '3.8' })).to.deep.equal({ met: true })
    expect(probe({ arch: process.arch })).to.deep.equal({ met: true })
  })

  it('probe() says why something is not there, and how to enable it', () => {
    expect(probe({ kernel: '999.0' })).to.include({ met: false, enable: 'boot Linux 999.0 or newer' })
    expect(probe({ program: 'iso-no-such-program' })).to.include({ reason: 'iso-no-such-program is not installed' })
    expect(probe({ file: '/dev/iso-no-such-file' })).to.include({ met: false })
  })

  it('probe() compares kernel versions by number, not by text', () => {
    expect(probe({ kernel: '3.10' }).met).to.equal(true)
  })

  it('nameOf() gives the name an excuse uses', () => {
    expect(nameOf('sysResource')).to.equal('sysResource')
    expect(nameOf({ kernel: '6.5' })).to.equal('kernel:6.5')
    expect(nameOf({ controller: 'memory', version: 2 })).to.equal('controller:memory:v2')
  })
})

describe('requires()', () => {
  const missing = { program: 'iso-no-such-program' }
  const saved = { mustWork: process.env['ISO_MUST_WORK'], excused: process.env['ISO_EXCUSED'] }
  const set = (name: string, value: string | undefined): void => {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
  // A mocha context as requires() sees it; `skip` throws, as mocha's own does.
  const context = (): { skipped: boolean; value: Mocha.Context } => {
    const fake = {
      skipped: false,
      value: {
        test: { type: 'hook', title: '"before all" hook' },
        skip: () => {
          fake.skipped = true
        },
      } as unknown as Mocha.Context,
    }
    return fake
  }
  const quietly = (action: () => void): string => {
    const printed: string[] = []
    const log = console.log
    console.log = (text: string) => printed.push(text)
    try {
      action()
    } finally {
      console.log = log
    }
    return printed.join('\n')
  }

  afterEach(() => {
    set('ISO_MUST_WORK', saved.mustWork)
    set('ISO_EXCUSED', saved.excused)
  })

  it('requires() does nothing where every need is met', () => {
    const fake = context()
    requires(fake.value, { program: 'node' }, { kernel: '3.8' })
    expect(fake.skipped).to.equal(false)
  })

  it('requires() skips with the reason and the remedy', () => {
    set('ISO_MUST_WORK', undefined)
    const fake = context()
    const printed = quietly(() => requires(fake.value, missing))
    expect(fake.skipped).to.equal(true)
    expect(printed).to.include('iso-no-such-program is not installed').and.include('install iso-no-such-program')
  })

  it('requires() fails under ISO_MUST_WORK=1', () => {
    set('ISO_MUST_WORK', '1')
    expect(() => requires(context().value, missing)).to.throw(/needs program:iso-no-such-program/)
  })

  it('requires() skips under ISO_MUST_WORK=1 what ISO_EXCUSED names', () => {
    set('ISO_MUST_WORK', '1')
    set('ISO_EXCUSED', 'sysResource,program:iso-no-such-program')
    const fake = context()
    quietly(() => requires(fake.value, missing))
    expect(fake.skipped).to.equal(true)
  })

  it('requires() excuses all kernels by kernel, and controllers of v1 by cgroup1', () => {
    set('ISO_MUST_WORK', '1')
    set('ISO_EXCUSED', 'kernel,cgroup1')
    for (const need of [{ kernel: '99.1' }, { controller: 'no_such', version: 1 }] as const) {
      const fake = context()
      quietly(() => requires(fake.value, need))
      expect(fake.skipped).to.equal(true)
    }
    expect(() => requires(context().value, { controller: 'no_such', version: 2 })).to.throw(
      'needs controller:no_such:v2'
    )
  })

  it('requires() refuses to be called outside mocha', () => {
    set('ISO_MUST_WORK', undefined)
    const outside = { skip: () => undefined } as unknown as Mocha.Context
    expect(() => requires(outside, missing)).to.throw(TypeError)
  })
})
