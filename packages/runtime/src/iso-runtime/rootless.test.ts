import { expect } from 'chai'
import { spawnSync } from 'node:child_process'
import { chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { requires } from '@iso/testing'
import type { Config } from '../oci/spec/config.js'
import { Bench, bundleCommand, COMMAND } from './command.test.support.js'

const NOBODY = 65_534

describe('iso-runtime of an ordinary user', function () {
  this.timeout(60_000)
  let bench: Bench
  let home: string
  before(function () {
    requires(this, 'root', 'ordinaryUser', 'userns')
    bundleCommand()
    bench = new Bench()
    home = join(bench.scratch, 'home')
    mkdirSync(home)
    spawnSync('chown', ['-R', `${NOBODY}:${NOBODY}`, bench.rootfs.path, home])
    chownSync(home, NOBODY, NOBODY)
  })
  after(() => bench.remove())

  const as = (...words: string[]) =>
    spawnSync(process.execPath, [COMMAND, ...words], {
      encoding: 'utf8',
      uid: NOBODY,
      gid: NOBODY,
      cwd: home,
      env: { PATH: process.env['PATH'], XDG_RUNTIME_DIR: home },
    })
  const change = (edit: (config: Config & { process: { args: string[] } }) => void) => {
    const file = join(home, 'config.json')
    const config = JSON.parse(readFileSync(file, 'utf8')) as Parameters<typeof edit>[0]
    edit(config)
    writeFileSync(file, JSON.stringify(config))
  }

  it('spec --rootless and run give a container without any privilege', () => {
    expect(as('spec', '--rootless').status).to.equal(0)
    change((config) =>
      Object.assign(config, {
        root: { path: bench.rootfs.path },
        process: {
          ...config.process,
          terminal: false,
          args: ['sh', '-c', 'id -u; cat /proc/self/uid_map; hostname; echo > /dev/null && echo ok'],
        },
      })
    )
    const { status, stdout, stderr } = as('run', 'rootless')
    expect(stderr).to.equal('')
    expect(stdout).to.match(/^0\n +0 +65534 +1\niso\nok\n$/)
    expect(status).to.equal(0)
    expect(as('list', '--quiet').stdout).to.equal('')
  })

  it('what the kernel does not permit is a named refusal, and nothing is left', () => {
    change((config) => Object.assign(config.process, { user: { uid: 0, gid: 0, additionalGids: [5] } }))
    const groups = as('run', 'groups')
    expect(groups.status).to.equal(1)
    expect(groups.stderr).to.match(/\$\.process\.user\.additionalGids: setgroups is denied/)
    expect(as('list', '--quiet').stdout).to.equal('')
  })
})
