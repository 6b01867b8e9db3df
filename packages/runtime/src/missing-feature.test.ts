// A kernel that lacks a feature: simulated by a filter around a whole Node, which answers ENOSYS as such a kernel does.

import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import { keep } from '@iso/caps'
import { launch, shutdown, type Step } from '@iso/native'
import { compile } from '@iso/seccomp'
import { requires } from '@iso/testing'
import { leftCgroups, Rootfs, until } from './container.test.support.js'
import type { RunOptions } from './options.js'

interface Report {
  code?: string
  message?: string
  stdout?: string
}

const ENOSYS = 38
const NODE_DEADLINE_MS = 60_000

/** Run a script in a Node of its own, under these steps; it must end by itself. */
async function inNode(script: string, steps: readonly Step[]): Promise<Report> {
  const modules = [new URL('./run.js', import.meta.url).href, import.meta.resolve('@iso/native')].map((url) =>
    JSON.stringify(url)
  )
  const whole = `import { run, start } from ${modules[0]}; import { shutdown } from ${modules[1]}
    const report = async () => { ${script} }
    console.log(JSON.stringify(await report().catch(({ code, message }) => ({ code, message }))))
    shutdown()`
  const argv = [process.execPath, '--input-type=module', '-e', whole]
  const child = await launch(argv, steps, {
    timeoutMs: NODE_DEADLINE_MS,
    env: { PATH: '/usr/bin:/bin' },
    stderr: 'inherit',
  })
  let text = ''
  for await (const chunk of child.stdout!) text += chunk
  const { cause } = await child.exit
  await child.close()
  expect(cause, 'Node ends by itself').to.equal('exit')
  return JSON.parse(text) as Report
}

const hide = (syscall: string): Step[] => [
  { op: 'noNewPrivs' },
  {
    op: 'seccomp',
    filter: compile({
      defaultAction: 'SCMP_ACT_ALLOW',
      syscalls: [{ names: [syscall], action: 'SCMP_ACT_ERRNO', errnoRet: ENOSYS }],
    }),
  },
]

const mountsHere = () => readFileSync('/proc/self/mountinfo', 'utf8').split('\n').length

describe('run() on a kernel that lacks a feature', function () {
  this.timeout(90_000)
  const id = `isomissing${process.pid}`
  let rootfs: Rootfs
  before(function () {
    requires(this, 'root', 'overlay')
    rootfs = new Rootfs()
  })
  after(() => {
    rootfs?.remove()
    shutdown()
  })
  const attempt = (options: RunOptions, steps: readonly Step[]) =>
    inNode(`return run(['sh', '-c', 'echo ran'], ${JSON.stringify({ id, ...options })})`, steps)

  const FEATURES: readonly (readonly [syscall: string, linux: string, host?: true])[] = [
    ['clone3', '5.7'],
    ['fsopen', '5.2', true],
    ['fsconfig', '5.2', true],
    ['fsmount', '5.2', true],
    ['open_tree', '5.2'],
    ['move_mount', '5.2'],
    ['mount_setattr', '5.12'],
    ['pidfd_open', '5.3'],
    ['openat2', '5.6'],
    ['memfd_create', '3.17'],
    ['seccomp', '3.17'],
  ]
  for (const [syscall, linux, host] of FEATURES)
    it(`run() without ${syscall} names the feature and Linux ${linux}, and leaves nothing`, async function () {
      // Without a v2 group to be born in, the older clone serves.
      if (syscall === 'clone3') requires(this, 'cgroup2')
      const mounts = mountsHere()
      const { code, message } = await attempt(host ? { image: 'host' } : { rootfs: rootfs.path }, hide(syscall))
      expect(code, message).to.match(/^ISO_(STEP|SYSCALL)$/)
      expect(message).to.match(
        new RegExp(`ENOSYS; .*\\(${syscall}\\) needs? Linux ${linux.replace('.', '\\.')}; this is `)
      )
      expect(await until(() => leftCgroups(id).length === 0)).to.equal(true)
      expect(mountsHere()).to.equal(mounts)
    })
  it('run() without close_range closes descriptors one by one', async () => {
    const script = `const { openSync } = await import('node:fs'); openSync('/dev/null'); return run(['ls', '/proc/self/fd'], { rootfs: ${JSON.stringify(rootfs.path)} })`
    expect((await inNode(script, hide('close_range'))).stdout).to.equal('0\n1\n2\n3\n')
  })
  it('run() with userns says that owners cannot be translated before Linux 5.12', async function () {
    requires(this, 'userns')
    const range = [{ inside: 0, outside: 200_000, count: 1000 }]
    const { code, message } = await attempt(
      { rootfs: rootfs.path, userns: { uids: range, gids: range } },
      hide('mount_setattr')
    )
    expect(code).to.equal('ISO_IDMAP')
    expect(message).to.match(/^Cannot translate the owners of "\/tmp.*": ENOSYS; .*\(mount_setattr\) need Linux 5\.12/)
    expect(await until(() => leftCgroups(id).length === 0)).to.equal(true)
  })
  it('exec() without setns names it, and the container goes on', async () => {
    const script = `const container = await start(['sleep', '60'], ${JSON.stringify({ rootfs: rootfs.path, id })})
      const failed = await container.exec(['true']).catch(({ code, message }) => ({ code, message, stdout: container.state }))
      await container.close()
      return failed`
    const { message, stdout } = await inNode(script, hide('setns'))
    expect(message).to.match(/ENOSYS; .*\(setns\) needs Linux 3\.0/)
    expect(stdout).to.equal('running')
    expect(await until(() => leftCgroups(id).length === 0)).to.equal(true)
  })
  it('run() of a root without capabilities says what it takes', async function () {
    requires(this, 'cgroup1')
    const { code, message } = await attempt({ rootfs: rootfs.path }, keep([]))
    expect(code, message).to.match(/^ISO_/)
    expect(message).to.match(/EPERM|EACCES/)
    expect(message).to.include('; that takes root with CAP_SYS_ADMIN')
    expect(await until(() => leftCgroups(id).length === 0)).to.equal(true)
  })
})
