import { execFile } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { IsoError } from '@iso/native'
import { requires } from '@iso/testing'
import { expect } from 'chai'

import { Cgroup } from './group.js'
import { detectLayout } from './layout.js'
import { Real } from './real.test-util.js'

const failed = async (promise: Promise<unknown>): Promise<IsoError> => {
  try {
    await promise
  } catch (error) {
    expect(error).to.be.instanceOf(IsoError)
    return error as IsoError
  }
  return expect.fail('it worked')
}

describe('group', () => {
  it('of() finds the group of a process, and will not freeze, kill or remove the root', async function () {
    requires(this, 'root', 'cgroup2')
    expect((await Cgroup.of(process.pid).stat()).cpu?.usageUs).to.be.above(0)
    // Not of PID 2, which is in the real root: a broken guard would be the end of this machine.
    const directory = mkdtempSync(join(tmpdir(), 'iso-root-'))
    const v2 = { mountPoint: directory, path: '/', directory, controllers: [] }
    const root = Cgroup.of(1, { layout: { mode: 'v2', v1: {}, v2 } })
    for (const action of [() => root.freeze(), () => root.kill(), () => root.remove()])
      expect((await failed(action())).code).to.equal('ISO_CGROUP_ROOT')
    rmdirSync(directory)
    for (const one of [...Object.values(detectLayout({ pid: 2 }).v1), detectLayout({ pid: 2 }).v2!])
      expect(one.directory).to.equal(one.mountPoint)
    expect(() => Cgroup.of(4_194_303)).to.throw(IsoError)
  })

  it('create() explains a hierarchy that is full', async function () {
    requires(this, 'root', 'cgroup2')
    const real = new Real()
    const group = await real.group({ unified: { 'cgroup.max.descendants': '0' } })
    const unified = group.directories['unified']!
    const below = { mode: 'v2', v1: {}, v2: { ...detectLayout().v2!, directory: unified } } as const
    const error = await failed(Cgroup.create({ name: 'one', parent: '', controllers: [], layout: below }))
    expect(error).to.include({ code: 'ISO_CGROUP_CREATE', errnoName: 'EAGAIN' })
    expect(error.hint).to.include('cgroup.max.descendants')
    await real.end()
  })

  it('create() fails with what would help where the user may not', async function () {
    requires(this, 'root')
    const script = `import { Cgroup } from '${import.meta.resolve('./group.js')}'
      process.setgroups([]); process.setgid(65534); process.setuid(65534)
      await Cgroup.create({ name: 'not-mine', parent: '/' }).catch((error) => console.log(error.code, error.errnoName, error.hint))`
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])
    expect(stdout).to.equal(
      'ISO_CGROUP_CREATE EACCES the parent belongs to another user or is not delegated to this one\n'
    )
  })
})
