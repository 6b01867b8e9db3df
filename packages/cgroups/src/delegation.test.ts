import { mkdtempSync, readFileSync, rmdirSync } from 'node:fs'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { dirname, join } from 'node:path'

import { expect } from 'chai'
import { requires } from '@iso/testing'
import { IsoError, type Step } from '@iso/native'

import { cgroup } from './cgroup.js'
import { nestCaller } from './delegation.js'
import { fakeV2, type FakeKernel, v2Group } from './fake-kernel.test-util.js'
import { Cgroup } from './group.js'
import { detectLayout, type Layout } from './layout.js'

describe('delegation', () => {
  let kernel: FakeKernel
  describe('of a fake kernel', () => {
    afterEach(() => kernel.remove())

    it('cgroup() names cause and remedy where the own group has processes', () => {
      kernel = fakeV2({ procs: '1\n2\n', own: '' })
      expect(() => cgroup({ memory: '1m', layout: kernel.layout() }))
        .to.throw(IsoError, 'Cannot enable memory below')
        .with.property('hint')
        .that.includes('nest: true')
    })

    it('cgroup() does without controllers that are only wished for, and with those handed down already', () => {
      kernel = fakeV2({ procs: '1\n', enabled: 'pids', own: '' })
      const steps = cgroup({ pids: 5, layout: kernel.layout(), controllers: ['memory', 'cpu'] })
      const writes = steps.filter((step) => step.op === 'writeFile')
      expect(writes.map(({ path, data }) => `${path.split('/').at(-1)} ${String(data)}`)).to.deep.equal([
        'cgroup.subtree_control +pids',
        'pids.max 5',
      ])
    })

    it('cgroup() lies beside a group with processes, beneath the group above', () => {
      kernel = fakeV2({ procs: '1\n', own: '/slice/scope' })
      kernel.write(v2Group('/slice', { 'cgroup.subtree_control': 'memory pids\n' }))
      const layout = kernel.layout()
      expect(paths(cgroup({ name: 'job', memory: '1m', controllers: [], layout }))).to.deep.equal([
        'cgroupCreate /slice/iso',
        'writeFile cgroup.subtree_control +memory',
        'cgroupCreate /slice/iso/job',
        'writeFile memory.max 1048576',
      ])
      kernel.write(v2Group('/slice/iso/job'))
      const { directories } = Cgroup.open({ name: 'job', layout })
      expect(directories['unified']).to.equal(`${kernel.root}/sys/fs/cgroup/slice/iso/job`)
    })

    it('cgroup() with nest stays beneath the own group', () => {
      kernel = fakeV2({ procs: '', own: '/slice/scope' })
      kernel.write(v2Group('/slice'))
      kernel.write({ 'sys/fs/cgroup/slice/scope/iso-caller/cgroup.procs': '' })
      const steps = cgroup({ name: 'job', controllers: [], layout: kernel.layout(), nest: true })
      expect(paths(steps)).to.include('cgroupCreate /slice/scope/iso/job')
    })

    it('cgroup() enables what a limit needs from the top down, and nothing above for what is only wished for', () => {
      kernel = fakeV2({ procs: '1\n', own: '/slice/scope', controllers: 'io memory pids' })
      kernel.write({
        'sys/fs/cgroup/cgroup.subtree_control': 'memory pids\n',
        ...v2Group('/slice', { 'cgroup.controllers': 'memory pids\n', 'cgroup.subtree_control': 'memory pids\n' }),
        'sys/fs/cgroup/slice/scope/cgroup.controllers': 'memory pids\n',
      })
      const layout = kernel.layout()
      expect(paths(cgroup({ name: 'job', controllers: ['io', 'memory'], layout }))).to.deep.equal([
        'cgroupCreate /slice/iso',
        'writeFile cgroup.subtree_control +memory',
        'cgroupCreate /slice/iso/job',
      ])
      expect(paths(cgroup({ name: 'job', io: { weight: 50 }, controllers: [], layout }))).to.deep.equal([
        'writeFile /cgroup.subtree_control +io',
        'writeFile /slice/cgroup.subtree_control +io',
        'cgroupCreate /slice/iso',
        'writeFile cgroup.subtree_control +io',
        'cgroupCreate /slice/iso/job',
        'writeFile io.weight default 50',
      ])
    })

    it('create() makes the groups, hands controllers down and writes the limits', async () => {
      kernel = fakeV2()
      kernel.write({ ...v2Group('/app/iso'), ...v2Group('/app/iso/job') })
      const layout = kernel.layout()
      await Cgroup.create({ name: 'job', memory: { high: '1m' }, layout }).then(
        () => expect.fail('made it'),
        (error: IsoError) => {
          expect(error).to.include({ code: 'ISO_CGROUP_EXISTS', errnoName: 'EEXIST' })
        }
      )
      const group = await Cgroup.create({ name: 'job', memory: { high: '1m' }, layout, exist: true })
      expect(group.directories).to.deep.equal({ unified: `${kernel.root}/sys/fs/cgroup/app/iso/job` })
      expect(kernel.read('sys/fs/cgroup/app/cgroup.subtree_control')).to.equal('+memory')
      expect(kernel.read('sys/fs/cgroup/app/iso/cgroup.subtree_control')).to.equal('+memory')
      expect(kernel.read('sys/fs/cgroup/app/iso/job/memory.high')).to.equal('1048576')
    })

    it('create() takes what it made with it when a limit cannot be written', async () => {
      kernel = fakeV2()
      kernel.write(v2Group('/app/iso'))
      // A directory without the kernel's files: every write is ENOENT.
      await Cgroup.create({ name: 'job', pids: 5, layout: kernel.layout() }).then(
        () => expect.fail('made it'),
        (error: IsoError) => {
          expect(error).to.include({ code: 'ISO_CGROUP_WRITE', errnoName: 'ENOENT' })
          expect(error.message).to.include('Cannot write "5" to').and.include('pids.max')
          expect(error.hint).to.include('not enabled')
        }
      )
      expect(() => kernel.read('sys/fs/cgroup/app/iso/job')).to.throw('ENOENT')
    })

    it('nestCaller() gives up when processes keep appearing', () => {
      // The fake list never gets shorter.
      kernel = fakeV2({ procs: '4194304\n' })
      kernel.write({ 'sys/fs/cgroup/app/iso-caller/cgroup.procs': '' })
      expect(() => nestCaller(kernel.layout())).to.throw(IsoError, 'new ones keep appearing')
    })

    it('nestCaller() explains a group that is not delegated', () => {
      kernel = fakeV2({ procs: '1\n' })
      // A file where the leaf should be: mkdir(2) is refused.
      kernel.write({ 'sys/fs/cgroup/app/iso-caller': '' })
      expect(() => nestCaller(kernel.layout()))
        .to.throw(IsoError, 'EEXIST')
        .with.property('hint', 'is the cgroup delegated to this user?')
    })

    it('nestCaller() does nothing where nothing is in the way, or there is no v2', () => {
      kernel = fakeV2()
      expect(nestCaller(kernel.layout())).to.equal(`${kernel.root}/sys/fs/cgroup/app`)
      expect(nestCaller({ mode: 'none', v1: {} })).to.equal(undefined)
    })
  })

  /** What is made and written, the temporary directory left out. */
  function paths(steps: readonly Step[]): string[] {
    const short = (path: string) => path.replace(`${kernel.root}/sys/fs/cgroup`, '')
    return steps.flatMap((step) => {
      if (step.op === 'cgroupCreate') return [`cgroupCreate ${short(step.path)}`]
      return step.op === 'writeFile' ? [`writeFile ${short(step.path)} ${String(step.data)}`] : []
    })
  }

  // hugetlb is the one controller that a hybrid machine often leaves to v2.
  describe('of this kernel, with hugetlb', () => {
    let base: string
    let child: ChildProcess
    let layout: Layout
    before(function () {
      requires(this, 'root', 'cgroup2', { controller: 'hugetlb', version: 2 })
    })
    beforeEach(async () => {
      const { v2 } = detectLayout()
      const made = await Cgroup.create({ name: 'delegation-parent', controllers: ['hugetlb'] })
      base = mkdtempSync(join(dirname(made.directories['unified']!), 'delegation-'))
      await made.remove()
      child = spawn('sleep', ['100'])
      layout = {
        mode: 'v2',
        v1: {},
        v2: {
          ...v2!,
          path: '',
          // Nothing above can be seen, as in a container.
          mountPoint: base,
          directory: base,
          controllers: readFileSync(join(base, 'cgroup.controllers'), 'utf8').trim().split(' '),
        },
      }
      const { writeFileSync } = await import('node:fs')
      writeFileSync(join(base, 'cgroup.procs'), `${child.pid}`)
    })
    afterEach(async () => {
      child.kill('SIGKILL')
      await once(child, 'exit')
      const { waitUntil } = await import('./internal/wait.js')
      for (const path of [join(base, 'iso'), join(base, 'iso-caller'), base]) {
        await waitUntil(async () => {
          try {
            rmdirSync(path)
          } catch (error) {
            return (error as NodeJS.ErrnoException).code === 'ENOENT'
          }
          return true
        })
      }
    })

    it('create() refuses below a group with processes, and the kernel agrees', async () => {
      await Cgroup.create({ name: 'job', hugetlb: { '2MB': '4m' }, layout }).then(
        () => expect.fail('made it'),
        (error: IsoError) => {
          expect(error).to.include({ code: 'ISO_CGROUP_INTERNAL_PROCESS', errnoName: 'EBUSY' })
        }
      )
      const { writeKernelFile } = await import('./internal/files.js')
      await writeKernelFile(join(base, 'cgroup.subtree_control'), '+hugetlb').then(
        () => expect.fail('wrote it'),
        (error: IsoError) => expect(error.errnoName).to.equal('EBUSY')
      )
    })

    it('create() with nest moves the processes into a leaf and hands hugetlb down', async () => {
      const group = await Cgroup.create({ name: 'job', hugetlb: { '2MB': '5m' }, layout, nest: true })
      expect(readFileSync(join(base, 'iso-caller', 'cgroup.procs'), 'utf8')).to.equal(`${child.pid}\n`)
      expect((await group.stat()).hugetlb?.['2MB']).to.include({ limitBytes: 4_194_304, usageBytes: 0 })
      await group.update({ hugetlb: { '2MB': 'max' } })
      expect((await group.stat()).hugetlb?.['2MB']?.limitBytes).to.equal(null)
      // The rule from its other side: a group that hands down takes no process.
      const above = Cgroup.open({ name: 'iso', parent: '', layout })
      await above.add(child.pid!).then(
        () => expect.fail('added it'),
        (error: IsoError) => {
          expect(error).to.include({ code: 'ISO_CGROUP_WRITE', errnoName: 'EBUSY' })
          expect(error.hint).to.include('takes no process')
        }
      )
      // A caller that has been nested finds its parent again.
      const nested = { ...layout, v2: { ...layout.v2!, directory: join(base, 'iso-caller') } }
      expect(Cgroup.open({ name: 'job', layout: nested }).directories['unified']).to.equal(group.directories['unified'])
      await group.remove()
    })
  })
})
