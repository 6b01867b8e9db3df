import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type IsoError, mount, umount2 } from '@iso/native'
import { requires } from '@iso/testing'
import { expect } from 'chai'

import { Cgroup } from '../group.js'
import { waitUntil } from '../internal/wait.js'
import { detectLayout } from '../layout.js'

// net_cls and net_prio exist on v1 alone and are mounted nowhere by default: mount them, as an administrator would.
describe('v1 net_cls and net_prio, mounted', () => {
  let directory: string
  let mounted = false
  const mountThere = () => mount({ source: 'cgroup', target: directory, fstype: 'cgroup', data: 'net_cls,net_prio' })
  before(function () {
    requires(this, 'root')
    directory = mkdtempSync(join(tmpdir(), 'iso-net-'))
    if (detectLayout().v1['net_cls'] !== undefined) return
    mountThere()
    mounted = true
  })
  after(async () => {
    if (mounted) umount2(directory)
    // A hierarchy whose last group is still on its way out survives its unmount; another one ends it.
    await waitUntil(async () => {
      if (!mounted || !readFileSync('/proc/self/cgroup', 'utf8').includes('net_cls')) return true
      mountThere()
      umount2(directory)
      return false
    })
    rmdirSync(directory)
  })

  it('detectLayout() finds both in one hierarchy', () => {
    const { v1 } = detectLayout()
    expect(v1['net_cls']).to.equal(v1['net_prio'])
    if (mounted) expect(v1['net_cls']).to.include({ mountPoint: directory })
  })

  it('create() writes class and priority, which read back, and the process is in them', async () => {
    const group = await Cgroup.create({
      name: `net-${process.pid}`,
      netCls: '10:1',
      netPrio: { lo: 3 },
      controllers: [],
    })
    expect(readFileSync(join(group.directories['net_cls']!, 'net_cls.classid'), 'utf8')).to.equal('1048577\n')
    const child = spawn('sleep', ['100'])
    await group.add(child.pid!)
    expect(readFileSync(`/proc/${child.pid}/cgroup`, 'utf8')).to.match(/net_cls,net_prio:\/iso\/net-/)
    const stat = await group.stat()
    expect(stat.netClass).to.equal(0x10_0001)
    expect(stat.netPriorities).to.include({ lo: 3 })
    await group.update({ netCls: 5 })
    expect((await group.stat()).netClass).to.equal(5)
    const refused = await group.update({ netPrio: { none0: 1 } }).then(
      () => undefined,
      (error: IsoError) => error
    )
    expect(refused).to.include({ code: 'ISO_CGROUP_WRITE', errnoName: 'ENODEV' })
    await group.kill()
    if (child.signalCode === null) await once(child, 'exit')
    await group.remove()
    // The hierarchy stays for as long as a group is in it.
    if (mounted) rmdirSync(join(directory, 'iso'))
  })
})
