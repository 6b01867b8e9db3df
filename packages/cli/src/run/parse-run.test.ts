import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect } from 'chai'

import type { RunOptions } from '@iso/runtime'

import { RUN_OPTIONS } from '../options/all.js'
import { refusal } from '../options/refused.js'
import { longName } from '../options/option.js'
import { parseRun } from './parse-run.js'

const parse = (...words: string[]) => parseRun([...words, 'host', 'true'])

// docker run --help of version 28, and the hidden options of its source.
const DOCKER_OPTIONS =
  `add-host annotation attach blkio-weight blkio-weight-device cap-add cap-drop cgroup-parent cgroupns cidfile cpu-count cpu-percent
  cpu-period cpu-quota cpu-rt-period cpu-rt-runtime cpu-shares cpus cpuset-cpus cpuset-mems detach detach-keys device device-cgroup-rule device-read-bps
  device-read-iops device-write-bps device-write-iops disable-content-trust dns dns-opt dns-option dns-search domainname entrypoint env env-file expose gpus
  group-add health-cmd health-interval health-retries health-start-interval health-start-period health-timeout help hostname init interactive io-maxbandwidth
  io-maxiops ip ip6 ipc isolation kernel-memory label label-file link link-local-ip log-driver log-opt mac-address memory memory-reservation memory-swap
  memory-swappiness mount name net network network-alias no-healthcheck oom-kill-disable oom-score-adj pid pids-limit platform privileged publish publish-all
  pull quiet read-only restart rm runtime security-opt shm-size sig-proxy stop-signal stop-timeout storage-opt sysctl tmpfs tty ulimit user userns uts volume
  volume-driver volumes-from workdir`.split(/\s+/)

const IDS = [
  { inside: 0, outside: 200000, count: 10 },
  { inside: 10, outside: 300000, count: 5 },
]

// Every option once at least, in the forms that differ, with what the runtime is told.
const MATRIX: readonly (readonly [words: string[], options: RunOptions])[] = [
  [['--entrypoint', '/bin/ls'], { entrypoint: '/bin/ls' }],
  [['--entrypoint='], {}],
  [['-e', 'A=1', '--env=B=2', '-eC=3=4', '-e', 'D='], { env: { A: '1', B: '2', C: '3=4', D: '' } }],
  [['-e', 'A=1', '-e', 'A=2'], { env: { A: '2' } }],
  [['-w', '/srv'], { cwd: '/srv' }],
  [['--workdir=/srv'], { cwd: '/srv' }],
  [['-u', '1000:100'], { user: '1000:100' }],
  [['--user=nobody'], { user: 'nobody' }],
  [['--group-add', 'audio', '--group-add=20'], { groupAdd: ['audio', '20'] }],
  [['--umask', '077'], { umask: 0o77 }],
  [['-h', 'box'], { hostname: 'box' }],
  [['--hostname', 'a', '--hostname', 'b'], { hostname: 'b' }],
  [['--hostname='], {}],
  [['--domainname', 'example.org'], { domainname: 'example.org' }],
  [['--name', 'one'], { name: 'one' }],
  [['--init'], { init: true }],
  [['--init', '--init=false'], { init: false }],
  [['--rm'], {}],
  [['--stop-signal', 'INT'], { stopSignal: 2 }],
  [['--stop-signal=SIGRTMIN+3'], { stopSignal: 37 }],
  [['--stop-timeout', '3'], { stopTimeoutMs: 3000 }],
  [['--stop-timeout=0'], { stopTimeoutMs: 1 }],
  [['--stop-timeout=-1'], { stopTimeoutMs: -1 }],
  [['--timeout', '5s'], { timeout: '5s' }],
  [['--output-limit', '10m'], { outputLimit: '10m' }],
  [['--cpus=1'], { cpus: 1 }],
  [['--cpus', '.5'], { cpus: 0.5 }],
  [['-c', '512'], { cpuShares: 512 }],
  [['--cpu-period', '50000', '--cpu-quota', '-1'], { cpuPeriodUs: 50000, cpuQuotaUs: -1 }],
  [['--cpuset-cpus', '0-1', '--cpuset-mems', '0'], { cpusetCpus: '0-1', cpusetMems: '0' }],
  [['-m=2048m'], { memory: '2048m' }],
  [['--memory-swap', '-1', '--memory-reservation', '1g'], { memorySwap: '-1', memoryReservation: '1g' }],
  [['--memory-swappiness=0', '--oom-kill-disable'], { memorySwappiness: 0, oomKillDisable: true }],
  [['--oom-score-adj', '-500'], { oomScoreAdj: -500 }],
  [['--pids-limit=1000'], { pids: 1000 }],
  [['--pids-limit', '-1'], { pids: -1 }],
  [['--blkio-weight', '300'], { blkioWeight: 300 }],
  [['--blkio-weight-device', '/dev/sda:300'], { blkioWeightDevice: ['/dev/sda:300'] }],
  [
    ['--device-read-bps', '/dev/sda:1m', '--device-write-bps', '/dev/sda:2m'],
    { deviceReadBps: ['/dev/sda:1m'], deviceWriteBps: ['/dev/sda:2m'] },
  ],
  [
    ['--device-read-iops', '/dev/sda:10', '--device-write-iops', '/dev/sda:20'],
    { deviceReadIops: ['/dev/sda:10'], deviceWriteIops: ['/dev/sda:20'] },
  ],
  [['--ulimit', 'nofile=1024:2048', '--ulimit', 'core=0'], { ulimits: ['nofile=1024:2048', 'core=0'] }],
  [['--cgroup-parent', '/jobs'], { cgroupParent: '/jobs' }],
  [['-v', '/a:/b:ro,z', '-v=/c:/d'], { binds: ['/a:/b:ro', '/c:/d'] }],
  [['-v', './a:/b'], { binds: [`${process.cwd()}/a:/b`] }],
  [['--volume-if-present', '/a:/b'], { bindsIfPresent: ['/a:/b'] }],
  [
    ['--mount', 'type=bind,src=/a,dst=/b,readonly'],
    { mounts: [{ type: 'bind', source: '/a', target: '/b', readonly: true }] },
  ],
  [['--tmpfs', '/tmp:size=64m', '--tmpfs', '/run'], { tmpfs: ['/tmp:size=64m', '/run'] }],
  [['--read-only'], { readonly: true }],
  [['--ephemeral', '--storage-size', '1g'], { ephemeral: true, storageSize: '1g' }],
  [['--shm-size', '128m'], { shmSize: '128m' }],
  [['--device', '/dev/fuse:/dev/fuse:rw'], { devices: ['/dev/fuse:/dev/fuse:rw'] }],
  [['--device-cgroup-rule', 'c 1:3 rwm'], { deviceCgroupRules: ['c 1:3 rwm'] }],
  [['--network', 'host'], { network: 'host' }],
  [['--net=none'], { network: 'none' }],
  [
    ['--pid=host', '--ipc=none', '--uts=host', '--userns=host', '--cgroupns=private'],
    { pid: 'host', ipc: 'none', uts: 'host', userns: 'host', cgroupns: 'private' },
  ],
  [['--subuidname', 'dockremap'], { userns: { user: 'dockremap' } }],
  [['--userns=private', '--uidmap=0:200000:10', '--uidmap', '10:300000:5'], { userns: { uids: IDS, gids: IDS } }],
  [
    ['--gidmap', '0:7:1', '--uidmap=0:200000:10', '--uidmap', '10:300000:5'],
    { userns: { uids: IDS, gids: [{ inside: 0, outside: 7, count: 1 }] } },
  ],
  [
    ['--cap-drop=ALL', '--cap-add', 'NET_ADMIN', '--cap-add=CAP_CHOWN'],
    { capDrop: ['ALL'], capAdd: ['NET_ADMIN', 'CAP_CHOWN'] },
  ],
  [['--privileged'], { privileged: true }],
  [
    ['--security-opt', 'seccomp=unconfined', '--security-opt=no-new-privileges:false'],
    { securityOpt: ['seccomp=unconfined', 'no-new-privileges:false'] },
  ],
  [['--allow-nested-userns'], { allowNestedUserns: true }],
  [
    ['--sysctl', 'net.ipv4.ip_forward=1', '--sysctl=kernel.msgmax=1 2'],
    { sysctls: { 'net.ipv4.ip_forward': '1', 'kernel.msgmax': '1 2' } },
  ],
]

describe('parseRun()', () => {
  for (const [words, options] of MATRIX) {
    it(`parseRun() reads ${words.join(' ')}`, () => {
      expect(parse(...words)).to.deep.equal({
        argv: ['true'],
        options: { image: 'host', ...options },
        interactive: false,
        tty: false,
      })
    })
  }

  it('parseRun() refuses ids that are given twice, or to a container in the namespace of the host', () => {
    const refused = (...words: string[]) => expect(() => parse(...words)).to.throw(TypeError)
    refused('--userns=host', '--uidmap=0:1:1').with.property(
      'message',
      '--uidmap: Cannot map ids: --userns=host shares the user namespace of the host'
    )
    refused('--subuidname=x', '--gidmap=0:1:1').with.property('message').that.includes('--subuidname has given them')
    refused('--userns=host', '--subuidname=x').with.property('message').that.includes('--userns=host')
    refused('--uidmap=0:1').with.property('message').that.includes('"0:1" is no map')
  })

  it("parseRun() has every option of Docker's, or refuses it by name", () => {
    const here = new Set(RUN_OPTIONS.flatMap((option) => [longName(option), ...option.aliases]))
    expect(DOCKER_OPTIONS.filter((name) => !here.has(name) && refusal(`--${name}`) === undefined)).to.deep.equal([
      'help',
    ])
    expect(DOCKER_OPTIONS.filter((name) => here.has(name) && refusal(`--${name}`) !== undefined)).to.deep.equal([])
  })

  it('parseRun() is tested with every option', () => {
    const used = MATRIX.flatMap(([words]) =>
      words.map((word) =>
        word
          .replace(/=.*/s, '')
          .replace(/^-(.).*$/s, (whole, letter: string) => (whole.startsWith('--') ? whole : `-${letter}`))
      )
    )
    const session = ['interactive', 'tty', 'sig-proxy', 'env-file'] // below
    const missing = RUN_OPTIONS.filter(
      (option) =>
        !session.includes(longName(option)) &&
        !used.includes(`--${longName(option)}`) &&
        !used.includes(option.flags.slice(0, 2))
    )
    expect(missing.map(longName)).to.deep.equal([])
  })

  it('parseRun() reads the command line of the README', () => {
    expect(parseRun(['-it', '--cpus=1', '-m=2048m', '--pids-limit=1000', 'host', 'sh'])).to.deep.equal({
      argv: ['sh'],
      options: { image: 'host', cpus: 1, memory: '2048m', pids: 1000 },
      interactive: true,
      tty: true,
    })
  })

  it('parseRun() tells a signal proxy that is off from one that was not mentioned', () => {
    expect(parse('--sig-proxy=false').sigProxy).to.equal(false)
    expect(parse('--sig-proxy').sigProxy).to.equal(true)
    expect(parse()).not.to.have.property('sigProxy')
  })

  it('parseRun() leaves options behind the image to the program', () => {
    expect(parseRun(['host', 'sh', '-m', '--rm', '--', '-it'])).to.deep.include({
      argv: ['sh', '-m', '--rm', '--', '-it'],
      tty: false,
    })
  })

  it('parseRun() takes a directory for a root', () => {
    expect(parseRun(['./rootfs', 'true']).options).to.deep.equal({ rootfs: join(process.cwd(), 'rootfs') })
    expect(parseRun(['/srv/a b', 'true']).options).to.deep.equal({ rootfs: '/srv/a b' })
  })

  it('parseRun() runs a shell where nothing is named, on the host image only', () => {
    expect(parseRun(['-it', 'host']).argv).to.deep.equal(['sh'])
    expect(parseRun(['--entrypoint', 'ls', 'host']).argv).to.deep.equal([])
    expect(() => parseRun(['./rootfs'])).to.throw(TypeError, 'no command was given')
  })

  it('parseRun() takes the value of the caller for a bare name, and nothing where there is none', () => {
    process.env['ISO_TEST_VARIABLE'] = 'from outside'
    try {
      expect(parse('-e', 'ISO_TEST_VARIABLE', '-e', 'ISO_TEST_ABSENT').options.env).to.deep.equal({
        ISO_TEST_VARIABLE: 'from outside',
      })
    } finally {
      delete process.env['ISO_TEST_VARIABLE']
    }
  })

  it('parseRun() lets --env win over --env-file, wherever it stands', () => {
    const directory = mkdtempSync(join(tmpdir(), 'iso-cli-'))
    try {
      const file = join(directory, 'env')
      writeFileSync(file, 'A=file\nB=file\n')
      expect(parse('-e', 'A=line', '--env-file', file).options.env).to.deep.equal({ A: 'line', B: 'file' })
    } finally {
      rmSync(directory, { recursive: true })
    }
  })

  const WRONG: readonly (readonly [words: string[], text: string])[] = [
    [['alpine', 'sh'], 'Cannot find image "alpine"'],
    [['--cpus', 'two', 'host'], 'Cannot read --cpus: "two" is no number from 0'],
    [['--cpus', '-1', 'host'], 'Cannot read --cpus: "-1"'],
    [['--pids-limit', '-5', 'host'], 'Cannot read --pids-limit: -5 is out of range'],
    [['--pids-limit', '1.5', 'host'], 'Cannot read --pids-limit: "1.5" is no whole number'],
    [['--oom-score-adj', '1001', 'host'], 'out of range; wanted -1000 to 1000'],
    [['--network', 'bridge', 'host'], `Cannot read --network: "bridge" is not there; wanted none or host`],
    [['--stop-signal', 'NOPE', 'host'], 'Cannot read --stop-signal: "NOPE" is no signal'],
    [['--stop-timeout=99999999', 'host'], 'Cannot read --stop-timeout: 99999999 is out of range'],
    [['--env-file=/no/such', 'host'], '--env-file: ENOENT'],
    [['-e', '=x', 'host'], 'Cannot read --env: "=x" has no name'],
    [['--sysctl', 'a', 'host'], 'Cannot read --sysctl: "a" is no name=value pair'],
    [['-v', 'data:/data', 'host'], "asks for a volume named 'data'"],
    [['-v', '/data', 'host'], 'asks for an anonymous volume'],
    [['--rm=false', 'host'], 'Cannot read --rm'],
    [['--umask', '9', 'host'], 'is no octal mode'],
    [[], "missing required argument 'IMAGE'"],
    [['--nope', 'host'], "unknown option '--nope'"],
    [['--memory'], "option '-m, --memory <size>' argument missing"],
  ]
  for (const [words, text] of WRONG) {
    it(`parseRun() refuses ${words.join(' ') || 'nothing'}`, () => {
      expect(() => parseRun(words)).to.throw(text)
    })
  }
})
