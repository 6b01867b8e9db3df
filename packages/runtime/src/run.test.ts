// run() against the kernel: what a container sees, and what its receipt says.

import { expect } from 'chai'
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { mount, shutdown, umount2 } from '@iso/native'
import { requires } from '@iso/testing'
import { failure, leftCgroups, Rootfs } from './container.test.support.js'
import { run } from './run.js'

describe('run() in the host image', function () {
  before(function () {
    requires(this, 'root', 'overlay')
  })
  after(() => shutdown())
  const sh = (script: string, options: Parameters<typeof run>[1] = {}) =>
    run(['sh', '-c', script], { image: 'host', ...options })

  it('run() is PID 1 with a host name of its own', async () => {
    const { stdout, id, exitCode, cause } = await sh('echo $$; hostname; echo $HOSTNAME')
    expect(stdout).to.equal(`1\n${id.slice(0, 12)}\n${id.slice(0, 12)}\n`)
    expect({ exitCode, cause }).to.deep.equal({ exitCode: 0, cause: 'exit' })
  })
  it('run() shows the memory and process limits inside', async () => {
    const { stdout } = await sh(
      'cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null; cat /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/pids.max 2>/dev/null',
      { memory: '64m', pids: 20 }
    )
    expect(stdout).to.equal(`${64 * 2 ** 20}\n20\n`)
  })
  it('run() leaves the host as it was', async () => {
    const name = `/iso-run-test-${process.pid}`
    const { stdout } = await sh(`touch ${name} /etc${name} && rm -r /etc/passwd && ls ${name}`)
    expect(stdout).to.equal(`${name}\n`)
    expect(existsSync(name) || existsSync(`/etc${name}`)).to.equal(false)
    expect(existsSync('/etc/passwd')).to.equal(true)
  })
  it('run() hides the secrets of the host', async () => {
    const { stdout } = await sh(
      'cat /etc/shadow /etc/gshadow; ls -A /root /home /run /tmp /var/log; cat /etc/shadow | wc -c'
    )
    expect(stdout.split('\n').filter((line) => line !== '' && !/^\/.*:$/.test(line))).to.deep.equal(['0'])
  })
  it('run() keeps root from changing the null device of the host through a masked file', async () => {
    const { stdout } = await sh('chmod 0600 /etc/shadow 2>&1; chmod 0600 /proc/keys 2>&1; true')
    expect(stdout).to.match(/Read-only file system/)
    expect(readFileSync('/dev/null').length).to.equal(0)
  })
  it('run() makes the /dev of Docker', async () => {
    const { stdout } = await sh('ls /dev; readlink /dev/ptmx /dev/fd /dev/stdin')
    expect(stdout.trim().split('\n')).to.deep.equal([
      'core',
      'fd',
      'full',
      'mqueue',
      'null',
      'ptmx',
      'pts',
      'random',
      'shm',
      'stderr',
      'stdin',
      'stdout',
      'tty',
      'urandom',
      'zero',
      'pts/ptmx',
      '/proc/self/fd',
      '/proc/self/fd/0',
    ])
  })
  it('run() masks and protects /proc and /sys', async () => {
    const { stdout } = await sh(
      'wc -c < /proc/interrupts; wc -c < /proc/keys; echo 1 2>/dev/null > /proc/sys/vm/drop_caches || echo refused; touch /sys/x 2>/dev/null || echo refused; echo b 2>/dev/null > /proc/sysrq-trigger || echo refused'
    )
    expect(stdout).to.equal('0\n0\nrefused\nrefused\nrefused\n')
  })
  it('run() gives the capabilities of Docker, a filter, and no_new_privs', async () => {
    const { stdout } = await sh("grep -E '^(Cap|NoNewPrivs|Seccomp:)' /proc/self/status")
    expect(stdout.replace(/\t/g, ' ')).to.equal(
      'CapInh: 0000000000000000\nCapPrm: 00000000a80425fb\nCapEff: 00000000a80425fb\nCapBnd: 00000000a80425fb\nCapAmb: 0000000000000000\nNoNewPrivs: 1\nSeccomp: 2\n'
    )
  })
  it('run() has a network with the loopback interface up and nothing else', async () => {
    const { stdout } = await sh('cat /proc/net/dev | tail -n +3 | cut -d: -f1; cat /sys/class/net/lo/flags')
    expect(stdout.replace(/ /g, '')).to.equal('lo\n0x9\n')
  })
  it('run() shares the namespaces that are named', async () => {
    const { stdout } = await sh('readlink /proc/self/ns/net /proc/self/ns/uts /proc/self/ns/ipc; echo $$', {
      network: 'host',
      uts: 'host',
      ipc: 'host',
      pid: 'host',
    })
    const own = ['net', 'uts', 'ipc'].map((name) => `${name}:[`)
    expect(
      stdout
        .split('\n')
        .slice(0, 3)
        .every((line, at) => line.startsWith(own[at] ?? '?'))
    ).to.equal(true)
    expect(Number(stdout.split('\n')[3])).to.be.greaterThan(1)
  })
  it('run() keeps the name servers of the host where it shares its network', async () => {
    const { stdout } = await sh('cat /etc/resolv.conf', { network: 'host' })
    expect(stdout).to.equal(existsSync('/etc/resolv.conf') ? readFileSync('/etc/resolv.conf', 'utf8') : '')
  })
  it('run() passes nothing of the environment of the caller', async () => {
    process.env['ISO_LEAKED'] = 'yes'
    const { stdout } = await run(['env'], { image: 'host', env: { A: 'line one\nline two' }, hostname: 'box' })
    delete process.env['ISO_LEAKED']
    expect(stdout.split('\n').sort()).to.deep.equal([
      '',
      'A=line one',
      'HOME=/root',
      'HOSTNAME=box',
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      'line two',
    ])
  })
  it('run() holds no descriptor but the three', async () => {
    const { stdout } = await sh('ls /proc/self/fd')
    expect(stdout).to.equal('0\n1\n2\n3\n') // 3 is the directory ls reads
  })
  it('run() gives another user its ids, home and pipes', async () => {
    const { stdout } = await sh('id; echo through > /dev/stdout; echo $HOME; grep CapEff /proc/self/status', {
      user: '65534:100',
    })
    expect(stdout).to.match(
      /^uid=65534\(nobody\) gid=100\(users\) groups=100\(users\)\nthrough\n\/nonexistent\nCapEff:\t0000000000000000\n$/
    )
  })
  const tryTo = 'for d; do { [ ! -d $d ] || touch $d/x; } 2>/dev/null && echo "$d yes" || echo "$d no"; done'
  const write = async (directories: string, options: Parameters<typeof run>[1]) =>
    (await sh(`set -- ${directories}; ${tryTo}`, options)).stdout.trim().split('\n').join(', ')
  it('run() mounts a read-only root, and what was emptied read-only with it', async () => {
    const all = ['/', '/etc', '/tmp', '/var/tmp', '/run', '/root', '/home', '/mnt', '/media'].filter((d) =>
      existsSync(d)
    )
    expect(await write(all.join(' '), { readonly: true })).to.equal(all.map((d) => `${d} no`).join(', '))
  })
  it('run() keeps mounts writable that were asked for in a read-only root', async () => {
    const scratch = mkdtempSync('/tmp/iso-run-test-')
    try {
      expect(
        await write('/tmp /run /run/deep/er /home/me /var/tmp /dev/shm', {
          readonly: true,
          tmpfs: ['/tmp', '/var/run', '/run/deep/er'],
          binds: [`${scratch}:/home/me`],
          cwd: '/mnt/work',
        })
      ).to.equal('/tmp yes, /run yes, /run/deep/er yes, /home/me yes, /var/tmp no, /dev/shm yes')
      expect(existsSync(`${scratch}/x`)).to.equal(true)
    } finally {
      rmSync(scratch, { recursive: true })
    }
  })
  it('run() makes a terminal, its size and /dev/console', async () => {
    const { stdout } = await sh('tty; stty size; test -c /dev/console && echo console', {
      tty: { rows: 31, columns: 101 },
    })
    expect(stdout).to.equal('/dev/pts/0\r\n31 101\r\nconsole\r\n')
  })
  it('run() sets ulimits, sysctls, umask and the directory', async () => {
    const { stdout } = await sh(
      'ulimit -n; ulimit -Hn; ulimit -c; cat /proc/sys/net/ipv4/ip_unprivileged_port_start; umask; pwd',
      {
        ulimits: { nofile: { soft: 100, hard: 200 }, core: 0 },
        sysctls: { 'net.ipv4.ip_unprivileged_port_start': '80' },
        umask: 0o077,
        cwd: '/new/directory',
      }
    )
    expect(stdout).to.equal('100\n200\n0\n80\n0077\n/new/directory\n')
  })
  it('run() feeds standard input', async () => {
    expect((await run(['cat'], { image: 'host', input: 'hello' })).stdout).to.equal('hello')
  })
  it('run() reaps under init and passes the exit code on', async () => {
    const { stdout, exitCode } = await sh('echo $$; exit 3', { init: true })
    expect(stdout).to.equal('2\n')
    expect(exitCode).to.equal(3)
  })
  it('run() lets the program make no user namespace, not even with CAP_SYS_ADMIN', async () => {
    const script = 'unshare -U true 2>/dev/null && echo made || echo refused'
    expect((await sh(script)).stdout).to.equal('refused\n')
    expect((await sh(script, { capAdd: ['SYS_ADMIN'] })).stdout).to.equal('refused\n')
    expect((await sh(script, { allowNestedUserns: true })).stdout).to.equal('made\n')
  })
  it('run() gives a privileged container devices, capabilities and no filter', async () => {
    const { stdout } = await sh(
      'mount -t tmpfs x /mnt && echo mounted; test -e /dev/kmsg && echo kmsg; grep Seccomp: /proc/self/status',
      { privileged: true }
    )
    expect(stdout).to.equal('mounted\nkmsg\nSeccomp:\t0\n')
  })
  it('run() moves the clocks of a time namespace', async () => {
    const { stdout } = await sh('cut -d. -f1 /proc/uptime', { time: { boottimeSec: 1_000_000 } })
    expect(Number(stdout)).to.be.greaterThan(1_000_000)
  })
  it('run() labels each figure of the receipt with its source', async () => {
    const result = await sh(
      'head -c 8m /dev/zero | tail -c 1 > /dev/null; head -c 1m /dev/zero > /big; cat /big > /dev/null',
      { memory: '64m', pids: 8, cpus: 1 }
    )
    expect(result.memoryPeakBytes?.value).to.be.within(2 ** 18, 64 * 2 ** 20)
    expect(result.memoryPeakBytes?.source).to.match(/^memory\.(max_usage_in_bytes|peak)$/)
    expect(result.pidsPeak).to.deep.equal({ value: result.pidsPeak?.value ?? 0, source: 'pids.peak' })
    expect(result.pidsPeak?.value).to.be.within(2, 8)
    expect(result.cpuUs.value).to.be.greaterThan(0)
    expect(result.cpuUs.source).to.match(/^(cpu\.stat|cpuacct\.usage)$/)
    expect(result.wallUs.source).to.equal('monotonic clock')
    expect(result.oomKilled).to.equal(false)
    expect(Object.keys(result.phases)).to.deep.equal(['prepareUs', 'cloneUs', 'setupUs', 'runUs'])
  })
  it('run() refuses devices that were not given', async () => {
    const { stdout } = await sh(
      'mknod /tmp/mem c 1 1 && head -c 1 /tmp/mem > /dev/null 2>&1 || echo refused; head -c 1 /dev/kmsg 2>/dev/null || echo absent'
    )
    expect(stdout).to.equal('refused\nabsent\n')
    const given = await sh(
      'test -c /dev/memory && dd if=/dev/memory of=/dev/null bs=1 count=1 2>/dev/null && echo read',
      { devices: ['/dev/zero:/dev/memory:r'] }
    )
    expect(given.stdout).to.equal('read\n')
  })
  it('run() hands over the descriptors that are named, under their numbers', async () => {
    const fd = openSync('/etc/hostname', 'r')
    const { stdout } = await sh('cat <&7; ls /proc/self/fd | tr "\\n" " "', { fds: { 7: fd } })
    closeSync(fd)
    expect(stdout).to.equal(`${readFileSync('/etc/hostname', 'utf8')}0 1 2 3 7 `)
  })
  it('run() of a hard limit above its own says what is missing', async () => {
    // Above fs.nr_open, which nobody may exceed.
    const error = await failure(sh('true', { ulimits: { nofile: 2 ** 40 } }))
    expect(error.message).to.match(/ulimit nofile.*CAP_SYS_RESOURCE/)
  })
  it('run() leaves no cgroup', async () => {
    const id = `isotest${process.pid}`
    await sh('true', { id })
    expect(leftCgroups(id)).to.deep.equal([])
  })
})

describe('run() in a directory', function () {
  let rootfs: Rootfs
  before(function () {
    requires(this, 'root', 'overlay')
    rootfs = new Rootfs()
  })
  after(() => {
    rootfs.remove()
    shutdown()
  })

  it('run() writes into the directory, and with ephemeral into memory', async () => {
    await run(['touch', '/ephemeral'], { rootfs: rootfs.path, ephemeral: true })
    expect(existsSync(`${rootfs.path}/ephemeral`)).to.equal(false)
    await run(['touch', '/kept'], { rootfs: rootfs.path })
    expect(existsSync(`${rootfs.path}/kept`)).to.equal(true)
    rmSync(`${rootfs.path}/kept`)
  })
  it('run() looks users up in the files of the root, and numbers in none', async () => {
    const id = async (user: string) => (await run(['id'], { rootfs: rootfs.path, user })).stdout.trim()
    expect(await id('web')).to.equal('uid=33(web) gid=44(www) groups=44(www),55(log)')
    expect(await id('web:log')).to.equal('uid=33(web) gid=55(log) groups=55(log)')
    // There is a user named 1234 with uid 7: a number is a number.
    expect(await id('1234')).to.match(/^uid=1234 gid=0/)
  })
  it('run() binds files and directories, read-only where asked', async () => {
    rootfs.file('../shared', 'x')
    const { stdout } = await run(['sh', '-c', 'cat /a/b/file; echo y > /a/b/file || echo refused; ls /present'], {
      rootfs: rootfs.path,
      ephemeral: true,
      binds: [{ source: `${rootfs.scratch}/shared`, target: '/a/b/file', readonly: true }],
      bindsIfPresent: ['/nowhere/at/all:/absent', `${rootfs.path}/etc:/present:ro`],
    })
    expect(stdout).to.equal('xrefused\ngroup\npasswd\n')
  })
  it('run() shows mounts of a shared bind on the host, and keeps those of any other to itself', async () => {
    const dir = `${rootfs.scratch}/shared-bind`
    mkdirSync(dir)
    mount({ source: dir, target: dir, flags: ['bind'] })
    mount({ target: dir, flags: ['shared'] })
    try {
      const inside = (propagation: 'rprivate' | 'rslave' | 'rshared') =>
        run(['sh', '-c', 'mkdir -p /s/m; mount -t tmpfs x /s/m'], {
          rootfs: rootfs.path,
          ephemeral: true,
          capAdd: ['SYS_ADMIN'],
          binds: [{ source: dir, target: '/s', propagation }],
        })
      const seen = () => readFileSync('/proc/self/mounts', 'utf8').includes(`${dir}/m `)
      for (const propagation of ['rprivate', 'rslave'] as const) {
        expect((await inside(propagation)).exitCode).to.equal(0)
        expect(seen(), propagation).to.equal(false)
      }
      expect((await inside('rshared')).exitCode).to.equal(0)
      expect(seen()).to.equal(true)
    } finally {
      umount2(dir, ['detach'])
    }
  })
  it('run() makes files of data with their mode and owner, and nothing on disk', async () => {
    const { stdout } = await run(['sh', '-c', 'cat /etc/secret/key; stat -c "%a %u" /etc/secret/key; ls -a /dev/pts'], {
      rootfs: rootfs.path,
      ephemeral: true,
      files: [{ path: '/etc/secret/key', data: 'kept quiet\n', mode: 0o400, uid: 33 }],
    })
    expect(stdout).to.equal('kept quiet\n400 33\n.\n..\nptmx\n')
    expect(existsSync(`${rootfs.path}/etc/secret/key`)).to.equal(false)
  })
  it('run() mounts tmpfs with a size', async () => {
    const { stdout } = await run(
      ['sh', '-c', 'dd if=/dev/zero of=/scratch/f bs=64k count=64 2>&1 | grep -c "No space left"; stat -c %a /scratch'],
      { rootfs: rootfs.path, tmpfs: ['/scratch:size=1m,mode=700'] }
    )
    expect(stdout).to.equal('1\n700\n')
  })
  it('run() takes paths with colons, commas, spaces and backslashes', async () => {
    const odd = `${rootfs.scratch}/a:b, c\\d "e"`
    const root = new Rootfs()
    const { renameSync } = await import('node:fs')
    renameSync(root.path, odd)
    try {
      const { stdout } = await run(['sh', '-c', 'cat "/in:side, \\\\x"; pwd'], {
        rootfs: odd,
        ephemeral: true,
        cwd: '/w:o,r k',
        binds: [{ source: `${odd}/etc/group`, target: '/in:side, \\x' }],
      })
      expect(stdout).to.match(/^root:x:0:\nwww[^]*\/w:o,r k\n$/)
    } finally {
      root.remove()
    }
  })
})
