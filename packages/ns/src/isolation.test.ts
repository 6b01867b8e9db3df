import { expect } from 'chai'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { hostname as hostName, tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'
import { closeFd, launch, mount, pidfdOpen, umount2, type Child, type LaunchOptions, type Step } from '@iso/native'
import { requires } from '@iso/testing'

import {
  chroot,
  clockOffsets,
  hostname,
  identify,
  isSame,
  join,
  list,
  loopbackUp,
  NAMESPACE_NAMES,
  namespaces,
  owner,
  parent,
  pin,
  pivotRoot,
  probe,
  proc,
  propagation,
  translatePid,
  unpin,
} from './index.js'
import { translateByStatus } from './translate-pid.js'

const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' }
const sh = (script: string) => ['sh', '-c', script]

async function out(argv: string[], steps: Step[], options: LaunchOptions = {}): Promise<string> {
  const child = await launch(argv, steps, { env, stdin: 'ignore', ...options })
  let text = ''
  for await (const chunk of child.stdout!) text += String(chunk)
  await child.close()
  return text.trim()
}

const sleeping = (...steps: Step[]): Promise<Child> =>
  launch(['sleep', '300'], steps, { env, stdin: 'ignore', stdout: 'ignore', stderr: 'ignore' })
const privately = [...namespaces('mnt'), ...propagation('private')]

describe('namespaces on the kernel', function () {
  before(function () {
    requires(this, 'root')
  })

  it('namespaces() gives each type alone, and no other', async () => {
    for (const type of NAMESPACE_NAMES) {
      const links = await out(
        sh('for n in mnt pid net ipc uts user cgroup time; do readlink /proc/self/ns/$n; done'),
        namespaces(type)
      )
      const differ = links
        .split('\n')
        .filter(
          (link, i) =>
            link !== readlinkSync(`/proc/self/ns/${['mnt', 'pid', 'net', 'ipc', 'uts', 'user', 'cgroup', 'time'][i]}`)
        )
      expect(
        differ.map((link) => link.split(':')[0]),
        type
      ).to.deep.equal([type])
    }
  })

  it('namespaces() gives all eight together', async () => {
    const links = await out(
      sh('for n in mnt pid net ipc uts user cgroup time; do readlink /proc/self/ns/$n; done'),
      namespaces(...NAMESPACE_NAMES)
    )
    for (const link of links.split('\n')) expect(link).not.to.equal(readlinkSync(`/proc/self/ns/${link.split(':')[0]}`))
  })

  it('namespaces("mnt") keeps a mount from the host', async () => {
    const seen = await out(sh('mount -t tmpfs iso-inside /mnt && grep -c iso-inside /proc/self/mounts'), privately)
    expect(seen).to.equal('1')
    expect(readFileSync('/proc/self/mounts', 'utf8')).not.to.contain('iso-inside')
  })

  it('namespaces("mnt") keeps a mount from the host below a shared mount, too', async () => {
    const shared = mkdtempSync(joinPath(tmpdir(), 'iso-ns-'))
    mount({ source: 'iso-shared', target: shared, fstype: 'tmpfs' })
    try {
      mount({ target: shared, flags: ['shared'] })
      mkdirSync(joinPath(shared, 'sub'))
      const child = await launch(
        sh(`mount -t tmpfs iso-inside ${shared}/sub; echo; exec sleep 60`),
        namespaces('mnt'),
        { env }
      )
      await once(child.stdout!, 'data')
      const seen = readFileSync('/proc/self/mounts', 'utf8')
      await child.close()
      expect(seen).to.contain('iso-shared').and.not.to.contain('iso-inside')
    } finally {
      umount2(shared, ['detach'])
      rmdirSync(shared)
    }
  })

  it('namespaces("pid") makes the program PID 1, and proc() shows only its processes', async () => {
    expect(await out(sh('echo $$; echo /proc/[0-9]*'), [...namespaces('pid'), ...privately, ...proc()])).to.equal(
      '1\n/proc/1'
    )
  })

  it('proc() hides other users and the machine when asked', async () => {
    const steps = [...namespaces('pid'), ...privately, ...proc({ subset: 'pid', hidepid: 'invisible' })]
    expect(await out(sh('ls /proc | grep -v "^[0-9]" | tr "\\n" " "'), steps)).to.equal('self thread-self')
  })

  it('namespaces("uts") keeps the host name of the host', async () => {
    expect(await out(['hostname'], [...namespaces('uts'), ...hostname('lagoudocker')])).to.equal('lagoudocker')
    expect(hostName()).not.to.equal('lagoudocker')
  })

  it('namespaces("ipc") keeps message queues apart, and join() brings processes together', async () => {
    const writer = await launch(sh('ipcmk -Q >/dev/null; ipcs -q | grep -c 0x; sleep 300'), namespaces('ipc'), {
      env,
      stdin: 'ignore',
    })
    for await (const chunk of writer.stdout!) {
      expect(String(chunk)).to.equal('1\n')
      break
    }
    const count = sh('ipcs -q | grep -c 0x || true')
    expect(await out(count, join({ pid: writer.pid, types: ['ipc'] }))).to.equal('1')
    expect(await out(count, namespaces('ipc'))).to.equal('0')
    await writer.close()
  })

  it('namespaces("net") has its own interfaces and addresses, and loopbackUp() makes 127.0.0.1 answer', async () => {
    expect(await out(sh('ip -br addr | awk "{print \\$1,\\$2}"'), namespaces('net'))).to.equal('lo DOWN')
    const script = 'ip addr add 192.168.1.1/24 dev lo; ip -br addr show lo | grep -o 192.168.1.1; ip -br addr | wc -l'
    expect(await out(sh(script), [...namespaces('net'), ...loopbackUp()])).to.equal('192.168.1.1\n1')
  })

  it('namespaces("user") without a map is nobody', async () => {
    expect(await out(['id', '-u'], namespaces('user'))).to.equal('65534')
  })

  it('clockOffsets() shows in the clocks of the program', async () => {
    const hostUptime = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0])
    const inside = Number(
      (
        await out(
          ['cat', '/proc/uptime'],
          [...namespaces('time'), ...clockOffsets({ boottimeSec: 86_400, monotonicSec: 3600 })]
        )
      ).split(' ')[0]
    )
    expect(inside - hostUptime).to.be.within(86_400, 86_420)
  })

  it('namespaces("time") is entered before execve, which does it only since Linux 6.2', async () => {
    const steps = [...namespaces('time'), ...clockOffsets({ boottimeSec: 60 })]
    await using parked = await launch([], steps, { parked: true })
    const [now, later] = ['time', 'time_for_children'].map((name) => readlinkSync(`/proc/${parked.pid}/ns/${name}`))
    expect(now).to.equal(later).and.not.equal(readlinkSync('/proc/self/ns/time'))
    expect(() => writeFileSync(`/proc/${parked.pid}/timens_offsets`, 'boottime 70 0\n')).to.throw('EACCES')
  })

  it('clockOffsets() works in a user namespace of its own', async () => {
    const map = (kind: 'uid' | 'gid'): Step => ({ op: 'idMap', kind, map: '0 100000 65536\n' })
    const user: Step[] = [...namespaces('user', 'time'), map('uid'), map('gid'), { op: 'becomeRoot' }]
    const seen = await out(['cat', '/proc/self/timens_offsets'], [...user, ...clockOffsets({ monotonicSec: 5 })])
    expect(seen).to.match(/^monotonic +5 +0\nboottime +0 +0$/)
  })

  it('join() by pid, pidfd and path enters the same namespaces', async () => {
    const box = await sleeping(...namespaces('uts', 'net', 'pid', 'mnt', 'ipc'), ...hostname('box'))
    const pidfd = pidfdOpen(box.pid)
    try {
      expect(await out(['hostname'], join({ pid: box.pid }))).to.equal('box')
      expect(await out(['hostname'], join({ slot: 'box', types: ['uts', 'net'] }), { fds: { box: pidfd } })).to.equal(
        'box'
      )
      expect(await out(['hostname'], join({ path: `/proc/${box.pid}/ns/uts`, type: 'uts' }))).to.equal('box')
      expect(await out(sh('echo $$'), join({ pid: box.pid }))).not.to.equal('1')
    } finally {
      closeFd(pidfd)
      await box.close()
    }
  })

  it('join() fails with the reason when the process is gone or the path is no namespace', async () => {
    const gone = await sleeping()
    await gone.close()
    const failure = (steps: Step[]) =>
      launch(['true'], steps).then(
        () => undefined,
        (error: unknown) => error as { errnoName?: string; step?: { op: string } }
      )
    expect((await failure(join({ pid: gone.pid })))?.errnoName).to.equal('ESRCH')
    expect((await failure(join({ path: '/etc/passwd' })))?.errnoName).to.equal('ESTALE')
  })

  it('pin() keeps a namespace after its last process, unpin() lets it go', async () => {
    const dir = mkdtempSync(joinPath(tmpdir(), 'iso-pin-'))
    const file = joinPath(dir, 'net')
    const box = await sleeping(...namespaces('net'))
    const { inode } = identify({ pid: box.pid, type: 'net' })
    pin({ pid: box.pid, type: 'net' }, file)
    await box.close()
    expect(identify(file)).to.include({ type: 'net', inode })
    expect((await list(['net'])).find((one) => one.inode === inode)?.pinned).to.deep.equal([file])
    expect(await out(['readlink', '/proc/self/ns/net'], join({ path: file }))).to.equal(`net:[${inode}]`)
    unpin(file)
    expect(existsSync(file)).to.equal(false)
    expect((await list(['net'])).some((one) => one.inode === inode)).to.equal(false)
    rmSync(dir, { recursive: true })
  })

  it('pin() and unpin() refuse what is there already or is no namespace, and leave it alone', () => {
    const dir = mkdtempSync(joinPath(tmpdir(), 'iso-pin-'))
    const file = joinPath(dir, 'x')
    writeFileSync(file, 'mine')
    expect(() => pin({ pid: 'self', type: 'uts' }, file)).to.throw('EEXIST')
    expect(() => unpin(file)).to.throw('no namespace is pinned there')
    expect(readFileSync(file, 'utf8')).to.equal('mine')
    expect(() => pin('/etc/passwd', joinPath(dir, 'y'))).to.throw('ENOTTY')
    expect(existsSync(joinPath(dir, 'y'))).to.equal(false)
    // A mount namespace cannot be pinned below itself.
    expect(() => pin({ pid: 'self', type: 'mnt' }, joinPath(dir, 'z'))).to.throw('EINVAL')
    expect(existsSync(joinPath(dir, 'z'))).to.equal(false)
    rmSync(dir, { recursive: true })
  })

  it('identify(), owner() and parent() tell who a namespace belongs to', async () => {
    const box = await sleeping(...namespaces('user', 'pid', 'uts'))
    const user = identify({ pid: box.pid, type: 'user' })
    expect(user).to.include({ type: 'user', ownerUid: 0 })
    expect(owner({ pid: box.pid, type: 'uts' })?.inode).to.equal(user.inode)
    expect(parent({ pid: box.pid, type: 'user' })?.inode).to.equal(statSync('/proc/self/ns/user').ino)
    expect(parent({ pid: box.pid, type: 'pid' })?.inode).to.equal(statSync('/proc/self/ns/pid').ino)
    expect(parent({ pid: 'self', type: 'user' })).to.equal(undefined)
    expect(isSame({ pid: box.pid, type: 'net' }, { pid: 'self', type: 'net' })).to.equal(true)
    expect(isSame({ pid: box.pid, type: 'uts' }, { pid: 'self', type: 'uts' })).to.equal(false)
    await box.close()
    expect(() => identify({ pid: box.pid, type: 'uts' })).to.throw('has no uts namespace to open')
  })

  it('list() finds what lsns(8) finds', async () => {
    const box = await sleeping(...namespaces('uts', 'ipc'))
    const lines = execFileSync('lsns', ['-n', '-o', 'NS', '-t', 'uts'], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map(Number)
    expect((await list(['uts'])).map(({ inode }) => inode)).to.include.members(lines)
    const mine = (await list(['uts'])).find(({ pids }) => pids.includes(box.pid))
    expect(mine).to.include({ own: false, command: 'sleep 300', uid: 0 })
    await box.close()
  })

  it('translatePid() knows host PID and container PID, by ioctl and by /proc', async () => {
    const box = await launch(sh('sleep 300 & echo $!; wait'), [...namespaces('pid')], { env, stdin: 'ignore' })
    let inner = 0
    for await (const chunk of box.stdout!) {
      inner = Number(chunk)
      break
    }
    const there = { pid: box.pid, type: 'pid' } as const
    expect(inner).to.equal(2)
    expect(translatePid(1, { from: there })).to.equal(box.pid)
    expect(translatePid(box.pid, { to: there })).to.equal(1)
    const host = translatePid(inner, { from: there })
    expect(readFileSync(`/proc/${host}/cmdline`, 'utf8')).to.contain('sleep')
    const { openat2 } = await import('@iso/native')
    const fd = openat2(null, `/proc/${box.pid}/ns/pid`)
    expect(translateByStatus(inner, fd, null)).to.equal(host)
    expect(translateByStatus(host, null, fd)).to.equal(inner)
    expect(() => translateByStatus(4_000_000, fd, null)).to.throw('there is no such process')
    closeFd(fd)
    expect(() => translatePid(process.pid, { to: there })).to.throw('there is no such process there')
    expect(() => translatePid(0, {})).to.throw(RangeError)
    await box.close()
  })

  it('probe() says that root may make them all, and why an ordinary user may not', async () => {
    const results = await probe()
    for (const type of NAMESPACE_NAMES)
      expect(results[type], type).to.include({ present: true, creatable: true, withUser: false })
    // The limit belongs to the user namespace: one of our own has it at 0.
    const index = new URL('./index.js', import.meta.url).href
    const script = `import { probe } from ${JSON.stringify(index)}; console.log(JSON.stringify((await probe()).uts)); process.exit(0)`
    const steps: Step[] = [
      ...namespaces('user', 'mnt'),
      { op: 'idMap', kind: 'uid', map: '0 0 1' },
      { op: 'idMap', kind: 'gid', map: '0 0 1' },
      { op: 'becomeRoot' },
      { op: 'writeFile', side: 'child', path: '/proc/sys/user/max_uts_namespaces', data: '0' },
    ]
    const refused = JSON.parse(await out([process.execPath, '--input-type=module', '-e', script], steps)) as object
    expect(refused).to.include({
      present: true,
      creatable: false,
      limit: 0,
      cause: '/proc/sys/user/max_uts_namespaces is 0',
    })
  })
})

// What the manual says of chroot(2), shown and then closed.
const ESCAPE = `
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
int main(void) {
  int outside = open(".", O_RDONLY);
  mkdir("deeper", 0700);
  if (chroot("deeper") < 0) { puts("chroot refused"); return 0; }
  fchdir(outside);
  for (int i = 0; i < 64; i++) chdir("..");
  if (chroot(".") < 0) { puts("chroot refused"); return 0; }
  puts(access("/iso-escape-outside", F_OK) == 0 ? "escaped" : "inside");
}`

describe('chroot() and the way out of it', function () {
  let base: string
  const root = () => joinPath(base, 'jail')

  before(function () {
    requires(this, 'root', { program: 'gcc' })
    base = mkdtempSync(joinPath(tmpdir(), 'iso-chroot-'))
    mkdirSync(root())
    writeFileSync('/iso-escape-outside', '')
    writeFileSync(joinPath(base, 'escape.c'), ESCAPE)
    execFileSync('gcc', ['-static', '-w', '-o', joinPath(root(), 'escape'), joinPath(base, 'escape.c')])
  })
  after(() => {
    if (base === undefined) return
    rmSync('/iso-escape-outside')
    rmSync(base, { recursive: true })
  })

  it('chroot() hides what is outside, and a process with CAP_SYS_CHROOT walks out', async () => {
    expect(await out(['/escape'], [...chroot(root()), { op: 'chdir', path: '/' }])).to.equal('escaped')
  })

  it('chroot() holds a process without CAP_SYS_CHROOT', async () => {
    const steps: Step[] = [
      ...chroot(root()),
      { op: 'chdir', path: '/' },
      { op: 'capBounding', keep: 0 },
      { op: 'capSet', effective: 0, permitted: 0, inheritable: 0 },
      { op: 'noNewPrivs' },
    ]
    expect(await out(['/escape'], steps)).to.equal('chroot refused')
  })

  it('pivotRoot() leaves no way out, with every capability', async () => {
    const steps: Step[] = [
      ...namespaces('mnt'),
      ...propagation('private'),
      { op: 'openTree', side: 'child', path: root(), recursive: true, slot: 'root' },
      { op: 'moveMount', slot: 'root', path: '/' },
      ...pivotRoot(),
    ]
    expect(await out(['/escape'], steps)).to.equal('inside')
  })
})
