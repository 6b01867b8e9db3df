import { expect } from 'chai'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

import { findKernel } from './catalogue.mjs'
import { cpio } from './cpio.mjs'
import { dependencies, orderModules } from './modules.mjs'
import { extractVmlinux } from './vmlinux.mjs'

const module = (depends) => Buffer.from(`\x7fELF..\0license=GPL\0depends=${depends}\0name=x\0`)

describe('kernels of the test machines', () => {
  let directory
  before(() => (directory = mkdtempSync(join(tmpdir(), 'iso-kernel-'))))
  after(() => rmSync(directory, { recursive: true }))

  it('extractVmlinux() finds and unpacks the kernel in a bzImage, and nothing else', () => {
    const payload = gzipSync(Buffer.from('\x7fELF kernel', 'latin1'))
    const image = Buffer.alloc(5 * 512 + 40 + payload.length + 4)
    image[0x1f1] = 4
    image.write('HdrS', 0x202)
    image.writeUInt32LE(40, 0x248)
    image.writeUInt32LE(payload.length + 4, 0x24c)
    payload.copy(image, 5 * 512 + 40)
    expect(extractVmlinux(image).toString('latin1')).to.equal('\x7fELF kernel')
    expect(() => extractVmlinux(Buffer.alloc(1024))).to.throw('no bzImage')
    image.fill(0, 5 * 512 + 40)
    expect(() => extractVmlinux(image)).to.throw('packed in an unknown way')
  })

  it('orderModules() puts dependencies first and leaves out what is built in', () => {
    mkdirSync(join(directory, 'kernel/fs'), { recursive: true })
    writeFileSync(join(directory, 'modules.builtin'), 'kernel/lib/virtio-ring.ko\n')
    writeFileSync(join(directory, 'kernel/fs/top.ko'), module('mid-one,virtio_ring'))
    writeFileSync(join(directory, 'kernel/fs/mid_one.ko'), module('low'))
    writeFileSync(join(directory, 'kernel/low.ko'), module(''))
    expect(orderModules(directory, ['top', 'low']).map(({ name }) => name)).to.deep.equal(['low', 'mid_one', 'top'])
    expect(() => orderModules(directory, ['gone'])).to.throw('no module gone')
    expect(dependencies(Buffer.from('no such section'))).to.deep.equal([])
  })

  it('cpio() makes an archive that busybox reads', function () {
    const content = Buffer.from('12345')
    const archive = cpio([{ path: 'init', content }, { path: 'modules' }, { path: 'modules/a', content, mode: 0o644 }])
    const listed = execFileSync('busybox', ['cpio', '-t', '-v'], { input: archive, encoding: 'utf8', stdio: 'pipe' })
    expect(listed).to.match(/^-rwxr-xr-x .* 5 .* init\ndrwxr-xr-x .* modules\n-rw-r--r-- .* 5 .* modules\/a\n/)
  })

  it('findKernel() names those there are', () => {
    expect(findKernel('6.1').source.suite).to.equal('bookworm-security')
    expect(() => findKernel('2.4')).to.throw(RangeError, 'wanted one of 6.1, 6.12')
  })
})
