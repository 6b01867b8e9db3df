import {
  chmodSync,
  closeSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { spawn, spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { requires } from '@iso/testing'
import { expect } from 'chai'

import { iso, MAIN, outcomeOf, startIso } from './iso.test.support.js'

describe('iso run', () => {
  before(function () {
    requires(this, 'root', { program: 'bash' }, { program: 'pgrep' })
  })

  let directory: string
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'iso-cli-'))
    chmodSync(directory, 0o755)
  })
  after(() => rmSync(directory, { recursive: true, force: true }))

  const sh = (script: string, ...options: string[]) => iso(['run', ...options, 'host', 'sh', '-c', script])

  describe('exit codes', () => {
    const CASES: readonly (readonly [what: string, words: string[], code: number, stderr: RegExp])[] = [
      ['the status of the program', ['host', 'sh', '-c', 'exit 3'], 3, /^$/],
      ['137 for SIGKILL', ['--init', 'host', 'sh', '-c', 'kill -KILL $$'], 137, /^$/],
      ['143 for SIGTERM', ['--init', 'host', 'sh', '-c', 'kill -TERM $$'], 143, /^$/],
      [
        '127 for a program that is not there',
        ['host', 'no-such-program'],
        127,
        /^iso: Cannot execute "no-such-program": ENOENT; .+\n$/,
      ],
      [
        '127 for a path that is not there',
        ['host', '/no/such'],
        127,
        /^iso: Cannot execute "\/no\/such": ENOENT; .+\n$/,
      ],
      [
        '126 for a file that is not executable',
        ['host', '/etc/passwd'],
        126,
        /^iso: Cannot execute "\/etc\/passwd": EACCES; .+\n$/,
      ],
      ['126 for a directory', ['host', '/etc'], 126, /^iso: .+\n$/],
      ['125 for an unknown option', ['--frobnicate', 'host', 'true'], 125, /^iso: unknown option '--frobnicate'\n$/],
      ['125 for an unknown image', ['alpine', 'true'], 125, /^iso: Cannot find image "alpine".+\n$/],
      ['125 for a missing directory', ['/no/such/rootfs', 'true'], 125, /^iso: .*\/no\/such\/rootfs.*\n$/],
      ['125 for a bad limit', ['-m=1x', 'host', 'true'], 125, /^iso: .*1x.*\n$/],
      ['125 for an unknown user', ['-u', 'nobody-here', 'host', 'true'], 125, /^iso: .*nobody-here.*\n$/],
      ['125 for an unknown capability', ['--cap-add=FLY', 'host', 'true'], 125, /^iso: .*FLY.*\n$/],
    ]
    for (const [what, words, code, stderr] of CASES) {
      it(`iso run ends with ${what}`, async () => {
        const outcome = await iso(['run', ...words])
        expect(outcome.stderr).to.match(stderr)
        expect(outcome.code).to.equal(code)
      })
    }

    it('iso run says why the kernel killed the program', async () => {
      const { code, stderr } = await sh('tail /dev/zero', '--init', '-m=20m', '--memory-swap=20m')
      expect(stderr).to.match(/iso: the container ran out of memory and was killed; --memory is 20m\n$/)
      expect(code).to.equal(137)
    })

    it('iso run says that time is up', async () => {
      const { code, stderr } = await sh('sleep 100', '--timeout=200ms')
      expect(stderr).to.equal('iso: the container was killed after 200ms, as --timeout asks\n')
      expect(code).to.equal(137)
    })

    it('iso run says that too much was written', async () => {
      const { code, stderr, stdout } = await sh('yes', '--output-limit=100k')
      expect(stderr).to.match(/iso: the container was killed: it wrote more than 100k, its --output-limit\n$/)
      expect(stdout.length).to.be.at.most(200 * 1024)
      expect(code).to.equal(137)
    })

    it('iso run shows a stack with ISO_DEBUG=1 only', async () => {
      const { stderr } = await iso(['run', 'host', 'no-such-program'], { env: { ISO_DEBUG: '1' } })
      expect(stderr).to.match(/\n {4}at /)
    })
  })

  it('iso run says in one line what nobody expected, and ends the container', async () => {
    const stray = "data:text/javascript,setTimeout(() => { throw new Error('stray') }, 1000)"
    const { code, stderr } = await iso(['run', 'host', 'sleep', '1357'], {
      env: { NODE_OPTIONS: `--import="${stray}"` },
    })
    expect(stderr).to.equal('iso: stray; this should not happen: ISO_DEBUG=1 shows where it did\n')
    expect(code).to.equal(125)
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(spawnSync('pgrep', ['-f', '^sleep 1357']).stdout.toString()).to.equal('')
  })

  describe('what is inside', () => {
    it('iso run shows PID 1, its host name, and no process of the host', async () => {
      const { stdout } = await sh('echo $$ $(hostname) $(ls -d /proc/[0-9]* | wc -l)', '--hostname=box')
      expect(stdout).to.match(/^1 box [1-4]\n$/)
    })

    it('iso run passes the environment that was asked for, and nothing else', async () => {
      const file = join(directory, 'env')
      writeFileSync(file, '# comment\nFROM_FILE=a b \nINHERITED\n')
      const { stdout } = await iso(
        ['run', '--env-file', file, '-e', 'GIVEN=x=y', '-e', 'EMPTY=', '-e', 'CALLER', 'host', 'env'],
        {
          env: { INHERITED: 'yes', CALLER: 'me', SECRET: 'no' },
        }
      )
      const lines = stdout.split('\n').filter((line) => !/^(PATH|HOME|HOSTNAME|PWD|SHLVL|_)=|^$/.test(line))
      expect(lines.sort()).to.deep.equal(['CALLER=me', 'EMPTY=', 'FROM_FILE=a b ', 'GIVEN=x=y', 'INHERITED=yes'])
    })

    it('iso run applies user, groups, directory, limits and capabilities', async () => {
      const { stdout } = await sh(
        'id -u; id -g; id -G; pwd; ulimit -Sn; ulimit -Hn; grep CapBnd /proc/self/status',
        '-u',
        '1234:567',
        '--group-add=20',
        '-w',
        '/made/here',
        '--ulimit',
        'nofile=100:200',
        '--cap-drop=ALL',
        '--cap-add=CHOWN'
      )
      expect(stdout.split('\n').slice(0, 7)).to.deep.equal([
        '1234',
        '567',
        '567 20',
        '/made/here',
        '100',
        '200',
        'CapBnd:\t0000000000000001',
      ])
    })

    it('iso run applies a umask', async () => {
      expect((await sh('umask', '--umask=027')).stdout).to.equal('0027\n')
    })

    it('iso run mounts what -v, --mount and --tmpfs name', async () => {
      writeFileSync(join(directory, 'a,b c'), 'shared')
      const { stdout, stderr, code } = await sh(
        'cat "/v/a,b c" /m; echo; touch /v/x 2>/dev/null || echo read-only; df -k /t | tail -n 1',
        '-v',
        `${directory}:/v:ro`,
        '--mount',
        `type=bind,"src=${directory}/a,b c",dst=/m,readonly`,
        '--tmpfs',
        '/t:size=1m'
      )
      expect({ stderr, code }).to.deep.equal({ stderr: '', code: 0 })
      expect(stdout).to.match(/^sharedshared\nread-only\ntmpfs +1024 /)
    })

    it('iso run makes a directory that -v names, and refuses one that --mount names', async () => {
      const missing = join(directory, 'made')
      const mount = await sh('true', '--mount', `type=bind,src=${missing},dst=/m`)
      expect(mount.code).to.equal(125)
      expect(mount.stderr).to.match(/^iso: .*made.*ENOENT/)
      expect(await sh('touch /m/from-inside', '-v', `${missing}:/m:z`)).to.deep.include({ code: 0, stderr: '' })
      expect(readdirSync(missing)).to.deep.equal(['from-inside'])
    })

    it('iso run makes nothing for a command that is refused, or that does not start', async () => {
      const missing = join(directory, 'unmade/a/b')
      const refused = [
        ['--memory=5m', 'host', 'true'],
        ['--userns=host', '--uidmap=0:1:1', 'host', 'true'],
        ['-u', 'nobody-here', 'host', 'true'],
        ['-v', '/etc:/etc:fast', 'host', 'true'],
        ['--device=/dev/no-such', 'host', 'true'],
        ['/no/such/root', 'true'],
        ['--cpuset-cpus=900', 'host', 'true'],
        ['host', 'no-such-program'],
      ]
      for (const words of refused) {
        const { code } = await iso(['run', '-v', `${missing}:/x`, ...words])
        expect(code, words.join(' ')).to.be.oneOf([125, 127])
        expect(readdirSync(directory), words.join(' ')).not.to.include('unmade')
      }
    })

    it('iso run works for an ordinary user', async function () {
      requires(this, 'ordinaryUser', 'userns')
      const { stdout, stderr, code } = await iso(
        ['run', 'host', 'sh', '-c', 'id -u; cat /proc/self/uid_map; echo $$'],
        { uid: 65534, cwd: '/' }
      )
      expect({ stderr, code }).to.deep.equal({ stderr: '', code: 0 })
      expect(stdout).to.match(/^0\n +0 +65534 +1\n(?: +\d+ +\d+ +\d+\n)*1\n$/)
    })

    it('iso run makes root of the container an unprivileged user of the host', async function () {
      requires(this, 'userns', 'idmappedRoot')
      mkdirSync(join(directory, 'shared'), { recursive: true })
      const script = 'id -u; cat /proc/self/gid_map; stat -c %u /mnt/a /mnt/b'
      const binds = [`-v=${directory}/shared:/mnt/a`, `--mount=type=bind,src=${directory}/shared,dst=/mnt/b,idmap`]
      const { stdout, stderr, code } = await sh(script, '--uidmap=0:200000:65536', '--gidmap=0:300000:1000', ...binds)
      expect({ stdout: stdout.split(/\s+/), stderr, code }).to.deep.equal({
        stdout: ['0', '0', '300000', '1000', '65534', '0', ''],
        stderr: '',
        code: 0,
      })
      const refused = await sh('true', '--uidmap=0:200000:10', '--cap-add=SYS_ADMIN', '--read-only')
      expect(refused.code).to.equal(125)
      expect(refused.stderr).to.match(/^iso: --.*: Cannot keep the root read-only: with CAP_SYS_ADMIN/)
    })

    it('iso run shares namespaces of the host when asked, and only then', async () => {
      const links = (...options: string[]) =>
        sh('for n in net pid ipc uts cgroup; do readlink /proc/self/ns/$n; done', ...options)
      const here = ['net', 'pid', 'ipc', 'uts', 'cgroup'].map((name) => readlinkSync(`/proc/self/ns/${name}`))
      const apart = (await links()).stdout.trim().split('\n')
      expect(apart.filter((link) => here.includes(link))).to.deep.equal([])
      const { stdout } = await links('--network=host', '--pid=host', '--ipc=host', '--uts=host', '--cgroupns=host')
      expect(stdout.trim().split('\n')).to.deep.equal(here)
    })

    it('iso run applies what is left of the options', async () => {
      const one = async (option: string[], script: string) => (await sh(script, ...option)).stdout.trim()
      expect(await one(['--sysctl', 'net.ipv4.ip_forward=1'], 'cat /proc/sys/net/ipv4/ip_forward')).to.equal('1')
      expect(await one(['--oom-score-adj=321'], 'cat /proc/self/oom_score_adj')).to.equal('321')
      expect(await one(['--shm-size=1m'], 'df -k /dev/shm | tail -n 1')).to.match(/^shm +1024 /)
      expect(await one(['--domainname=example.org'], 'cat /proc/sys/kernel/domainname')).to.equal('example.org')
      expect(await one(['--read-only'], 'touch /x 2>&1')).to.match(/Read-only file system/)
      expect(await one(['--security-opt=seccomp=unconfined'], 'grep Seccomp: /proc/self/status')).to.equal(
        'Seccomp:\t0'
      )
      expect(await one(['--security-opt=no-new-privileges:false'], 'grep NoNewPrivs /proc/self/status')).to.equal(
        'NoNewPrivs:\t0'
      )
      expect(await one(['--ipc=none'], 'test -e /dev/shm || echo gone')).to.equal('gone')
      expect(await one(['--init'], 'echo $$')).not.to.equal('1')
      expect(await one(['--pids-limit=4'], '(sleep 1 & sleep 1 & sleep 1 & sleep 1 & wait) 2>&1')).to.match(/fork/)
      expect((await iso(['run', '--entrypoint=echo', 'host', 'its argument'])).stdout).to.equal('its argument\n')
    })

    it('iso run takes a directory for a root, and leaves it as it is with --ephemeral', async function () {
      requires(this, { file: '/bin/busybox' })
      const root = join(directory, 'rootfs')
      mkdirSync(join(root, 'bin'), { recursive: true })
      cpSync('/bin/busybox', join(root, 'bin/sh'), { dereference: true })
      expect(await iso(['run', '--ephemeral', root, 'sh', '-c', 'echo > /new; echo fine'])).to.deep.include({
        code: 0,
        stdout: 'fine\n',
      })
      expect(readdirSync(root)).to.deep.equal(['bin'])
      expect(await iso(['run', root, 'sh', '-c', 'echo > /new'])).to.deep.include({ code: 0 })
      expect(readdirSync(root)).to.include('new')
    })

    it('iso run gives network and privilege only when asked', async () => {
      const interfaces = (await sh('ls /sys/class/net')).stdout.trim()
      expect(interfaces).to.equal('lo')
      const effective = async (...options: string[]) =>
        (await sh('grep CapEff /proc/self/status', ...options)).stdout.trim()
      expect(await effective()).to.equal('CapEff:\t00000000a80425fb')
      expect(await effective('--privileged')).not.to.equal('CapEff:\t00000000a80425fb')
    })

    it('iso run runs a shell when nothing is named', async () => {
      expect((await iso(['run', '-i', 'host'], { input: 'echo from the shell' })).stdout).to.equal('from the shell\n')
    })

    it('iso run leaves words behind the image to the program', async () => {
      expect((await iso(['run', 'host', 'echo', '--rm', '-it', '--', '-m=1'])).stdout).to.equal('--rm -it -- -m=1\n')
    })
  })

  describe('streams', () => {
    it('iso run reads /dev/null without -i, and the input with it', async () => {
      expect((await iso(['run', 'host', 'cat'], { input: 'x' })).stdout).to.equal('')
      expect((await iso(['run', '-i', 'host', 'cat'], { input: 'x' })).stdout).to.equal('x')
    })

    it('iso run keeps standard output and error apart', async () => {
      const { stdout, stderr } = await sh('echo out; echo err >&2')
      expect({ stdout, stderr }).to.deep.equal({ stdout: 'out\n', stderr: 'err\n' })
    })

    it('iso run hands files over as they are: nothing is copied', async () => {
      const file = join(directory, 'out')
      const fd = openSync(file, 'w')
      const child = spawn(
        process.execPath,
        [MAIN, 'run', 'host', 'sh', '-c', 'readlink /proc/self/fd/1 >&2; stat -L -c %i /proc/self/fd/1; echo written'],
        { stdio: ['ignore', fd, 'pipe'] }
      )
      closeSync(fd)
      await outcomeOf(child)
      expect(readFileSync(file, 'utf8')).to.match(/^\d+\nwritten\n$/)
    })

    it('iso run passes 64 MiB through', async () => {
      const child = startIso(['run', 'host', 'head', '-c', '67108864', '/dev/zero'])
      let length = 0
      child.stdout?.on('data', (chunk: Buffer) => (length += chunk.length))
      await new Promise((resolve) => child.on('close', resolve))
      expect(length).to.equal(67108864)
    })

    it('iso run ends as the program does when nobody reads its output', async () => {
      const script = '"$0" "$@" | head -n 1; exit "${PIPESTATUS[0]}"'
      const child = spawn('bash', ['-c', script, process.execPath, MAIN, 'run', '--init', 'host', 'yes'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      expect(await outcomeOf(child)).to.deep.include({ code: 141, stdout: 'y\n' })
    })
  })

  describe('signals', () => {
    it('iso run forwards signals to the program', async () => {
      for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const) {
        const name = signal.slice(3)
        const child = startIso([
          'run',
          'host',
          'sh',
          '-c',
          `trap 'echo got ${name}; exit 4' ${name}; echo ready; while :; do sleep 0.05; done`,
        ])
        child.stdout?.once('data', () => child.kill(signal))
        const { code, stdout, stderr } = await outcomeOf(child)
        expect({ code, stdout, stderr }).to.deep.equal({ code: 4, stdout: `ready\ngot ${name}\n`, stderr: '' })
      }
    })

    it('iso run gives up politeness at the third SIGINT', async () => {
      // A shell that is told to ignore it: dash has a handler of its own until it becomes `sleep`.
      const child = startIso(['run', 'host', 'sh', '-c', 'trap "" INT; echo ready; sleep 1000'])
      const ended = outcomeOf(child)
      await new Promise((resolve) => child.stdout?.once('data', resolve))
      for (let i = 0; i < 3; i++) {
        child.kill('SIGINT')
        await new Promise((resolve) => setTimeout(resolve, 100)) // signals of one kind that wait are one
      }
      expect((await ended).code).to.equal(137)
    })

    it('iso run --sig-proxy=false ends by the signal itself, and the container with it', async () => {
      const child = startIso([
        'run',
        '--sig-proxy=false',
        '--name',
        'gone',
        'host',
        'sh',
        '-c',
        'echo ready; sleep 1234',
      ])
      child.stdout?.once('data', () => child.kill('SIGTERM'))
      const { signal } = await outcomeOf(child)
      expect(signal).to.equal('SIGTERM')
    })
  })
})
