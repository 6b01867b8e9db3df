// userns 'private' as root: root of the container is an unprivileged user of the host (Docker's userns-remap).

import { expect } from 'chai'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { shutdown } from '@iso/native'
import { requires } from '@iso/testing'
import { failure, Rootfs } from './container.test.support.js'
import { run, start } from './run.js'

const ROOT = 200_000
const range = [{ inside: 0, outside: ROOT, count: 65536 }]
const userns = { uids: range, gids: range }
const ownerOf = (path: string) => [statSync(path).uid, statSync(path).gid]

describe('run() with userns as root', function () {
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

  it('run() maps root inside to an unprivileged user of the host', async () => {
    await using container = await start(['sleep', '60'], { rootfs: rootfs.path, userns })
    const status = readFileSync(`/proc/${container.pid}/status`, 'utf8')
    expect(/^Uid:\t(.*)$/m.exec(status)?.[1]).to.equal([ROOT, ROOT, ROOT, ROOT].join('\t'))
    expect(/^Gid:\t(.*)$/m.exec(status)?.[1]).to.equal([ROOT, ROOT, ROOT, ROOT].join('\t'))
    expect(/^Groups:\t(.*)$/m.exec(status)?.[1]?.trim()).to.equal(String(ROOT))
    expect(readFileSync(`/proc/${container.pid}/uid_map`, 'utf8').trim().split(/ +/)).to.deep.equal([
      '0',
      '200000',
      '65536',
    ])
    expect(readFileSync(`/proc/${container.pid}/setgroups`, 'utf8')).to.equal('allow\n')
  })
  it('run() shows the owners of the root as they are, and writes files that belong to them', async () => {
    chownSync(rootfs.file('etc/web', 'x'), 33, 44)
    const { stdout, stderr } = await sh(
      'id -u; cat /proc/self/uid_map; stat -c "%u:%g" / /etc /etc/web /proc/self/; touch /etc/new && stat -c %u:%g /etc/new; mount -o remount,ro / 2>/dev/null || echo refused'
    )
    expect(stdout.replace(/ +/g, ' ')).to.equal('0\n 0 200000 65536\n0:0\n0:0\n33:44\n0:0\n0:0\nrefused\n')
    expect(stderr).to.equal('')
    expect(ownerOf(`${rootfs.path}/etc/new`)).to.deep.equal([0, 0])
    await sh('touch /tmp/of-web', { user: 'web' }).then(({ stderr }) => expect(stderr).to.include('Permission denied'))
    chmodSync(`${rootfs.path}/tmp`, 0o1777)
    expect((await sh('touch /tmp/of-web', { user: 'web' })).stderr).to.equal('')
    expect(ownerOf(`${rootfs.path}/tmp/of-web`)).to.deep.equal([33, 44])
  })
  it('run() takes a root that belongs to the mapped root as it is', async () => {
    const shifted = new Rootfs()
    try {
      chmodSync(shifted.scratch, 0o700)
      expect(spawnSync('chown', ['-R', `${ROOT}:${ROOT}`, shifted.path]).status).to.equal(0)
      const script = 'stat -c %u / /etc/passwd; touch /etc/new && stat -c %u /etc/new'
      expect((await run(['sh', '-c', script], { rootfs: shifted.path, userns })).stdout).to.equal('0\n0\n0\n')
      expect(ownerOf(`${shifted.path}/etc/new`)).to.deep.equal([ROOT, ROOT])
      chmodSync(shifted.scratch, 0o755)
      const { stdout } = await run(['sh', '-c', `${script}; touch /etc/newer`], {
        rootfs: shifted.path,
        userns,
        ephemeral: true,
      })
      expect(stdout).to.equal('0\n0\n0\n')
      expect(existsSync(`${shifted.path}/etc/newer`)).to.equal(false)
    } finally {
      shifted.remove()
    }
  })
  it('run() leaves a root below a layer as it is', async () => {
    const { stdout } = await sh('echo x >> /etc/passwd && touch /etc/layer && stat -c %u /etc/passwd /etc/layer', {
      ephemeral: true,
    })
    expect(stdout).to.equal('0\n0\n')
    expect(existsSync(`${rootfs.path}/etc/layer`)).to.equal(false)
  })
  it('run() has the machine as its root, with owners, secrets hidden and changes private', async function () {
    requires(this, 'idmappedRoot')
    const { stdout, stderr } = await sh(
      'stat -c %u /usr/bin/env; echo x >> /etc/hosts && touch /etc/iso-new && stat -c %u /etc/iso-new; wc -c < /etc/shadow; ls -A /root /home; umount /etc/shadow 2>/dev/null || echo held',
      { image: 'host' }
    )
    expect({ stdout, stderr }).to.deep.equal({ stdout: '0\n0\n0\n/home:\n\n/root:\nheld\n', stderr: '' })
    expect(existsSync('/etc/iso-new')).to.equal(false)
  })
  it('run() makes that root read-only', async function () {
    requires(this, 'idmappedRoot')
    const script = 'for f in /new /etc/new /tmp/new /run/new; do touch $f 2>/dev/null && echo $f; done; true'
    expect((await sh(script, { image: 'host', readonly: true, tmpfs: ['/run'] })).stdout).to.equal('/run/new\n')
  })
  it('run() shares namespaces of the host, with their proc and sys, when asked', async () => {
    const options = { pid: 'host', network: 'host', ipc: 'host', uts: 'host', cgroupns: 'host' } as const
    const { stdout, stderr } = await sh(
      'readlink /proc/1/exe >/dev/null || echo hidden; ls -d /sys/class/net/lo /proc/1',
      options
    )
    expect({ stdout, stderr }).to.deep.equal({ stdout: 'hidden\n/proc/1\n/sys/class/net/lo\n', stderr: '' })
  })
  it('run() says which sysctls only root of the machine may set', async () => {
    const { message } = await failure(sh('true', { sysctls: { 'kernel.domainname': 'x' } }))
    expect(message).to.equal(
      'Cannot set sysctl kernel.domainname: EACCES; only root of the machine may; root of a user namespace is none'
    )
  })
  it('run() holds its limits, its terminal, its devices and its sysctls', async () => {
    const bomb = await sh('tail /dev/zero', { memory: '16m' })
    expect(bomb.cause).to.equal('oom')
    const forks = await sh('b() { b | b & }; b; sleep 30', { pids: 24, timeout: '1s' })
    expect({ cause: forks.cause, peak: forks.pidsPeak?.value }).to.deep.equal({ cause: 'timeout', peak: 24 })
    expect((await sh('tty; stat -c %u:%g /dev/pts/0', { tty: true })).stdout).to.equal('/dev/pts/0\r\n0:5\r\n')
    const { stdout } = await sh(
      'head -c 4 /dev/zero | wc -c; echo x > /dev/null && cat /proc/sys/net/ipv4/ip_unprivileged_port_start; cat /sys/fs/cgroup/pids.max /sys/fs/cgroup/pids/pids.max 2>/dev/null; echo 0 > /proc/sys/kernel/panic || echo refused',
      { sysctls: { 'net.ipv4.ip_unprivileged_port_start': '80' }, pids: 20 }
    )
    expect(stdout.trim()).to.equal('4\n80\n20\nrefused')
    expect((await sh('echo $(cat)', { input: 'in', user: '1000:1000' })).stdout).to.equal('in\n')
    expect((await sh('id -u; id -g; echo x > /dev/stdout', { user: '1000:1000' })).stdout).to.equal('1000\n1000\nx\n')
  })
  it('exec() enters as root of the container, or another user, under its limits', async () => {
    await using container = await start(['sleep', '60'], { rootfs: rootfs.path, userns, memory: '64m', pids: 20 })
    const exec = async (script: string, options: Parameters<typeof container.exec>[1] = {}) => {
      await using child = await container.exec(['sh', '-c', script], options)
      let text = ''
      for await (const chunk of child.terminal ?? child.stdout!) text += chunk
      return text
    }
    const script =
      'id -u; readlink /proc/self/ns/user; cat /proc/self/uid_map; touch /etc/by-exec && stat -c %u /etc/by-exec'
    const [id, own, map, owner] = (await exec(script)).trim().split('\n')
    expect([id, own, map?.trim().split(/ +/), owner]).to.deep.equal([
      '0',
      (await exec('readlink /proc/1/ns/user')).trim(),
      ['0', '200000', '65536'],
      '0',
    ])
    expect(ownerOf(`${rootfs.path}/etc/by-exec`)).to.deep.equal([0, 0])
    expect(await exec('id -u; id -g; echo x > /dev/stdout', { user: 'web' })).to.equal('33\n44\nx\n')
    expect(await exec('tty', { tty: true })).to.equal('/dev/pts/0\r\n')
    await using child = await container.exec(['sleep', '5'])
    expect(readFileSync(`/proc/${child.pid}/status`, 'utf8')).to.match(new RegExp(`^Uid:\\t${ROOT}\\t`, 'm'))
    const groups = (pid: number) => readFileSync(`/proc/${pid}/cgroup`, 'utf8')
    expect(groups(child.pid)).to.equal(groups(container.pid))
    expect((await failure(container.exec(['true'], { user: '70000' }))).code).to.equal('ISO_USER')
  })
  it('run() keeps the owners of a bind apart, and translates them with idmap', async () => {
    const scratch = mkdtempSync('/tmp/iso-runtime-') // 0700: root inside could not reach beneath it
    const data = join(scratch, 'data')
    mkdirSync(data)
    writeFileSync(`${data}/of-root`, 'x')
    chownSync(`${data}/of-root`, 0, 0)
    writeFileSync(`${data}/of-1000`, 'x')
    chownSync(`${data}/of-1000`, 1000, 1000)
    try {
      const script =
        'stat -c %u:%g /data /data/of-root /data/of-1000; touch /data/new 2>/dev/null && stat -c %u /data/new || echo refused'
      const one = async (bind: string) => (await sh(script, { binds: [`${data}:/data${bind}`] })).stdout
      const nobody = '65534:65534\n65534:65534\n65534:65534\nrefused\n'
      expect(await one('')).to.equal(nobody)
      expect(await one(':ro')).to.equal(nobody)
      expect(await one(':idmap,ro')).to.equal('0:0\n0:0\n1000:1000\nrefused\n')
      expect(existsSync(`${data}/new`)).to.equal(false)
      expect(await one(':idmap')).to.equal('0:0\n0:0\n1000:1000\n0\n')
      expect(ownerOf(`${data}/new`)).to.deep.equal([0, 0])
      rmSync(`${data}/new`)
      const absent = { binds: [], bindsIfPresent: [`${scratch}/absent:/x`, `${data}:/data:noexec`] }
      expect(
        (await sh('ls -d /x 2>/dev/null; ls /data | wc -l; grep -c "/data .*noexec" /proc/mounts', absent)).stdout
      ).to.equal('2\n1\n')
      // A bind that belongs to the mapped root needs no translation.
      chownSync(data, ROOT, ROOT)
      expect(await one('')).to.equal('0:0\n65534:65534\n65534:65534\n0\n')
      expect(ownerOf(`${data}/new`)).to.deep.equal([ROOT, ROOT])
    } finally {
      rmSync(scratch, { recursive: true })
    }
  })
  it('run() says what is missing of a bind, and where owners cannot be translated', async () => {
    const missing = await failure(sh('true', { binds: ['/no/such:/data'] }))
    expect({ code: missing.code, path: missing.path }).to.deep.equal({ code: 'ISO_BIND', path: '/no/such' })
    const idmapped = await failure(sh('true', { binds: ['/proc/sys:/data:idmap'] }))
    expect(idmapped.code).to.equal('ISO_IDMAP')
    expect(idmapped.message).to.match(
      /^Cannot translate the owners of "\/proc\/sys": EINVAL; its file system takes no id maps/
    )
    const root = await failure(run(['true'], { rootfs: '/proc/self', userns }))
    expect(root.code).to.equal('ISO_IDMAP')
    expect(root.message).to.include('"/proc/self"')
  })
  it('run() refuses identities and options that the user namespace cannot have', async () => {
    expect((await failure(sh('true', { user: '70000' }))).message).to.equal(
      'Cannot run as uid 70000: it does not exist in the user namespace of the container; subordinate ids (/etc/subuid, /etc/subgid) make more of them'
    )
    expect((await failure(sh('true', { groupAdd: [99999] }))).message).to.include('gid 99999')
    for (const [options, message] of [
      [{ userns: 'keep' }, /userns: "keep" is unknown/],
      [{ binds: ['/etc:/data:shared'] }, /shared: in a user namespace/],
      [{ userns: undefined, binds: ['/etc:/data:idmap'] }, /the container has no user namespace of its own/],
    ] as const) {
      let error: unknown
      await sh('true', options as never).catch((caught: unknown) => (error = caught))
      expect(error).to.be.instanceOf(TypeError)
      expect(String(error)).to.match(message)
    }
  })
  it('run() takes the ids of iso-remap where no others are given', async () => {
    // The files of the machine stay as they are: another view of them, in a mount namespace that goes with its only process.
    const scratch = mkdtempSync('/tmp/iso-runtime-')
    try {
      const passwd = readFileSync('/etc/passwd', 'utf8')
      writeFileSync(join(scratch, 'passwd'), `${passwd}iso-remap:x:64999:64999::/:/bin/false\n`)
      writeFileSync(join(scratch, 'subid'), 'iso-remap:700000:1000\n')
      const runModule = new URL('./run.js', import.meta.url).href
      const script = `import { run } from ${JSON.stringify(runModule)}; import { shutdown } from ${JSON.stringify(import.meta.resolve('@iso/native'))}
        console.log((await run(['cat', '/proc/self/uid_map', '/proc/self/gid_map'], { rootfs: ${JSON.stringify(rootfs.path)}, userns: 'private' })).stdout); shutdown()`
      const files = [
        ['passwd', '/etc/passwd'],
        ['subid', '/etc/subuid'],
        ['subid', '/etc/subgid'],
      ]
      const mounts = files.map(([from, to]) => `mount --bind ${join(scratch, from as string)} ${to}`).join(' && ')
      const node = spawnSync(
        'unshare',
        ['-m', 'sh', '-c', `${mounts} && exec "$0" "$@"`, process.execPath, '--input-type=module', '-e', script],
        { encoding: 'utf8' }
      )
      expect(node.stderr).to.equal('')
      expect(node.stdout.trim().split(/\s+/)).to.deep.equal(['0', '700000', '1000', '0', '700000', '1000'])
    } finally {
      rmSync(scratch, { recursive: true })
    }
  })
})
