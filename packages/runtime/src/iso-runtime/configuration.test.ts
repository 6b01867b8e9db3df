import { expect } from 'chai'
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync, chownSync } from 'node:fs'
import { join } from 'node:path'
import { requires } from '@iso/testing'
import { leftCgroups } from '../container.test.support.js'
import type { Config, Mount } from '../oci/spec/config.js'
import { Bench, bundleCommand, type Mutable } from './command.test.support.js'

type Change = (config: Mutable<Config>) => void

describe('iso-runtime configuration', function () {
  this.timeout(60_000)
  let bench: Bench
  before(function () {
    requires(this, 'root')
    bundleCommand()
    bench = new Bench()
  })
  after(() => {
    bench.remove()
    expect(leftCgroups(bench.prefix)).to.deep.equal([])
  })

  const out = (script: string, change?: Change) => {
    const { status, stdout, stderr } = bench.sh(script, change)
    expect(stderr).to.equal('')
    expect(status).to.equal(0)
    return stdout
  }
  const refusal = (change: Change) => {
    const { status, stderr } = bench.sh('true', change)
    expect(status).to.equal(1)
    return /msg="(.*)"\n$/.exec(stderr)?.[1]?.replaceAll('\\"', '"') ?? stderr
  }
  const mounted =
    (...mounts: Mount[]): Change =>
    (config) =>
      config.mounts?.push(...(mounts as Mutable<Mount>[]))

  describe('process', () => {
    it('user, groups, umask, cwd, env and home', () => {
      const script = 'id -u; id -g; id -G; umask; pwd; echo "$A $HOME"'
      const found = out(script, ({ process }) => {
        process!.user = { uid: 33, gid: 44, umask: 0o27, additionalGids: [55, 66] }
        process!.cwd = '/made/for/it'
        process!.env!.push('A=b=c', 'A=last')
      })
      expect(found).to.equal('33\n44\n44 55 66\n0027\n/made/for/it\nlast /srv/web\n')
    })

    it('500 variables and arguments of 100 kB', () => {
      const long = 'x'.repeat(100_000)
      const found = out('env | grep -c ^V; echo ${#L}', ({ process }) => {
        for (let i = 0; i < 500; i++) process!.env!.push(`V${i}=${i}`)
        process!.env!.push(`L=${long}`)
      })
      expect(found).to.equal('500\n100000\n')
    })

    it('capabilities are exactly those listed, none inheritable unless asked for', () => {
      const found = out('grep ^Cap /proc/self/status', ({ process }) => {
        process!.capabilities = {
          bounding: ['CAP_CHOWN', 'CAP_KILL', 'CAP_NOT_INVENTED'].slice(0, 2),
          permitted: ['CAP_CHOWN'],
          effective: ['CAP_CHOWN'],
        }
        process!.user = { uid: 0, gid: 0 }
      })
      expect(found)
        .to.match(/CapInh:\t0+\n/)
        .and.match(/CapBnd:\t0+21\n/)
        .and.match(/CapAmb:\t0+\n/)
    })

    it('a user other than root keeps ambient capabilities alone', () => {
      const caps = ['CAP_NET_BIND_SERVICE']
      const found = out('grep ^Cap /proc/self/status', ({ process }) => {
        process!.user = { uid: 33, gid: 44 }
        process!.capabilities = { bounding: caps, permitted: caps, effective: caps, inheritable: caps, ambient: caps }
      })
      expect(found)
        .to.match(/CapEff:\t0+400\n/)
        .and.match(/CapAmb:\t0+400\n/)
    })

    it('an unknown capability is left out with a warning', () => {
      const { status, stderr } = bench.sh('true', ({ process }) => process!.capabilities!.bounding!.push('CAP_SOON'))
      expect(status).to.equal(0)
      expect(stderr).to.match(/level=warning msg="capability \\"CAP_SOON\\" is unknown/)
    })

    it('noNewPrivileges, rlimits, oomScoreAdj, ioPriority, scheduler, personality', () => {
      const script =
        'grep NoNewPrivs /proc/self/status; grep "open files" /proc/self/limits; cat /proc/self/oom_score_adj'
      const found = out(script, ({ process, linux }) => {
        process!.rlimits = [{ type: 'RLIMIT_NOFILE', soft: 100, hard: 200 }]
        process!.oomScoreAdj = 123
        process!.ioPriority = { class: 'IOPRIO_CLASS_BE', priority: 3 }
        process!.scheduler = { policy: 'SCHED_BATCH', nice: 5 }
        linux!.personality = { domain: 'LINUX32' }
      })
      expect(found)
        .to.match(/NoNewPrivs:\t1\n/)
        .and.match(/100 +200/)
        .and.match(/\n123\n$/)
      const free = out('grep NoNewPrivs /proc/self/status', ({ process }) => (process!.noNewPrivileges = false))
      expect(free).to.equal('NoNewPrivs:\t0\n')
    })

    it('memoryPolicy and execCPUAffinity are taken where the kernel has them', () => {
      const found = out('grep default /proc/self/numa_maps | head -1 | grep -c bind || true', ({ linux }) => {
        linux!.memoryPolicy = { mode: 'MPOL_BIND', nodes: '0' }
      })
      expect(found.trim()).to.match(/^[01]$/)
    })

    it('no descriptor of ours reaches the program', () => {
      expect(out('ls /proc/self/fd').split('\n').filter(Boolean)).to.deep.equal(['0', '1', '2', '3'])
    })
  })

  describe('namespaces', () => {
    it('names, and clocks of a time namespace', () => {
      const found = out('hostname; cat /proc/sys/kernel/domainname; cut -d. -f1 /proc/uptime', (config) => {
        config.hostname = 'named'
        config.domainname = 'example.org'
        config.linux!.namespaces!.push({ type: 'time' })
        config.linux!.timeOffsets = { boottime: { secs: 1_000_000 } }
      }).split('\n')
      expect(found.slice(0, 2)).to.deep.equal(['named', 'example.org'])
      expect(Number(found[2])).to.be.greaterThan(1_000_000)
    })

    it('a pod: a second container joins namespaces of the first by path', () => {
      const first = bench.id()
      const bundle = bench.bundle(({ process }) => (process!.args = ['sleep', '300']))
      expect(bench.run(['run', '--detach', '--bundle', bundle, first]).stderr).to.equal('')
      const { pid } = bench.state(first)
      const found = out('hostname; ps | grep -c "^ *1 .*sleep 300"; readlink /proc/self/ns/net', (config) => {
        delete config.hostname
        const joined = { uts: 'uts', pid: 'pid', ipc: 'ipc', network: 'net' } as const
        config.linux!.namespaces = config.linux!.namespaces!.map(({ type }) =>
          type in joined ? { type, path: `/proc/${pid}/ns/${joined[type as keyof typeof joined]}` } : { type }
        )
      }).split('\n')
      expect(found.slice(0, 2)).to.deep.equal(['iso', '1'])
      expect(bench.run(['exec', first, 'readlink', '/proc/self/ns/net']).stdout).to.equal(`${found[2]}\n`)
      expect(bench.run(['delete', '--force', first])).to.include({ status: 0, stderr: '' })
    })

    it('a user namespace: root inside is somebody else outside', () => {
      const id = bench.id()
      chownSync(bench.rootfs.path, 100_000, 100_000)
      const bundle = bench.bundle((config) => {
        config.process!.args = [
          'sh',
          '-c',
          'id -u; cat /proc/self/uid_map; echo > /dev/null && ls -la /dev/null; sleep 300',
        ]
        config.linux!.namespaces!.push({ type: 'user' })
        config.linux!.uidMappings = [{ containerID: 0, hostID: 100_000, size: 65_536 }]
        config.linux!.gidMappings = [{ containerID: 0, hostID: 100_000, size: 65_536 }]
      })
      const created = bench.run(['create', '--bundle', bundle, id])
      expect(created.stderr).to.equal('')
      expect(bench.run(['start', id]).stderr).to.equal('')
      expect(statSync(`/proc/${bench.state(id).pid}`).uid).to.equal(100_000)
      const exec = bench.run(['exec', id, 'sh', '-c', 'id -u; cat /proc/self/uid_map; touch /tmp/made'])
      expect(exec.stdout).to.match(/^0\n +0 +100000 +65536\n$/)
      expect(bench.run(['delete', '--force', id])).to.include({ status: 0, stderr: '' })
      chownSync(bench.rootfs.path, 0, 0)
    })
  })

  describe('mounts', () => {
    const shared = () => {
      const source = join(bench.scratch, `source${Math.random()}`)
      mkdirSync(join(source, 'sub'), { recursive: true })
      writeFileSync(join(source, 'file'), 'of the host\n')
      return source
    }

    it('binds, read-only and not, of directories and files; targets are made', () => {
      const source = shared()
      const script = 'cat /new/dir/file /new/file; touch /new/dir/x 2>/dev/null || echo refused; touch /rw/made'
      const found = out(
        script,
        mounted(
          { destination: '/new/dir', type: 'bind', source, options: ['rbind', 'ro'] },
          { destination: '/new/file', source: join(source, 'file'), options: ['bind'] },
          { destination: '/rw', type: 'bind', source, options: ['bind', 'nosuid', 'nodev', 'noexec'] }
        )
      )
      expect(found).to.equal('of the host\nof the host\nrefused\n')
      expect(readFileSync(join(source, 'made'), 'utf8')).to.equal('')
    })

    it('tmpfs with options of its own, read-only once it is filled', () => {
      const found = out(
        'stat -c %a /t; grep " /t " /proc/mounts; touch /ro/x 2>/dev/null || echo refused',
        mounted(
          { destination: '/t', type: 'tmpfs', source: 'tmpfs', options: ['size=1m', 'mode=0711', 'nosuid', 'noatime'] },
          { destination: '/ro', type: 'tmpfs', source: 'tmpfs', options: ['ro'] }
        )
      )
      expect(found)
        .to.match(/^711\n/)
        .and.match(/tmpfs rw,nosuid,noatime,size=1024k,mode=711/)
        .and.match(/refused\n$/)
    })

    it('tmpcopyup begins with what the directory holds', () => {
      const found = out(
        'stat -fc %T /etc; grep -c root /etc/passwd; echo changed > /etc/passwd',
        mounted({ destination: '/etc', type: 'tmpfs', source: 'tmpfs', options: ['tmpcopyup', 'mode=755'] })
      )
      expect(found).to.equal('tmpfs\n1\n')
      expect(readFileSync(join(bench.rootfs.path, 'etc/passwd'), 'utf8')).to.match(/^root/)
    })

    it('an unknown option is an error: of a bind by name, of a file system by the kernel', () => {
      const source = shared()
      expect(refusal(mounted({ destination: '/x', type: 'bind', source, options: ['bind', 'sideways'] }))).to.equal(
        `$.mounts[7].options: "sideways" is unknown for a bind`
      )
      expect(refusal(mounted({ destination: '/x', type: 'tmpfs', options: ['sideways'] }))).to.match(/mount.*EINVAL/)
    })

    it('a target that leads out of the root by links ends inside', () => {
      symlinkSync('/../../../../tmp', join(bench.rootfs.path, 'trap'))
      const found = out('stat -fc %T /tmp/deep', mounted({ destination: '/trap/deep', type: 'tmpfs', source: 'tmpfs' }))
      expect(found).to.equal('tmpfs\n')
    })

    it('nothing but proc may be mounted on /proc', () => {
      expect(refusal(mounted({ destination: '/proc', type: 'tmpfs' }))).to.match(/"\/proc" must be a proc file system/)
      expect(refusal(mounted({ destination: '/proc/1/x', type: 'tmpfs' }))).to.match(/lies in \/proc/)
    })

    it('200 mounts', () => {
      const many = Array.from({ length: 200 }, (_, i): Mount => ({ destination: `/many/${i}`, type: 'tmpfs' }))
      expect(out('grep -c " /many/" /proc/mounts', mounted(...many))).to.equal('200\n')
    })

    it('the cgroup mount shows the container alone, read-only', () => {
      const found = out(
        'cat /sys/fs/cgroup/*/cgroup.procs 2>/dev/null | sort -u; touch /sys/fs/cgroup/x 2>/dev/null || echo refused'
      )
      expect(found).to.match(/^[\d\n]+refused\n$/)
      expect(out('cut -d: -f3 /proc/self/cgroup | sort -u')).to.equal('/\n')
    })

    it('a root that is read-only, masked and read-only paths', () => {
      const script =
        'touch /x 2>/dev/null || echo refused; cat /proc/keys | wc -c; ls /sys/firmware | wc -l; echo x 2>/dev/null > /proc/sysrq-trigger || echo refused'
      const found = out(script, (config) => (config.root!.readonly = true))
      expect(found.replaceAll(' ', '')).to.equal('refused\n0\n0\nrefused\n')
    })
  })

  describe('devices, sysctls and limits', () => {
    it('default devices, asked-for ones, and rules', () => {
      const script =
        'ls -lna /dev/my /dev/null | tr -s " " | cut -d" " -f1,3-6; cat /dev/my 2>/dev/null || echo refused; head -c1 /dev/zero | wc -c'
      const found = out(script, ({ linux }) => {
        linux!.devices = [{ type: 'c', path: '/dev/my', major: 10, minor: 229, fileMode: 0o640, uid: 33, gid: 44 }]
      })
      expect(found).to.match(/^crw-r----- 33 44 10, 229\ncrw-rw-rw- 0 0 1, 3\nrefused\n1\n$/)
    })

    it('sysctls of own namespaces, and no others', () => {
      const found = out('cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/shmmni', ({ linux }) => {
        linux!.sysctl = { 'net.ipv4.ip_forward': '1', 'kernel.shmmni': '123' }
      })
      expect(found).to.equal('1\n123\n')
      expect(refusal(({ linux }) => (linux!.sysctl = { 'vm.swappiness': '1' }))).to.match(
        /^\$\.linux\.sysctl\["vm.swappiness"\]: .*whole machine/
      )
    })

    it('memory, pids and cpu limits hold, and update changes them', function () {
      requires(this, { controller: 'memory' }, { controller: 'pids' })
      const id = bench.id()
      const bundle = bench.bundle(({ process, linux }) => {
        process!.args = ['sleep', '300']
        linux!.resources = {
          ...linux!.resources,
          memory: { limit: 33_554_432 },
          pids: { limit: 7 },
          cpu: { shares: 512 },
        }
      })
      expect(bench.run(['run', '--detach', '--bundle', bundle, id]).stderr).to.equal('')
      const stats = () =>
        (
          JSON.parse(bench.run(['events', '--stats', id]).stdout) as {
            data: { memory: { usage: { limit: number } }; pids: { limit: number } }
          }
        ).data
      expect([stats().memory.usage.limit, stats().pids.limit]).to.deep.equal([33_554_432, 7])
      expect(bench.run(['update', '--memory', '67108864', id]).stderr).to.equal('')
      const input = JSON.stringify({ pids: { limit: 9 } })
      expect(bench.run(['update', '--resources', '-', id], { input }).stderr).to.equal('')
      expect([stats().memory.usage.limit, stats().pids.limit]).to.deep.equal([67_108_864, 9])
      expect(bench.run(['delete', '--force', id])).to.include({ status: 0, stderr: '' })
    })

    it('a cgroupsPath from the root of the hierarchies, beneath a parent that stays', () => {
      const found = out('true', ({ linux }) => (linux!.cgroupsPath = `/${bench.prefix}parent/leaf`))
      expect(found).to.equal('')
      for (const directory of leftCgroups(bench.prefix)) {
        expect(directory).to.match(/parent$/)
        bench.dropCgroup(directory)
      }
    })
  })

  describe('filter', () => {
    it('seccomp refuses what the profile says, 64-bit arguments included', () => {
      const found = out('mkdir /tmp/no 2>&1 || true; echo here', ({ linux, process }) => {
        process!.noNewPrivileges = false
        linux!.seccomp = {
          defaultAction: 'SCMP_ACT_ALLOW',
          architectures: ['SCMP_ARCH_X86_64'],
          syscalls: [{ names: ['mkdir', 'mkdirat'], action: 'SCMP_ACT_ERRNO', errnoRet: 1 }],
        }
      })
      expect(found).to.match(/Operation not permitted\nhere\n$/)
    })
  })

  describe('what is refused', () => {
    it('every refusal names the JSON path and the value', () => {
      const cases: [Change, string][] = [
        [(c) => (c.ociVersion = '2.0.0'), '$.ociVersion: "2.0.0" is not supported; wanted 1.0.0 to 1.3.x'],
        [(c) => (c.process!.cwd = 'x'), '$.process.cwd: "x" is no absolute path'],
        [(c) => (c.process!.args = []), '$.process.args: it is missing or empty'],
        [(c) => (c.process!.user = { uid: 2 ** 31 }), '$.process.user.uid: 2147483648 is above 2147483647'],
        [(c) => c.process!.env!.push('novalue'), '$.process.env[2]: "novalue" is no NAME=value'],
        [(c) => c.linux!.namespaces!.push({ type: 'pid' }), '$.linux.namespaces[6].type: "pid" stands twice'],
        [(c) => (c.process!.rlimits![0]!.type = 'RLIMIT_X'), '$.process.rlimits[0].type: "RLIMIT_X" is unknown'],
        [
          (c) => (c.linux!.devices = [{ type: 'c', path: '/dev/x' }]),
          '$.linux.devices[0]: "/dev/x" needs major and minor',
        ],
        [(c) => (c.process!.apparmorProfile = 'x'), '$.process.apparmorProfile: "x": AppArmor is not enabled here'],
        [(c) => (c.process!.selinuxLabel = 'x'), '$.process.selinuxLabel: SELinux is not enabled here'],
        [(c) => (c.linux!.intelRdt = {}), '$.linux.intelRdt: this machine has no mounted resctrl file system'],
        [(c) => (c.linux!.cgroupsPath = '/../x'), '$.linux.cgroupsPath: "/../x" is no path of a cgroup'],
        [(c) => ((c.mounts as unknown[])[0] = { destination: 5 }), '$.mounts[0].destination: 5 is no string'],
        [(c) => ((c as unknown as { root: unknown }).root = 'x'), '$.root: "x" is no object'],
      ]
      for (const [change, wanted] of cases) expect(refusal(change)).to.equal(wanted)
    })
  })
})
