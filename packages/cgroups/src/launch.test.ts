import { once } from 'node:events'
import { existsSync, readFileSync, statSync } from 'node:fs'

import { IsoError, launch, type Step } from '@iso/native'
import { requires } from '@iso/testing'
import { expect } from 'chai'

import { cgroup, type CgroupOptions } from './cgroup.js'
import { fakeV1 } from './fake-kernel.test-util.js'
import { Cgroup } from './group.js'
import { detectLayout } from './layout.js'
import { DOCKER_DEVICES } from './options/devices.js'
import { joinCgroup } from './join-cgroup.js'
import { parseReceipt } from './receipt.js'

let count = 0

async function run(script: string, limits: Partial<CgroupOptions>) {
  const steps = cgroup({
    name: `launch-${process.pid}-${count++}`,
    controllers: ['memory', 'cpuacct', 'pids'],
    ...limits,
  })
  const child = await launch(['sh', '-c', script], steps, {
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'ignore',
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
  })
  let output = ''
  for await (const chunk of child.stdout!) output += String(chunk)
  const status = await child.exit
  await child.close()
  const left = steps.flatMap((step) =>
    step.op === 'cgroupCreate' && !step.exist && existsSync(step.path) ? [step.path] : []
  )
  return { output, status, usage: parseReceipt(status.receipt, status), left }
}

describe('launch', function () {
  this.timeout(20_000)
  before(function () {
    requires(this, 'root', { controller: 'memory' }, { controller: 'pids' }, { controller: 'cpu' })
  })

  it('cgroup() puts the program under its limits from its first instruction, and removes the groups', async () => {
    const { output, status, left } = await run('cat /proc/self/cgroup', { memory: '1g', pids: 20, cpus: 1 })
    expect(status.exitCode).to.equal(0)
    for (const line of output.trim().split('\n')) {
      const controller = line.split(':')[1]
      if (['memory', 'pids', 'cpu', ''].includes(controller!)) expect(line).to.match(/\/iso\/launch-\d+-\d+$/)
    }
    expect(left).to.deep.equal([])
  })

  it('cgroup() with namespace shows the program the roots alone', async () => {
    const { output } = await run('cat /proc/self/cgroup', { memory: '1g', pids: 20, namespace: true })
    expect(
      output
        .split('\n')
        .filter((line) => /:(memory|pids|):/.test(line))
        .map((line) => line.split(':')[2])
    ).to.satisfy((paths: string[]) => paths.length > 0 && paths.every((path) => path === '/'))
  })

  it('parseReceipt() has peak memory, CPU time, processes and their sources after the exit', async () => {
    const { usage } = await run(
      'x=$(head -c 20000000 /dev/zero | tr "\\0" x); i=0; while [ $i -lt 50000 ]; do i=$((i+1)); done',
      { memory: '200m', pids: 20 }
    )
    expect(usage.memoryPeakBytes?.value).to.be.within(20_000_000, 200 * 2 ** 20)
    expect(usage.cpuUs?.value).to.be.above(5000)
    expect(usage.cpuUs?.source).to.equal('cpu.stat')
    expect(usage.pidsPeak?.value).to.be.within(2, 20)
    expect(usage.oomKills?.value).to.equal(0)
  })

  it('parseReceipt() shows that memory ran out', async () => {
    const { status, usage, left } = await run('exec tail /dev/zero', { memory: { max: '16m' } })
    expect(status.signal).to.equal('SIGKILL')
    expect(usage.oomKills?.value).to.equal(1)
    expect(usage.memoryLimitHits?.value).to.be.above(0)
    expect(left).to.deep.equal([])
  })

  it('parseReceipt() shows refused forks and throttling', async () => {
    const forks = await run('(true); true', { pids: 1 })
    expect(forks.usage.pidsLimitHits?.value).to.be.above(0)
    const busy = await run('i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done', {
      cpu: { quotaUs: 5000, periodUs: 20_000 },
    })
    expect(busy.usage.throttledPeriods?.value).to.be.above(0)
    expect(busy.usage.throttledUs?.value).to.be.above(0)
  })

  it('cgroup() kills what the program leaves behind, a fork bomb too', async () => {
    const { left } = await run('bomb() { while :; do bomb & bomb; done; }; bomb & sleep 0.2', { pids: 30 })
    expect(left).to.deep.equal([])
  })

  it('cgroup() does so with v1 alone', async function () {
    requires(this, { controller: 'pids', version: 1 })
    const layout = { mode: 'v1', v1: detectLayout().v1 } as const
    const { left, usage } = await run('bomb() { while :; do bomb & bomb; done; }; bomb & sleep 0.2', {
      pids: 30,
      layout,
    })
    expect(left).to.deep.equal([])
    expect(usage.pidsPeak?.value).to.equal(30)
    expect(usage.cpuUs?.source).to.equal(layout.v1['cpuacct'] === undefined ? 'rusage' : 'cpuacct.usage')
  })

  it('cgroup() holds a container whose root is nobody on the host', async () => {
    const map = (kind: 'uid' | 'gid') => ({ op: 'idMap', kind, map: '0 100000 65536\n' }) as const
    const steps: Step[] = [
      ...cgroup({ name: `launch-${process.pid}-remap`, memory: '64m', pids: 10, namespace: true }),
      { op: 'clone', namespaces: ['user'] },
      map('uid'),
      map('gid'),
      { op: 'setgroups', gids: [] },
      { op: 'setgid', gid: 0 },
      { op: 'setuid', uid: 0 },
    ]
    const child = await launch(['sh', '-c', 'grep -E "pids|memory" /proc/self/cgroup; (true)'], steps, {
      stdout: 'pipe',
    })
    let output = ''
    for await (const chunk of child.stdout!) output += String(chunk)
    const status = await child.exit
    await child.close()
    expect(output).to.match(/^(\d+:[\w,]+:\/\n)*$/)
    expect(parseReceipt(status.receipt).pidsPeak?.value).to.be.within(1, 10)
  })

  it('cgroup() keeps the program from devices, by v1 files or the v2 program', async () => {
    const { output } = await run('echo x > /dev/null && echo null; (exec 3< /dev/loop0) && echo disk; echo done', {
      devices: DOCKER_DEVICES,
    })
    expect(output).to.equal('null\ndone\n')
  })

  it('cgroup() attaches the v2 program on this kernel', async function () {
    requires(this, 'cgroup2')
    const { v2 } = detectLayout()
    const steps = cgroup({ devices: DOCKER_DEVICES, layout: { mode: 'v2', v1: {}, v2: v2! } })
    expect(steps.some((step) => step.op === 'deviceProgram')).to.equal(true)
    const child = await launch(['sh', '-c', 'echo x > /dev/null && (exec 3< /dev/loop0) || echo refused'], steps, {
      stdout: 'pipe',
      stderr: 'ignore',
    })
    let output = ''
    for await (const chunk of child.stdout!) output += String(chunk)
    await child.close()
    expect(output).to.equal('refused\n')
  })

  it('update() replaces the v2 program of a live group: what was refused is allowed again', async function () {
    requires(this, 'cgroup2')
    const { Real } = await import('./real.test-util.js')
    const real = new Real()
    const layout = { mode: 'v2', v1: {}, v2: detectLayout().v2! } as const
    const group = await real.group({ devices: DOCKER_DEVICES, layout })
    const ask = async () => {
      const { begin, output } = await real.shell('(exec 3< /dev/zero) && echo yes || echo no', group)
      begin()
      return (await output).trim()
    }
    try {
      expect(await ask()).to.equal('yes')
      await group.update({ devices: [{ allow: false, type: 'a', access: 'rwm' }] })
      expect(await ask()).to.equal('no')
      await group.update({ devices: DOCKER_DEVICES })
      expect(await ask()).to.equal('yes')
    } finally {
      await real.end()
    }
  })

  it('cgroup() hands a v2 group over to its owner, and not its limits', async function () {
    requires(this, 'cgroup2', { program: 'setpriv' })
    const script = `
      D=${detectLayout().v2!.mountPoint}$(sed -n 's/^0:://p' /proc/self/cgroup)
      as() { setpriv --reuid 65534 --regid 65534 --clear-groups sh -c "$1" 2>/dev/null; }
      as "mkdir $D/below && echo made"
      as "echo 5 > $D/cgroup.max.descendants" || echo refused
      as "echo 0 > $D/below/cgroup.procs && cat /proc/self/cgroup" | sed -n 's/^0::.*\\/below$/moved/p'
      as "rmdir $D/below && echo gone"`
    const { output, left } = await run(script, { owner: { uid: 65534, gid: 65534 } })
    expect(output).to.equal('made\nrefused\nmoved\ngone\n')
    expect(left).to.deep.equal([])
    const group = await Cgroup.create({ name: `owner-${process.pid}`, owner: { uid: 65534, gid: 100 } })
    const { unified = '', ...v1 } = group.directories
    const owner = (path: string) => `${statSync(path).uid}:${statSync(path).gid}`
    expect([unified, `${unified}/cgroup.procs`, `${unified}/cgroup.freeze`].map(owner)).to.deep.equal([
      '65534:100',
      '65534:100',
      '0:0',
    ])
    for (const directory of Object.values(v1)) expect(owner(directory)).to.equal('0:0')
    await group.remove()
  })

  it('cgroup() hands no v1 group over, and refuses what is no owner', () => {
    const kernel = fakeV1()
    const owner = { uid: 1, gid: 1 }
    expect(() => cgroup({ owner, layout: kernel.layout() })).to.throw(IsoError, 'cgroup v1 has no such limit')
    kernel.remove()
    expect(() => cgroup({ owner: { uid: -1, gid: 1 } })).to.throw(RangeError, 'uid: -1 is negative')
    expect(() => cgroup({ owner: { uid: 1 } as never })).to.throw(TypeError, 'gid: undefined is not a number')
  })

  it('create() attaches the v2 program to a live group', async function () {
    requires(this, 'cgroup2')
    const { Real } = await import('./real.test-util.js')
    const real = new Real()
    const group = await real.group({ devices: DOCKER_DEVICES, layout: { mode: 'v2', v1: {}, v2: detectLayout().v2! } })
    const { child, begin, output } = await real.shell(
      '(exec 3< /dev/zero) && echo zero; (exec 3< /dev/loop0) || echo refused',
      group
    )
    begin()
    await once(child, 'exit')
    expect(await output).to.equal('zero\nrefused\n')
    await real.end()
  })

  it('open() finds the group of a running launch', async () => {
    const name = `launch-${process.pid}-open`
    const child = await launch(['sleep', '100'], cgroup({ name, pids: 9 }), {
      stdout: 'ignore',
      stderr: 'ignore',
      stdin: 'ignore',
    })
    const group = Cgroup.open({ name })
    expect(await group.pids()).to.deep.equal([child.pid])
    expect((await group.stat()).pids).to.include({ limit: 9, current: 1 })
    await group.kill()
    expect((await child.exit).signal).to.equal('SIGKILL')
    await child.close()
  })

  it('joinCgroup() puts another program into the groups of a running one', async () => {
    const name = `launch-${process.pid}-join`
    const quiet = { stdin: 'ignore', stdout: 'ignore', stderr: 'ignore' } as const
    const first = await launch(['sleep', '100'], cgroup({ name, pids: 9, memory: '64m' }), quiet)
    const group = Cgroup.open({ name })
    for (const target of [{ pid: first.pid }, { name }]) {
      const second = await launch(['sleep', '100'], joinCgroup(target), quiet)
      expect(await group.pids()).to.have.members([first.pid, second.pid])
      expect(membership(second.pid)).to.equal(membership(first.pid))
      await second.close()
      expect(await group.pids()).to.deep.equal([first.pid])
    }
    await first.close()
    expect(joinCgroup({ pid: process.pid })).to.deep.equal([])
    expect(() => joinCgroup({ pid: 4_194_303 })).to.throw(IsoError)
  })
})

function membership(pid: number): string {
  return readFileSync(`/proc/${pid}/cgroup`, 'utf8')
}
