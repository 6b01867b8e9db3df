// The first command of the README: what it shows is read inside the container.
import { execFileSync } from 'node:child_process'
import { hostname } from 'node:os'
import { join } from 'node:path'

import { requires } from '@iso/testing'
import { expect } from 'chai'

import { ROOT } from './lib/command.mjs'

describe('npm run quickstart', function () {
  this.timeout(120_000)

  it('npm run quickstart shows PID 1, a host name, a root and limits of its own', function () {
    requires(this, 'root', 'overlay')
    const text = execFileSync(process.execPath, [join(ROOT, 'scripts/quickstart.mjs')], { encoding: 'utf8' })
    const shown = Object.fromEntries(
      text.split('\n').flatMap((line) => {
        const [, name, value] = /^([a-z ]+?) {2,}(.*)$/.exec(line) ?? []
        return name === undefined ? [] : [[name, value.trim()]]
      })
    )
    expect(text).to.include(`"${hostname()}"`)
    expect(shown).to.include({
      'process id': '1',
      'host name': 'box',
      interfaces: 'lo',
      'memory limit': `${256 * 2 ** 20} bytes`,
      'pids limit': '64',
    })
    expect(shown.mounts).to.match(/, root is overlay$/)
    expect(shown['cpu quota']).to.match(/^50000 (100000 )?us$/)
  })
})
