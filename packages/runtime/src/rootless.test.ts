// Containers of an ordinary user: a Node of its own, as uid 65534.

import { expect } from 'chai'
import { spawnSync } from 'node:child_process'
import { requires } from '@iso/testing'
import { Rootfs } from './container.test.support.js'

/** Run a module as nobody and return what it prints as JSON. */
function asNobody(body: string): unknown {
  const [run, shutdown] = [new URL('./run.js', import.meta.url).href, import.meta.resolve('@iso/native')]
  const script = `import { run, start } from ${JSON.stringify(run)}; import { shutdown } from ${JSON.stringify(shutdown)};
    const report = async () => { ${body} }
    try { console.log(JSON.stringify(await report())) } catch (error) { console.log(JSON.stringify({ name: error.name, code: error.code, message: error.message })) }
    shutdown()`
  const node = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    uid: 65534,
    gid: 65534,
    cwd: '/',
    env: { HOME: '/' },
    encoding: 'utf8',
  })
  expect(node.stderr).to.equal('')
  return JSON.parse(node.stdout)
}

describe('run() as an ordinary user', function () {
  let rootfs: Rootfs
  before(function () {
    requires(this, 'root', 'ordinaryUser', 'userns', { kernel: '6.6' })
    rootfs = new Rootfs()
    spawnSync('chown', ['-R', '65534:65534', rootfs.path])
  })
  after(() => rootfs?.remove())

  it('run() keeps the view of the host read-only where that is asked for', () => {
    const script = 'for f in /new /etc/new /usr/new /tmp/new /run/new; do touch $f 2>/dev/null && echo $f; done; true'
    const options = "{ image: 'host', readonly: true, tmpfs: ['/run'] }"
    const { stdout } = asNobody(`return run(['sh', '-c', ${JSON.stringify(script)}], ${options})`) as { stdout: string }
    expect(stdout).to.equal('/run/new\n')
  })
  it('run() keeps changes private where something is mounted below a directory of the host', () => {
    const script = [
      'for d in /usr /usr/bin /usr/local /usr/local/src; do touch $d/iso-new 2>/dev/null && echo $d; done; cat /usr/local/src/file',
      'echo changed > /usr/local/src/file; cat /usr/local/src/file; readlink /usr/local/man; stat -c %a /usr /usr/local/src',
    ].join('; ')
    const module = JSON.stringify(new URL('./run.js', import.meta.url).href)
    const node = `import { run } from ${module}; import { shutdown } from ${JSON.stringify(import.meta.resolve('@iso/native'))}
      for (const readonly of [false, true]) console.log((await run(['sh', '-c', process.argv[1]], { image: 'host', readonly })).stdout); shutdown()`
    const { stdout, stderr } = spawnSync(
      'unshare',
      [
        '-m',
        'sh',
        '-c',
        'mount -t tmpfs -o mode=1777 tmpfs /usr/local/src && echo host > /usr/local/src/file && chown 65534:65534 /usr/local/src/file && setpriv --reuid 65534 --regid 65534 --clear-groups "$@" && cat /usr/local/src/file && ls /usr/local/src',
        'sh',
        process.execPath,
        '--input-type=module',
        '-e',
        node,
        script,
      ],
      { cwd: '/', env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', HOME: '/' }, encoding: 'utf8' }
    )
    expect(stderr).to.equal('')
    expect(stdout.split('\n').filter((line) => line !== '')).to.deep.equal([
      ...['/usr', '/usr/bin', '/usr/local', '/usr/local/src', 'host', 'changed', 'share/man', '755', '1777'],
      ...['host', 'host', 'share/man', '755', '1777'],
      ...['host', 'file'],
    ])
  })
  it('run() makes its user root in a writable view of the host', () => {
    const script =
      'echo $$; id -u; touch /etc/new /new && echo written; cat /proc/self/uid_map; wc -c < /etc/shadow; ls -A /root'
    const { stdout, cause } = asNobody(`return run(['sh', '-c', ${JSON.stringify(script)}], { image: 'host' })`) as {
      stdout: string
      cause: string
    }
    expect(stdout.replace(/ +/g, ' ')).to.equal('1\n0\nwritten\n 0 65534 1\n0\n')
    expect(cause).to.equal('exit')
  })
  it('run() leaves no way to the mounts of the host', () => {
    const { stdout } = asNobody(
      `return run(['sh', '-c', 'ls -di / /..; grep -c . /proc/self/mounts; ls /..'], { rootfs: ${JSON.stringify(rootfs.path)} })`
    ) as { stdout: string }
    const [root, above] = stdout.split('\n').map((line) => line.trim().split(' ')[0])
    expect(root).to.equal(above)
    expect(stdout).to.not.include('home')
  })
  it('exec() enters the same root as the container', () => {
    const result = asNobody(`
      const container = await start(['sleep', '60'], { image: 'host' })
      const child = await container.exec(['sh', '-c', 'readlink /proc/1/ns/mnt; readlink /proc/self/ns/mnt; ls /proc | grep -c "^[0-9]"; ls -A /root /home'])
      let text = ''
      for await (const chunk of child.stdout) text += chunk
      await child.close()
      await container.close()
      return text`) as string
    const [one, self, processes] = result.split('\n')
    expect(self).to.equal(one)
    expect(Number(processes)).to.be.within(2, 5)
  })
  it('run() makes a terminal, and shares the network of the host', () => {
    expect((asNobody("return run(['tty'], { image: 'host', tty: true })") as { stdout: string }).stdout).to.equal(
      '/dev/pts/0\r\n'
    )
    const { stdout } = asNobody(
      "return run(['sh', '-c', 'readlink /proc/self/ns/net; ls /sys | head -1; touch /sys/x 2>/dev/null || echo refused'], { image: 'host', network: 'host' })"
    ) as { stdout: string }
    expect(stdout).to.match(/^net:\[\d+\]\nblock\nrefused\n$/)
  })
  it('run() refuses limits where no cgroup is delegated', function () {
    requires(this, 'cgroup1')
    expect(asNobody("return run(['true'], { image: 'host', memory: '64m' })")).to.include({ code: 'ISO_NO_CGROUP' })
  })
  it('run() without privilege and without a user namespace says what is missing', () => {
    const refused = asNobody("return run(['true'], { image: 'host', rootless: false })") as {
      code: string
      message: string
    }
    expect(refused.code).to.match(/^ISO_/)
    expect(refused.message).to.match(/EACCES|EPERM/)
  })
  it('exec() works for an ordinary user in a container with a score', () => {
    const score = asNobody(`
      const container = await start(['sleep', '60'], { image: 'host', oomScoreAdj: 300 })
      const child = await container.exec(['cat', '/proc/self/oom_score_adj'])
      let text = ''
      for await (const chunk of child.stdout) text += chunk
      await child.close()
      await container.close()
      return text`)
    expect(score).to.equal('300\n')
  })
  it('run() says what a single id cannot do', () => {
    expect(asNobody("return run(['true'], { image: 'host', user: '1234:1234' })")).to.include({ name: 'IsoError' })
    expect(asNobody("return run(['true'], { image: 'host', userns: 'host' })")).to.include({ name: 'TypeError' })
  })
  it('run() does not promise a read-only bind that the program could undo', () => {
    const refused = asNobody(
      "return run(['true'], { image: 'host', capAdd: ['SYS_ADMIN'], binds: ['/etc:/data:ro'] })"
    ) as { message: string }
    expect(refused.message).to.match(/"\/data" read-only/)
  })
  it('run() keeps its timeout, its receipt and read-only binds', () => {
    const result = asNobody(
      "return run(['sh', '-c', 'touch /data/x 2>/dev/null || echo refused; sleep 30'], { image: 'host', timeout: '500ms', binds: ['/etc:/data:ro'] })"
    ) as { stdout: string; cause: string; cpuUs: { source: string } }
    expect(result).to.include({ stdout: 'refused\n', cause: 'timeout' })
    expect(result.cpuUs.source).to.equal('rusage')
  })
})
