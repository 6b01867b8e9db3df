import { expect } from 'chai'
import { chownSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { requires } from '@iso/testing'
import { leftCgroups } from '../container.test.support.js'
import type { Hook, HookName } from '../oci/spec/hooks.js'
import { Bench, bundleCommand } from './command.test.support.js'

const NAMES: readonly HookName[] = [
  'prestart',
  'createRuntime',
  'createContainer',
  'startContainer',
  'poststart',
  'poststop',
]

describe('iso-runtime hooks', function () {
  this.timeout(60_000)
  let bench: Bench
  let log: string
  before(function () {
    requires(this, 'root')
    bundleCommand()
  })
  beforeEach(() => {
    bench = new Bench()
    log = join(bench.scratch, 'log')
  })
  afterEach(() => {
    bench.remove()
    expect(leftCgroups(bench.prefix)).to.deep.equal([])
  })

  const lines = () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').filter(Boolean) : [])
  const shell = (script: string, more: Partial<Hook> = {}): Hook => ({
    path: '/bin/sh',
    args: ['sh', '-c', script, 'hook'],
    env: ['PATH=/usr/bin:/bin', 'FROM=config'],
    ...more,
  })
  const with_ = (hooks: Partial<Record<HookName, Hook[]>>, args: string[]) =>
    bench.bundle((config) => {
      config.process!.args = args
      config.hooks = hooks as typeof config.hooks
      // startContainer hooks run inside: the log is shown there.
      config.mounts!.push({ destination: bench.scratch, type: 'bind', source: bench.scratch, options: ['bind'] })
    })

  it('hooks of all six kinds run in their order, with the state on standard input', () => {
    const hooks = Object.fromEntries(
      NAMES.map((name) => [name, [shell(`echo "${name} $0 $FROM $(readlink /proc/self/ns/uts) $(cat)" >> ${log}`)]])
    )
    const id = bench.id()
    const bundle = with_(hooks, ['sh', '-c', `echo program >> ${log}; sleep 300`])
    expect(bench.run(['create', '--bundle', bundle, id])).to.include({ status: 0, stderr: '' })
    expect(lines().map((line) => line.split(' ')[0])).to.deep.equal(NAMES.slice(0, 3))
    const { pid } = bench.state(id)
    expect(bench.run(['start', id])).to.include({ status: 0, stderr: '' })
    bench.run(['kill', id, 'KILL'])
    bench.until(id, 'stopped')
    expect(bench.run(['delete', id])).to.include({ status: 0, stderr: '' })
    const order = lines().map((line) => line.split(' ')[0])
    expect(order.filter((name) => name !== 'program')).to.deep.equal(NAMES)
    expect(order.indexOf('program')).to.be.greaterThan(order.indexOf('startContainer'))
    const states = Object.fromEntries(
      lines()
        .filter((line) => line !== 'program')
        .map((line) => [
          line.split(' ')[0],
          { words: line.split(' '), state: JSON.parse(line.slice(line.indexOf('{'))) as Record<string, unknown> },
        ])
    )
    const host = states['prestart']!.words[3]
    for (const name of NAMES) {
      const { words, state } = states[name]!
      expect(words.slice(1, 3), name).to.deep.equal(['hook', 'config'])
      expect(state['id']).to.equal(id)
      expect(state['bundle']).to.equal(bundle)
      expect(words[3] === host, name).to.equal(!['createContainer', 'startContainer'].includes(name))
    }
    expect(states['createRuntime']!.state).to.include({ status: 'creating', pid })
    expect(states['createContainer']!.state).to.include({ status: 'creating', pid: 1 })
    expect(states['startContainer']!.state).to.include({ status: 'created', pid: 1 })
    expect(states['poststart']!.state).to.include({ status: 'running', pid })
    expect(states['poststop']!.state).to.include({ status: 'stopped' }).and.not.have.property('pid')
  })

  for (const name of ['prestart', 'createRuntime', 'createContainer'] as const) {
    it(`a ${name} hook that fails is an error of create, and nothing is left`, () => {
      const bundle = with_({ [name]: [shell('echo reason >&2; exit 3')] }, ['true'])
      const { status, stderr } = bench.run(['create', '--bundle', bundle, bench.id()])
      expect(status).to.equal(1)
      expect(stderr).to.match(/hook.*reason|reason.*hook|runProgram.*reason/)
      expect(readdirSync(bench.root)).to.deep.equal([])
    })
  }

  it('a startContainer hook that fails keeps the program from running', () => {
    const id = bench.id()
    const bundle = with_({ startContainer: [shell('exit 3')] }, ['sh', '-c', `echo ran >> ${log}`])
    expect(bench.run(['create', '--bundle', bundle, id]).status).to.equal(0)
    expect(bench.run(['start', id]).stderr).to.match(/Cannot run step/)
    bench.until(id, 'stopped')
    expect(lines()).to.deep.equal([])
  })

  it('a poststart hook that fails ends the container; a poststop hook that fails is a warning', () => {
    const id = bench.id()
    const poststop = [shell('exit 4'), shell(`echo second >> ${log}`)]
    bench.run(['create', '--bundle', with_({ poststart: [shell('exit 3')], poststop }, ['sleep', '300']), id])
    expect(bench.run(['start', id]).stderr).to.match(/poststart hook.*status 3/)
    bench.until(id, 'stopped')
    const { status, stderr } = bench.run(['delete', id])
    expect(status).to.equal(0)
    expect(stderr).to.match(/level=warning.*poststop hook.*status 4/)
    expect(lines()).to.deep.equal(['second'])
  })

  it('a hook that takes longer than its timeout fails', () => {
    const bundle = with_({ createRuntime: [shell('exec sleep 60', { timeout: 1 })] }, ['true'])
    const { status, stderr } = bench.run(['create', '--bundle', bundle, bench.id()])
    expect(status).to.equal(1)
    expect(stderr).to.match(/ETIMEDOUT/)
  })

  it('hooks run beside a user namespace, whose maps stand by then', () => {
    chownSync(bench.rootfs.path, 100_000, 100_000)
    const bundle = bench.bundle((config) => {
      config.linux!.namespaces!.push({ type: 'user' })
      config.linux!.uidMappings = config.linux!.gidMappings = [{ containerID: 0, hostID: 100_000, size: 65_536 }]
      config.hooks = { createRuntime: [shell(`echo ran >> ${log}`)] } as typeof config.hooks
    })
    expect(bench.run(['run', '--bundle', bundle, bench.id()])).to.include({ status: 0, stderr: '' })
    expect(lines()).to.deep.equal(['ran'])
  })
})
