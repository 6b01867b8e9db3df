import { expect } from 'chai'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { mknod, shutdown } from '@iso/native'
import { requires } from '@iso/testing'
import { failure, Rootfs } from './container.test.support.js'
import { run } from './run.js'

describe('devices of run()', function () {
  let rootfs: Rootfs
  let directory: string
  before(function () {
    requires(this, 'root', 'overlay')
    rootfs = new Rootfs()
    directory = mkdtempSync('/tmp/iso-runtime-')
    mkdirSync(`${directory}/below`)
    mknod(`${directory}/zero`, { type: 'char', mode: 0o666, major: 1, minor: 5 })
    mknod(`${directory}/below/full`, { type: 'char', mode: 0o666, major: 1, minor: 7 })
    writeFileSync(`${directory}/file`, '')
  })
  after(() => {
    rootfs?.remove()
    rmSync(directory, { recursive: true, force: true })
    shutdown()
  })
  const sh = (script: string, ...devices: string[]) => run(['sh', '-c', script], { rootfs: rootfs.path, devices })

  it('devices of a directory are all of those in it', async () => {
    const { stdout, stderr } = await sh(
      'head -c 3 /dev/many/zero | wc -c; echo x > /dev/many/below/full; ls /dev/many',
      `${directory}:/dev/many:rw`
    )
    expect(stdout).to.equal('3\nbelow\nzero\n')
    expect(stderr).to.include('No space left on device')
  })
  it('devices have the access that was asked for', async () => {
    expect((await sh('head -c 1 /dev/one | wc -c', `${directory}/zero:/dev/one:r`)).stdout).to.equal('1\n')
    const { stdout } = await sh('echo x 2>/dev/null > /dev/loops || echo refused', '/dev/loop-control:/dev/loops:r')
    expect(stdout).to.equal('refused\n')
  })
  it('devices that are none, or not there, are ISO_DEVICE', async () => {
    expect((await failure(sh('true', `${directory}/file`))).code).to.equal('ISO_DEVICE')
    expect((await failure(sh('true', '/dev/no-such'))).code).to.equal('ISO_DEVICE')
  })
})
