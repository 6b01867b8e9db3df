// A v2 group that was handed over to an ordinary user, as systemd does with Delegate=yes.

import { execFile } from 'node:child_process'
import { chownSync, mkdirSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { requires } from '@iso/testing'
import { expect } from 'chai'

import type { AsUserResult } from '../as-user.test.support.js'
import { Cgroup } from '../group.js'

const DRIVER = fileURLToPath(new URL('../as-user.test.support.js', import.meta.url))
const NOBODY = 65534

describe('group, delegated to an ordinary user', function () {
  this.timeout(30_000)
  let top: string

  before(async function () {
    requires(this, 'root', 'ordinaryUser', 'cgroup2Only', { controller: 'memory', version: 2 })
    // Made and removed for its place: a group beneath which controllers are handed down.
    const place = await Cgroup.create({ name: `delegated-${process.pid}`, memory: 'max', pids: 'max', cpus: 1 })
    await place.remove()
    top = place.directories['unified']!
    mkdirSync(top)
    writeFileSync(join(top, 'cgroup.subtree_control'), '+memory +pids +cpu')
    mkdirSync(join(top, 'session'))
    for (const group of [top, join(top, 'session')]) {
      chownSync(group, NOBODY, NOBODY)
      for (const file of ['cgroup.procs', 'cgroup.threads', 'cgroup.subtree_control'])
        chownSync(join(group, file), NOBODY, NOBODY)
    }
  })
  after(() => {
    if (top !== undefined) removeTree(top)
  })

  async function asUser(script: string): Promise<AsUserResult> {
    const enter = `echo $$ > ${top}/session/cgroup.procs && exec setpriv --reuid ${NOBODY} --regid ${NOBODY} --clear-groups "$@"`
    const argv = ['-c', enter, 'sh', process.execPath, DRIVER, script]
    const { stdout } = await promisify(execFile)('sh', argv, { cwd: '/' })
    return JSON.parse(stdout) as AsUserResult
  }

  it('cgroup() and Cgroup work for the user, beside the group of the session', async () => {
    const { launched, live } = await asUser(
      'cat /proc/self/cgroup; cd /sys/fs/cgroup$(cut -d: -f3 /proc/self/cgroup); cat memory.max pids.max cpu.max'
    )
    const inside = top.replace('/sys/fs/cgroup', '')
    expect(launched).to.equal(`0::${inside}/iso/launched\n${64 * 2 ** 20}\n20\n50000 100000\n`)
    expect(live).to.deep.equal({
      directory: `${top}/iso/live`,
      limit: 32 * 2 ** 20,
      signal: 'SIGKILL',
      absolute: 'ISO_CGROUP_CREATE EACCES',
    })
    expect(readdirSync(join(top, 'iso')).filter((name) => !/^[a-z_]+\./.test(name))).to.deep.equal([])
  })
})

function removeTree(directory: string): void {
  for (const { name } of readdirSync(directory, { withFileTypes: true }).filter((one) => one.isDirectory()))
    removeTree(join(directory, name))
  rmdirSync(directory)
}
