// What a program with CAP_SYS_ADMIN in its own user namespace could undo is refused, and what it has without it holds.

import { expect } from 'chai'
import { existsSync } from 'node:fs'
import { shutdown } from '@iso/native'
import { requires } from '@iso/testing'
import { Rootfs } from './container.test.support.js'
import { run, start } from './run.js'

const range = [{ inside: 0, outside: 200_000, count: 65536 }]
const userns = { uids: range, gids: range }

describe('promises under a user namespace', function () {
  let rootfs: Rootfs
  before(function () {
    requires(this, 'root', 'overlay', 'userns')
    rootfs = new Rootfs()
  })
  after(() => {
    rootfs?.remove()
    shutdown()
  })
  const sh = (script: string, options: Parameters<typeof run>[1] = {}) =>
    run(['sh', '-c', script], { userns, ...(options.image === undefined && { rootfs: rootfs.path }), ...options })
  const refusal = async (promise: Promise<unknown>): Promise<string> => {
    try {
      await promise
    } catch (error) {
      expect(error).to.be.instanceOf(TypeError)
      return (error as Error).message
    }
    throw new Error('it was expected to be refused')
  }

  it('run() promises nothing read-only that CAP_SYS_ADMIN inside could undo', async () => {
    for (const [options, what] of [
      [{ readonly: true }, 'the root read-only'],
      [{ binds: ['/etc:/data:ro'] }, '"/data" read-only'],
      [{ bindsIfPresent: ['/etc:/data:ro'] }, '"/data" read-only'],
      [{ mounts: [{ type: 'bind', source: '/etc', target: '/data', readonly: true }] }, '"/data" read-only'],
      [{ tmpfs: ['/data:ro'] }, '"/data" read-only'],
      [{ image: 'host' }, 'the secrets of image "host" hidden'],
    ] as const) {
      const message = `Cannot keep ${what}: with CAP_SYS_ADMIN in its own user namespace the program can undo it; wanted one of the two`
      expect(await refusal(sh('true', { ...options, capAdd: ['SYS_ADMIN'] }))).to.equal(message)
      expect(await refusal(sh('true', { ...options, privileged: true }))).to.equal(message)
    }
  })
  it('run() keeps what is read-only or hidden where the program has no CAP_SYS_ADMIN', async () => {
    const undo =
      'mount -o remount,rw / 2>/dev/null; mount -o remount,rw,bind /data 2>/dev/null; umount /proc/keys 2>/dev/null; umount /data 2>/dev/null; touch /x /data/x 2>/dev/null; ls -d /x /data/x 2>/dev/null; grep -c " /proc/keys " /proc/self/mounts'
    expect((await sh(undo, { readonly: true, binds: [`${rootfs.path}/etc:/data:idmap,ro`] })).stdout).to.equal('1\n')
    expect(existsSync(`${rootfs.path}/x`)).to.equal(false)
  })
  it('exec() with CAP_SYS_ADMIN is refused where it could undo what the container was promised', async () => {
    await using held = await start(['sleep', '60'], { rootfs: rootfs.path, userns, readonly: true })
    const message = 'Cannot keep the root read-only: with CAP_SYS_ADMIN'
    expect(await refusal(held.exec(['true'], { capAdd: ['SYS_ADMIN'] }))).to.include(message)
    expect(await refusal(held.exec(['true'], { privileged: true }))).to.include(message)
    await using free = await start(['sleep', '60'], { rootfs: rootfs.path, userns })
    await using child = await free.exec(['true'], { capAdd: ['SYS_ADMIN'] })
    expect((await child.exit).exitCode).to.equal(0)
  })
  it('run() hides of /proc nothing that CAP_SYS_ADMIN inside could use: the kernel keeps it for root of the machine', async () => {
    const { stdout } = await sh(
      `umount /proc/kcore && head -c 1 /proc/kcore 2>/dev/null || echo kcore refused
       umount /proc/sysrq-trigger; echo h 2>/dev/null > /proc/sysrq-trigger || echo sysrq refused
       umount /proc/sys; echo 1 2>/dev/null > /proc/sys/kernel/panic || echo sys refused
       umount /proc/irq && echo undone; echo 1 2>/dev/null > /proc/irq/default_smp_affinity || echo irq refused
       umount /proc/timer_list && echo undone; head -c 1 /proc/timer_list 2>/dev/null || echo timers refused
       mount -o remount,rw /sys; echo x 2>/dev/null > /sys/power/state || echo power refused`,
      { capAdd: ['SYS_ADMIN'] }
    )
    expect(stdout).to.equal(
      'kcore refused\nsysrq refused\nsys refused\nundone\nirq refused\nundone\ntimers refused\npower refused\n'
    )
  })
})
