import { expect } from 'chai'
import { existsSync, mkdirSync } from 'node:fs'
import { text } from 'node:stream/consumers'

import { launch, mount, shutdown, umount2, type Step } from '@iso/native'
import { requires } from '@iso/testing'

import { kernelAtLeast } from './internal/kernel-version.js'
import { overlayOrCopy } from './overlay-or-copy.js'
import { probe } from './probe.js'
import { Scratch } from './scratch.test.support.js'

describe('overlayOrCopy()', () => {
  let scratch: Scratch
  const mounted: string[] = []

  before(function () {
    requires(this, 'root', 'overlay')
    scratch = new Scratch()
  })
  afterEach(() => {
    for (const path of mounted.splice(0).reverse()) umount2(path, ['detach'])
  })
  after(() => {
    scratch?.remove()
    shutdown()
  })

  /** Two overlays on one another, the deepest the kernel goes. */
  function deep(): string {
    let lower = scratch.tree('deep/lowest', { 'd/file': 'deep', gone: 'x' })
    for (const level of ['one', 'two']) {
      const [upper, work, target] = ['upper', 'work', 'merged'].map((name) =>
        scratch.tree(`deep/${level}/${name}`)
      ) as [string, string, string]
      mount({
        source: 'overlay',
        target,
        fstype: 'overlay',
        data: `lowerdir=${lower},upperdir=${upper},workdir=${work}`,
      })
      mounted.push(target)
      lower = target
    }
    return lower
  }

  async function run(script: string, steps: Step[]): Promise<string> {
    await using child = await launch(['/bin/sh', '-c', `exec 2>&1; ${script}`], steps, {
      env: { PATH: '/usr/bin:/bin' },
    })
    return await text(child.stdout as NodeJS.ReadableStream)
  }

  it('overlayOrCopy() is an overlay where the kernel makes one', async () => {
    await using root = await overlayOrCopy({ lower: ['/usr'], tmpfs: true, copyTo: `${scratch.path}/never` })
    expect(root).to.include({ kind: 'overlay' }).and.not.have.property('cause')
    expect(existsSync(`${scratch.path}/never`)).to.equal(false)
    expect(await run('echo x > /bin/new; cat /bin/new', root.steps)).to.equal('x\n')
  })

  it('overlayOrCopy() copies what is nested too deep, and removes the copy', async () => {
    const lower = deep()
    const copyTo = `${scratch.path}/copy`
    mkdirSync(`${scratch.path}/here`)
    const root = await overlayOrCopy({ lower: [lower], tmpfs: true, copyTo, target: `${scratch.path}/here` })
    expect(root.kind).to.equal('copy')
    expect(root.cause?.errnoName).to.equal('EINVAL')
    expect(await run(`cd ${scratch.path}/here; cat d/file; echo changed > d/file; cat d/file`, root.steps)).to.equal(
      'deepchanged\n'
    )
    await root.remove()
    await root.remove()
    expect(existsSync(copyTo)).to.equal(false)
  })

  it('overlayOrCopy() copies nothing for a directory that is missing', async () => {
    const outcome = await overlayOrCopy({
      lower: ['/no/such/place'],
      tmpfs: true,
      copyTo: `${scratch.path}/none`,
    }).then(() => 'made', String)
    expect(outcome).to.include('ENOENT')
    expect(existsSync(`${scratch.path}/none`)).to.equal(false)
  })

  it('overlayOrCopy() asks within the steps it is given', async () => {
    // In a user namespace without marks of its own the machine's root cannot be a layer: its submounts are locked.
    const within: Step[] = [
      { op: 'clone', namespaces: ['user'] },
      { op: 'idMap', kind: 'uid', map: '0 0 1\n' },
      { op: 'idMap', kind: 'gid', map: '0 0 1\n' },
    ]
    const outcome = await overlayOrCopy({
      lower: ['/'],
      tmpfs: true,
      copyTo: `${scratch.path}/x`,
      within,
      signal: AbortSignal.abort(new Error('would copy')),
    }).then(() => 'made', String)
    expect(outcome).to.equal('Error: would copy')
  })

  it('probe() tries both interfaces', async () => {
    const { causes, ...found } = await probe()
    const whole = kernelAtLeast(6, 8)
    expect(found).to.deep.equal({ apis: whole ? ['fsconfig', 'mount'] : ['mount'], userxattr: true, maxLowers: 500 })
    expect(causes.map((cause) => cause.split(':')[0])).to.deep.equal(whole ? [] : ['fsconfig'])
  })
})
