import { requires } from '@iso/testing'
import { expect } from 'chai'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { IsoError } from '../iso-error.js'
import { fsconfig, fsmount, fsopen, mount, mountSetattr, moveMount, openTree, umount2 } from './mount.js'
import { closeFd, openat2 } from './open.js'

describe('mount', () => {
  let place: string
  before(function () {
    requires(this, { capability: 'CAP_SYS_ADMIN' })
  })
  beforeEach(() => (place = mkdtempSync(join(tmpdir(), 'iso-mount-'))))
  afterEach(() => {
    for (;;) {
      try {
        umount2(place, ['detach'])
      } catch {
        break
      }
    }
    rmSync(place, { recursive: true })
  })

  const mounted = (): string =>
    readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .filter((line) => line.includes(` ${place} `))
      .join('\n')

  it('mount() and umount2() attach and let go', () => {
    mount({ source: 'iso', target: place, fstype: 'tmpfs', flags: ['nodev', 'nosuid'], data: 'size=64k,mode=700' })
    expect(mounted()).to.match(/nosuid,nodev.* - tmpfs iso rw,size=64k,mode=700/)
    umount2(place)
    expect(mounted()).to.equal('')
  })

  it('mount() says EINVAL with the target where the file system refuses an option', () => {
    expect(() => mount({ source: 'x', target: place, fstype: 'tmpfs', data: 'nonsense=1' }))
      .to.throw(IsoError)
      .that.includes({ errnoName: 'EINVAL', path: place, syscall: 'mount' })
  })

  it('fsopen() … moveMount() make, attach and fill a file system without its path', () => {
    const fs = fsopen('tmpfs')
    fsconfig(fs, { set: 'size', to: '128k' })
    expect(() => fsconfig(fs, { set: 'nonsense', to: '1' }))
      .to.throw(IsoError)
      .that.includes({ path: 'nonsense' })
    fsconfig(fs, { create: true })
    const detached = fsmount(fs, ['noexec'])
    writeFileSync(`/proc/self/fd/${detached}/file`, 'made before it was attached')
    moveMount({ fd: detached }, { path: place })
    expect(readFileSync(join(place, 'file'), 'utf8')).to.equal('made before it was attached')
    expect(mounted()).to.match(/noexec.* - tmpfs .*size=128k/)
    closeFd(detached)
    closeFd(fs)
  })

  it('openTree() clones, mountSetattr() makes the clone read-only, and the original stays as it was', () => {
    mount({ source: 'iso', target: place, fstype: 'tmpfs' })
    const clone = openTree(null, place, ['clone'])
    mountSetattr({ fd: clone }, { set: ['ro'], propagation: 'private', recursive: true })
    expect(() => writeFileSync(`/proc/self/fd/${clone}/file`, '')).to.throw('EROFS')
    writeFileSync(join(place, 'file'), '')
    mountSetattr({ fd: clone }, { clear: ['ro'] })
    writeFileSync(`/proc/self/fd/${clone}/file`, '')
    closeFd(clone)
  })

  it('moveMount() and mountSetattr() refuse a place without descriptor and path', () => {
    expect(() => mountSetattr({}, {})).to.throw(TypeError, 'neither fd nor path')
    expect(() => moveMount({}, { path: place })).to.throw(TypeError)
  })

  it('openTree() resolves beneath a descriptor', () => {
    mount({ source: 'iso', target: place, fstype: 'tmpfs' })
    writeFileSync(join(place, 'file'), 'found')
    const directory = openat2(null, place, { flags: ['path'] })
    const tree = openTree(directory, 'file', ['clone'])
    expect(readFileSync(`/proc/self/fd/${tree}`, 'utf8')).to.equal('found')
    closeFd(tree)
    closeFd(directory)
  })
})
