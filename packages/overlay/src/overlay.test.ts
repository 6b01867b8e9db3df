import { expect } from 'chai'

import type { Step } from '@iso/native'

import { overlay } from './overlay.js'
import type { OverlayOptions } from './overlay-options.js'
import { Scratch } from './scratch.test.support.js'

const named = <Op extends Step['op']>(steps: Step[], op: Op): Extract<Step, { op: Op }>[] =>
  steps.filter((step): step is Extract<Step, { op: Op }> => step.op === op)

describe('overlay()', () => {
  it('overlay() stacks lower directories one by one below a tmpfs and pivots into the mount', () => {
    const layers = { lower: ['/srv/b', '/srv/a'], tmpfs: { sizeBytes: 65536 } }
    const steps = overlay({ ...layers, api: 'fsconfig', attachLayers: false })
    expect(steps.map(({ op }) => op)).to.deep.equal([
      'clone',
      'propagation',
      'fsMount',
      'mkdir',
      'mkdir',
      'fsMount',
      'moveMount',
      'pivotRoot',
    ])
    const [tmpfs, merged] = named(steps, 'fsMount')
    expect(tmpfs?.options).to.deep.equal(['source', 'iso-upper', 'mode', '0755', 'size', '65536'])
    expect(merged?.options).to.deep.equal([
      'source',
      'overlay',
      'lowerdir+',
      '/srv/b',
      'lowerdir+',
      '/srv/a',
      'upperdir',
      '{slot:overlay:tmpfs}/upper',
      'workdir',
      '{slot:overlay:tmpfs}/work',
    ])
    expect(merged).to.include({ fstype: 'overlay', slot: 'root', origin: '@iso/overlay' })
  })

  it('overlay() attaches its tmpfs while the overlay is made, for kernels before 6.15', () => {
    const around = (api: 'fsconfig' | 'mount', target?: string): string[] => {
      const place = target === undefined ? {} : { target }
      const steps = overlay({ lower: ['/srv/b', '/srv/a'], tmpfs: true, api, attachLayers: true, ...place })
      return steps.slice(5).map((step) => `${step.op}${'path' in step ? ` ${step.path}` : ''}`)
    }
    expect(around('fsconfig')).to.deep.equal(['moveMount /', 'fsMount', 'unmount /..', 'moveMount /', 'pivotRoot'])
    expect(around('fsconfig', '/mnt')).to.deep.equal(['moveMount /', 'fsMount', 'unmount /..', 'moveMount /mnt'])
    expect(around('mount')).to.deep.equal(['moveMount /', 'mount /', 'open /..', 'pivotRoot'])
    expect(around('mount', '/mnt')).to.deep.equal(['moveMount /', 'mount /mnt', 'unmount /..'])
  })

  it('overlay() makes a missing upper directory and a work directory beside it', () => {
    const steps = overlay({ lower: ['/srv/a'], upper: '/srv/up', api: 'fsconfig' })
    expect(named(steps, 'mkdir').map(({ path }) => path)).to.deep.equal(['/srv/up', '/srv/up.work'])
    expect(named(steps, 'fsMount')[0]?.options).to.include.members(['upperdir', '/srv/up', 'workdir', '/srv/up.work'])
  })

  it('overlay() reads back that an upper directory can be written', () => {
    const made = overlay({ lower: ['/srv/a'], upper: '/srv/up', api: 'fsconfig' })
    expect(named(made, 'fsMount').at(-1)).to.include({ fstype: 'overlay', writable: true })
    const mounted = overlay({ lower: ['/srv/a'], upper: '/srv/up', api: 'mount' })
    expect(named(mounted, 'mount').at(-1)).to.deep.include({ in: 'root', path: '.', flags: ['remount'] })
  })

  it('overlay() opens paths that an option value cannot hold', () => {
    const long = `/${'x'.repeat(200)}/${'y'.repeat(200)}`
    const steps = overlay({ lower: ['/a\\b', long, '/c:d,e f'], tmpfs: true, api: 'fsconfig' })
    expect(named(steps, 'open').map(({ path, slot }) => [path, slot])).to.deep.equal([
      ['/a\\b', 'overlay:lower:0'],
      [long, 'overlay:lower:1'],
    ])
    const options = named(steps, 'fsMount')[1]?.options ?? []
    expect(options.slice(2, 8)).to.deep.equal([
      'lowerdir+',
      '{slot:overlay:lower:0}',
      'lowerdir+',
      '{slot:overlay:lower:1}',
      'lowerdir+',
      '/c:d,e f',
    ])
  })

  it('overlay() names its features as the kernel does', () => {
    const options = { volatile: true, index: false, metacopy: true, redirectDir: 'on', xino: 'auto' } as const
    const steps = overlay({ lower: ['/srv/a'], tmpfs: true, api: 'fsconfig', ...options })
    expect(named(steps, 'fsMount')[1]?.options.slice(-10)).to.deep.equal([
      'volatile',
      '',
      'index',
      'off',
      'metacopy',
      'on',
      'redirect_dir',
      'on',
      'xino',
      'auto',
    ])
  })

  it('overlay() escapes paths in the option string of older kernels', () => {
    const steps = overlay({ lower: ['/a:b', '/c,d'], upper: '/e,f', userxattr: true, api: 'mount' })
    expect(named(steps, 'mount')[0]?.data).to.equal(
      'lowerdir=/a\\:b:/c\\,d,upperdir=/e\\,f,workdir=/e\\,f.work,userxattr'
    )
    expect(named(steps, 'open')[0]).to.include({ path: '/..', slot: 'root' })
  })

  it('overlay() fits 500 layers of any length into one page for older kernels', () => {
    const lower = Array.from({ length: 500 }, (_, at) => `/srv/layers/${'0123456789abcdef'.repeat(4)}-${at}`)
    const steps = overlay({ lower, tmpfs: true, api: 'mount' })
    expect(named(steps, 'mount')[0]?.data?.length).to.be.below(2000)
    expect(named(steps, 'symlink').map(({ target }) => target)).to.deep.equal(lower)
  })

  it('overlay() of one lower directory and no upper is a read-only bind mount', () => {
    const steps = overlay({ lower: ['/srv/a'] })
    expect(steps.map(({ op }) => op)).to.deep.equal([
      'clone',
      'propagation',
      'openTree',
      'mountSetattr',
      'moveMount',
      'pivotRoot',
    ])
    expect(named(steps, 'mountSetattr')[0]?.set).to.deep.equal(['ro'])
  })

  it('overlay() at a target mounts there and pivots nowhere', () => {
    const steps = overlay({ lower: ['/srv/a', '/srv/b'], target: '/data', in: 'root', api: 'fsconfig' })
    expect(named(steps, 'pivotRoot')).to.deep.equal([])
    expect(named(steps, 'moveMount').at(-1)).to.include({
      slot: 'overlay:/data',
      in: 'root',
      path: '/data',
      create: 'directory',
    })
  })

  it('overlay() gives the merge an alternative where a bind may stand in for it', () => {
    const [, merged] = named(overlay({ lower: ['/srv/a'], tmpfs: true, fallback: 'bind', api: 'fsconfig' }), 'fsMount')
    expect(merged?.onError?.else?.map(({ op }) => op)).to.deep.equal(['openTree', 'mountSetattr'])
  })

  describe('overlay() refuses, with the value in the message,', () => {
    const refusals: [what: string, options: OverlayOptions, message: string][] = [
      ['no layer', { lower: [] }, 'no lower directory; wanted 1 to 500'],
      [
        '501 layers',
        { lower: Array.from({ length: 501 }, (_, at) => `/l/${at}`) },
        '501 lower directories: the kernel stacks at most 500',
      ],
      ['a relative path', { lower: ['srv'] }, 'Cannot mount "srv": wanted an absolute path'],
      ['a NUL byte', { lower: ['/a\0b'] }, 'it holds a NUL byte'],
      ['upper and tmpfs', { lower: ['/a'], upper: '/b', tmpfs: true }, 'with upper and tmpfs: choose one'],
      ['work without upper', { lower: ['/a'], work: '/w' }, 'Cannot use work "/w": it needs upper'],
      [
        'work inside upper',
        { lower: ['/a'], upper: '/u', work: '/u/w' },
        'one lies inside the other; wanted two siblings',
      ],
      [
        'a negative size',
        { lower: ['/a'], tmpfs: { sizeBytes: -5 } },
        'Cannot set tmpfs.sizeBytes: -5 is no whole number from 4096',
      ],
      ['a fraction of a byte', { lower: ['/a'], tmpfs: { sizeBytes: 5000.5 } }, '5000.5 is no whole number'],
      ['volatile without upper', { lower: ['/a', '/b'], volatile: true }, 'neither upper nor tmpfs'],
      ['writable without upper', { lower: ['/a', '/b'], readonly: false }, 'neither upper nor tmpfs'],
      [
        'userxattr with metacopy',
        { lower: ['/a'], tmpfs: true, userxattr: true, metacopy: true },
        'Cannot combine userxattr with metacopy',
      ],
      [
        'userxattr with redirects',
        { lower: ['/a'], tmpfs: true, userxattr: true, redirectDir: 'on' },
        'redirectDir "on"',
      ],
      [
        'a bind in place of two layers',
        { lower: ['/a', '/b'], fallback: 'bind' },
        'a bind shows one; wanted overlayOrCopy()',
      ],
      ['in without target', { lower: ['/a'], in: 'root' }, 'Cannot use in without target'],
    ]
    for (const [what, options, message] of refusals) {
      it(`overlay() refuses ${what}`, () => expect(() => overlay(options)).to.throw(message))
    }
  })

  describe('overlay() and layers that lie inside one another', () => {
    const scratch = new Scratch()
    after(() => scratch.remove())

    it('overlay() refuses two lower directories of one file system', () => {
      const outer = scratch.tree('outer', { 'inner/': '' })
      const message = `Cannot stack "${outer}/" and "${outer}/inner/": one lies inside the other`
      expect(() => overlay({ lower: [outer, `${outer}/inner`], tmpfs: true })).to.throw(RangeError, message)
      expect(() => overlay({ lower: [outer, outer], tmpfs: true })).to.throw(RangeError, 'one lies inside the other')
    })

    it('overlay() refuses a lower directory inside the upper one, not the other way round', () => {
      const outer = scratch.tree('around', { 'inner/': '' })
      expect(() => overlay({ lower: [`${outer}/inner`], upper: outer })).to.throw(
        RangeError,
        'one lies inside the other'
      )
      expect(() => overlay({ lower: [outer], upper: `${outer}/inner` })).not.to.throw()
    })

    it('overlay() takes layers of different file systems', () => {
      expect(() => overlay({ lower: ['/', '/dev'] })).not.to.throw()
    })
  })
})
