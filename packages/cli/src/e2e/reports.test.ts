import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { detectLayout } from '@iso/cgroups'
import { requires } from '@iso/testing'
import { expect } from 'chai'

import type { Check } from '../doctor/check.js'
import { iso, outcomeOf, startIso } from './iso.test.support.js'

const json = async <T>(...words: string[]): Promise<T> =>
  JSON.parse((await iso([...words, '--format', 'json'])).stdout) as T

describe('iso explain', () => {
  before(function () {
    requires(this, 'root')
  })

  it('iso explain shows each step with its system call and reason, and starts nothing', async () => {
    const { stdout, code } = await iso(['explain', 'run', '-m=64m', '--hostname', 'box', 'host', 'sh', '-c', 'echo 1'])
    expect(code).to.equal(0)
    expect(stdout).to.match(/^on the host, before and beside the container\n +0 {2}mkdirat/)
    expect(stdout).to.match(
      /write +writeFile .*"(memory.limit_in_bytes|memory.max)" data="67108864".*# @iso\/cgroups: limit memory\n/
    )
    expect(stdout).to.match(/sethostname +hostname name="box"/)
    expect(stdout).to.match(/execve +sh -c "echo 1"\n\non the host, when the container has ended\n/)
  })

  it('iso explain does without the word run', async () => {
    expect((await iso(['explain', '--format=json', 'host', 'true'])).code).to.equal(0)
  })

  it('iso explain --format json keeps values of the environment to itself', async () => {
    const { stdout } = await iso(['explain', '--format', 'json', '-e', 'TOKEN=secret-value', 'host', 'true'])
    const { argv, environment, steps } = JSON.parse(stdout) as {
      argv: string[]
      environment: string[]
      steps: { op: string; syscall: string }[]
    }
    expect(argv).to.deep.equal(['true'])
    expect(environment).to.include('TOKEN')
    expect(stdout).not.to.include('secret-value')
    expect(steps.map(({ op }) => op)).to.include.members(['clone', 'pivotRoot', 'capSet', 'seccomp', 'noNewPrivs'])
  })

  it('iso explain refuses what iso run refuses', async () => {
    expect((await iso(['explain', '--pids-limit=x', 'host'])).stderr).to.equal(
      'iso: Cannot read --pids-limit: "x" is no whole number\n'
    )
    expect((await iso(['explain', '--format=yaml', 'host'])).code).to.equal(125)
  })
})

describe('iso doctor', () => {
  before(function () {
    requires(this, 'root')
  })

  it('iso doctor --format json reports checks with cause and remedy, and that containers run', async () => {
    const report = await json<{ version: string; works: boolean; checks: Check[] }>('doctor')
    expect(report.works).to.equal(true)
    expect(report.version).to.match(/^\d+\.\d+\.\d+/)
    const names = report.checks.map(({ area, name }) => `${area}/${name}`)
    expect(names).to.include.members([
      'machine/kernel',
      'cgroups/cgroup-memory',
      'filter/seccomp',
      'container/run',
      'risk/lsm',
    ])
    for (const { status, cause, name } of report.checks) if (status !== 'ok') expect(cause, name).to.be.a('string')
  })

  it('iso doctor is for people without it', async () => {
    const { stdout, code } = await iso(['doctor'])
    expect(stdout).to.match(/^Machine\n {2}ok +node/)
    expect(stdout).to.match(/\nContainers run here: \d+ ok, \d+ missing, \d+ risks, \d+ notes\n$/)
    expect(stdout).not.to.include('\u001b')
    expect(code).to.equal(0)
  })

  it('iso doctor works for an ordinary user', async function () {
    requires(this, 'ordinaryUser', 'userns')
    const { stdout } = await iso(['doctor', '--format=json'], { uid: 65534, cwd: '/' })
    const { checks } = JSON.parse(stdout) as { checks: Check[] }
    expect(checks.find(({ name }) => name === 'user')?.found).to.include('65534')
  })
})

describe('iso cgroup', () => {
  before(function () {
    requires(this, 'root')
  })

  it('iso cgroup ls lists a container while it runs, with its limits', async () => {
    const child = startIso(['run', '-m=32m', '--pids-limit=9', 'host', 'sh', '-c', 'echo ready; sleep 1000'])
    try {
      await new Promise((resolve) => child.stdout?.once('data', resolve))
      const groups = await json<
        { pids: number[]; stats: { memory?: { limitBytes: number }; pids?: { limit: number } } }[]
      >('cgroup', 'ls')
      const ours = groups.filter(({ stats }) => stats.memory?.limitBytes === 33554432 && stats.pids?.limit === 9)
      expect(ours).to.have.length(1)
      expect((await iso(['cgroup', 'ls'])).stdout).to.match(
        /^NAME +PROCESSES +LIMIT.*\n(.*\n)*[0-9a-f]{12} .* 9 .* 32 MiB/
      )
    } finally {
      child.kill('SIGINT')
      child.kill('SIGKILL')
      await outcomeOf(child)
    }
  })

  it('iso cgroup show shows where a process is', async () => {
    const { pid, directories } = await json<{ pid: number; directories: Record<string, string> }>('cgroup', 'show', '1')
    expect(pid).to.equal(1)
    expect(Object.values(directories).every((directory) => directory.startsWith('/sys/fs/cgroup'))).to.equal(true)
    expect((await iso(['cgroup', 'show'])).stdout).to.include(`process ${process.pid}, `)
    expect(await iso(['cgroup', 'show', '4194303'])).to.deep.include({
      code: 125,
      stderr: 'iso: Cannot look at process 4194303: there is none\n',
    })
  })
})

describe('iso cgroup prune', () => {
  before(function () {
    requires(this, 'root', { controller: 'pids' })
  })

  it('iso cgroup prune removes what nobody answers for any more, and says what stays', async () => {
    const parent = `prune-${process.pid}`
    const layout = detectLayout()
    const top = join((layout.v1['pids'] ?? layout.v2!).directory, parent)
    const [old, young, busy] = ['old', 'young', 'busy'].map((name) => join(top, name)) as [string, string, string]
    const sleeper = spawn('sleep', ['1000'], { stdio: 'ignore' })
    mkdirSync(top)
    try {
      // As a launch makes them, and without its lock, which ended with the supervisor.
      for (const directory of [old, young, busy]) mkdirSync(directory, { mode: 0o1755 })
      for (const directory of [old, busy]) utimesSync(directory, 0, 0)
      writeFileSync(join(busy, 'cgroup.procs'), String(sleeper.pid))
      const { stdout, stderr, code } = await iso(['cgroup', 'prune', '--parent', parent])
      expect({ stderr, code }).to.deep.equal({ stderr: '', code: 0 })
      expect(stdout).to.match(/^DIRECTORY +RESULT\n.*\/old +removed\n.*\/busy +left: processes are in it\n$/)
      expect([old, young, busy].map((directory) => existsSync(directory))).to.deep.equal([false, true, true])
      const again = await json<{ removed: string[]; left: object[] }>('cgroup', 'prune', '--parent', parent)
      expect(again).to.deep.equal({ removed: [], left: [{ directory: busy, why: 'populated' }] })
    } finally {
      sleeper.kill('SIGKILL')
      await once(sleeper, 'exit')
      for (const directory of [old, young, busy, top]) if (existsSync(directory)) rmdirSync(directory)
    }
  })
})

describe('iso ns', () => {
  before(function () {
    requires(this, 'root')
  })

  it('iso ns show says who may look at a process of another user', async function () {
    requires(this, 'ordinaryUser')
    const { stdout, stderr, code } = await iso(['ns', 'show', '1'], { uid: 65534, cwd: '/' })
    expect({ stdout, code }).to.deep.equal({ stdout: '', code: 125 })
    expect(stderr).to.match(
      /^iso: Cannot look at the namespaces of process 1: EACCES; another user's process shows them to root only .*\n$/
    )
  })

  it('iso ns ls lists a container, and iso ns show tells what it shares', async () => {
    const child = startIso([
      'run',
      '--hostname=listed',
      '--network=host',
      'host',
      'sh',
      '-c',
      'echo ready; exec sleep 4321',
    ])
    const ended = outcomeOf(child)
    try {
      await new Promise((resolve) => child.stdout?.once('data', resolve))
      const found = await json<{ type: string; inode: number; pids: number[]; command?: string; own: boolean }[]>(
        'ns',
        'ls',
        '--type=uts'
      )
      const ours = found.find(({ command }) => command === 'sleep 4321')
      expect(ours).to.deep.include({ type: 'uts', own: false })
      expect(found.filter(({ own }) => own)).to.have.length(1)
      const pid = String(ours?.pids[0])
      const { namespaces } = await json<{ namespaces: Record<string, unknown>[] }>('ns', 'show', pid)
      const of = (type: string) => namespaces.find((one) => one['type'] === type)
      expect(of('uts')).to.deep.include({ shared: false, inode: ours?.inode, hostname: 'listed', ownerUid: 0 })
      expect(of('net')).to.deep.include({ shared: true })
      expect((await iso(['ns', 'show', pid])).stdout).to.match(/^TYPE +NS +SHARED.*\n(.*\n)*uts +\d+ +no .* listed\n/)
      expect((await iso(['ns', 'ls'])).stdout).to.match(/^NS +TYPE .*\n(.*\n)*\d+ +pid +1 +\d+ +0 +sleep 4321\n/)
    } finally {
      child.kill('SIGKILL')
      await ended
    }
  })

  it('iso ns ls shows the file a namespace is pinned to', async function () {
    requires(this, { program: 'unshare' })
    const file = join(mkdtempSync(join(tmpdir(), 'iso-cli-')), 'pin')
    writeFileSync(file, '')
    expect(spawnSync('unshare', [`--net=${file}`, 'true']).status).to.equal(0)
    try {
      const found = await json<{ pinned: string[]; pids: number[] }[]>('ns', 'ls', '-t', 'net')
      expect(found.filter(({ pinned }) => pinned.includes(file)).map(({ pids }) => pids)).to.deep.equal([[]])
    } finally {
      spawnSync('umount', [file])
      rmSync(dirname(file), { recursive: true })
    }
  })
})

describe('iso caps', () => {
  it('iso caps decode names the bits of a mask', async () => {
    expect((await iso(['caps', 'decode', '0x0000000000000401'])).stdout).to.equal('CAP_CHOWN\nCAP_NET_BIND_SERVICE\n')
    expect(await json<string[]>('caps', 'decode', '3')).to.deep.equal(['CAP_CHOWN', 'CAP_DAC_OVERRIDE'])
    expect((await iso(['caps', 'decode', 'xyz'])).code).to.equal(125)
  })

  it('iso caps show shows the sets of a process', async () => {
    const { pid, bounding } = await json<{ pid: number; bounding: string[] }>('caps', 'show', String(process.pid))
    expect(pid).to.equal(process.pid)
    expect(bounding).to.include('CAP_CHOWN')
    expect((await iso(['caps', 'show'])).stdout).to.match(/\nCAP_CHOWN .* yes\n/)
  })
})

describe('iso', () => {
  it('iso --version prints the version', async () => {
    expect((await iso(['--version'])).stdout).to.match(/^\d+\.\d+\.\d+\n$/)
  })

  it('iso --help lists the commands', async () => {
    for (const words of [[], ['--help'], ['-h'], ['help']])
      expect((await iso(words)).stdout, words.join()).to.match(/\n {2}iso run +run a program in a container\n/)
    expect((await iso(['help', 'doctor'])).stdout).to.match(/^Usage: iso doctor/)
    expect((await iso(['run', '--help'])).stdout).to.match(/^Usage: iso run \[options\] IMAGE/)
  })

  it('iso refuses what is no command', async () => {
    expect(await iso(['nope'])).to.deep.include({ code: 125, stdout: '' })
    expect((await iso(['cgroup', 'nope'])).stderr).to.equal(
      "iso: unknown command 'cgroup nope'; wanted cgroup ls, cgroup show, cgroup prune\n"
    )
    expect((await iso(['--nope'])).stderr).to.equal("iso: unknown option '--nope'\n")
  })
})
