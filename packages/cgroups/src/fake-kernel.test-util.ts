// A temporary directory that stands for `/`, with the files the kernel would show.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { detectLayout, type Layout } from './layout.js'

export class FakeKernel {
  readonly root = mkdtempSync(join(tmpdir(), 'iso-cgroups-'))

  constructor(files: Readonly<Record<string, string>>) {
    this.write(files)
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.root, path)), { recursive: true })
      writeFileSync(join(this.root, path), text)
    }
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8')
  }

  layout(): Layout {
    return detectLayout({ root: this.root })
  }

  remove(): void {
    rmSync(this.root, { recursive: true })
  }
}

const V2 = 'sys/fs/cgroup'

/**
 * A pure v2 machine; the caller is in `own` (/app), to which the controllers are delegated. `procs`: who lives there. `''` with `procs` is
 * a container: what looks like the root is not.
 */
export function fakeV2(
  options: { procs?: string; enabled?: string; controllers?: string; own?: string } = {}
): FakeKernel {
  const { own = '/app' } = options
  const controllers = options.controllers ?? 'cpuset cpu io memory hugetlb pids rdma misc'
  return new FakeKernel({
    'proc/self/mountinfo':
      '24 1 0:22 / /proc rw - proc proc rw\n30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n',
    'proc/self/cgroup': `0::${own || '/'}\n`,
    [`${V2}/cgroup.controllers`]: `${controllers}\n`,
    [`${V2}${own}/cgroup.controllers`]: `${controllers}\n`,
    [`${V2}${own}/cgroup.subtree_control`]: `${options.enabled ?? ''}\n`,
    [`${V2}${own}/cgroup.type`]: 'domain\n',
    [`${V2}${own}/cgroup.procs`]: options.procs ?? '',
  })
}

/** The files of one v2 group. */
export function v2Group(path: string, files: Readonly<Record<string, string>> = {}): Record<string, string> {
  const all = {
    'cgroup.controllers': 'cpuset cpu io memory hugetlb pids rdma misc\n',
    'cgroup.subtree_control': '',
    'cgroup.procs': '',
    'cgroup.type': 'domain\n',
    'cgroup.events': 'populated 0\nfrozen 0\n',
    'cgroup.freeze': '0\n',
    'cgroup.kill': '',
    'cpu.max': 'max 100000\n',
    'cpu.max.burst': '0\n',
    'cpu.weight': '100\n',
    'cpu.idle': '0\n',
    'cpu.uclamp.min': '0.00\n',
    'cpu.uclamp.max': 'max\n',
    'cpu.stat':
      'usage_usec 500\nuser_usec 300\nsystem_usec 200\nnr_periods 7\nnr_throttled 2\nthrottled_usec 40\nnr_bursts 1\nburst_usec 5\n',
    'memory.current': '4096000\n',
    'memory.peak': '8192000\n',
    'memory.max': 'max\n',
    'memory.high': 'max\n',
    'memory.low': '0\n',
    'memory.min': '0\n',
    'memory.swap.current': '100\n',
    'memory.swap.max': 'max\n',
    'memory.zswap.max': 'max\n',
    'memory.oom.group': '0\n',
    'memory.reclaim': '',
    'memory.stat': 'anon 1000\nfile 2000\nkernel 300\nshmem 4\ninactive_file 50\npgfault 60\npgmajfault 7\n',
    'memory.events': 'low 0\nhigh 3\nmax 4\noom 2\noom_kill 1\noom_group_kill 0\n',
    'pids.current': '3\n',
    'pids.peak': '9\n',
    'pids.max': 'max\n',
    'pids.events': 'max 5\n',
    'io.stat': '8:0 rbytes=100 wbytes=200 rios=3 wios=4 dbytes=0 dios=0\n8:16 rbytes=1 wbytes=2 rios=1 wios=1\n',
    'io.max': '',
    'io.latency': '',
    'io.weight': 'default 100\n',
    'cpuset.cpus': '\n',
    'cpuset.mems': '\n',
    'cpuset.cpus.effective': '0-3\n',
    'cpuset.mems.effective': '0\n',
    'cpuset.cpus.partition': 'member\n',
    'hugetlb.2MB.max': 'max\n',
    'hugetlb.2MB.current': '2097152\n',
    'hugetlb.2MB.events': 'max 6\n',
    'rdma.max': '',
    'rdma.current': 'mlx5_0 hca_handle=2 hca_object=2000\n',
    'misc.max': '',
    'misc.current': 'sev 5\n',
    'cpu.pressure': 'some avg10=1.50 avg60=0.20 avg300=0.00 total=12345\n',
    'memory.pressure':
      'some avg10=0.00 avg60=0.00 avg300=0.00 total=0\nfull avg10=2.00 avg60=0.00 avg300=0.00 total=9\n',
    ...files,
  }
  return Object.fromEntries(Object.entries(all).map(([file, text]) => [`${V2}${path}/${file}`, text]))
}

const V1_MOUNTS = [
  'cpu,cpuacct',
  'cpuset',
  'memory',
  'devices',
  'freezer',
  'blkio',
  'pids',
  'hugetlb',
  'net_cls,net_prio',
  'perf_event',
  'rdma',
]

/** A pure v1 machine as older distributions have it: co-mounted controllers, a named hierarchy. */
export function fakeV1(): FakeKernel {
  const mounts = [...V1_MOUNTS, 'systemd']
  const options = (name: string) => (name === 'systemd' ? 'xattr,name=systemd' : name)
  return new FakeKernel({
    'proc/self/mountinfo': mounts
      .map(
        (name, at) =>
          `${40 + at} 31 0:${30 + at} / /sys/fs/cgroup/${name} rw,nosuid - cgroup cgroup rw,${options(name)}\n`
      )
      .join(''),
    'proc/self/cgroup': mounts
      .map((name, at) => `${at + 1}:${name === 'systemd' ? 'name=systemd' : name}:/app\n`)
      .join(''),
    'sys/fs/cgroup/cpuset/app/cpuset.cpus': '0-3\n',
    'sys/fs/cgroup/cpuset/app/cpuset.mems': '0-1\n',
  })
}

/** The files of one v1 group in every hierarchy. */
export function v1Group(path: string, files: Readonly<Record<string, string>> = {}): Record<string, string> {
  const all: Record<string, string> = {
    'cpu,cpuacct/cpu.shares': '1024\n',
    'cpu,cpuacct/cpu.cfs_quota_us': '-1\n',
    'cpu,cpuacct/cpu.cfs_period_us': '100000\n',
    'cpu,cpuacct/cpu.cfs_burst_us': '0\n',
    'cpu,cpuacct/cpu.idle': '0\n',
    'cpu,cpuacct/cpu.rt_runtime_us': '0\n',
    'cpu,cpuacct/cpu.rt_period_us': '1000000\n',
    'cpu,cpuacct/cpu.stat': 'nr_periods 7\nnr_throttled 2\nthrottled_time 40000\nnr_bursts 1\nburst_time 5000\n',
    'cpu,cpuacct/cpuacct.usage': '500000\n',
    'cpu,cpuacct/cpuacct.usage_user': '300000\n',
    'cpu,cpuacct/cpuacct.usage_sys': '200000\n',
    'cpuset/cpuset.cpus': '\n',
    'cpuset/cpuset.mems': '\n',
    'cpuset/cpuset.effective_cpus': '0-3\n',
    'cpuset/cpuset.effective_mems': '0\n',
    'cpuset/cpuset.memory_migrate': '0\n',
    'cpuset/cpuset.cpu_exclusive': '0\n',
    'memory/memory.limit_in_bytes': '9223372036854771712\n',
    'memory/memory.memsw.limit_in_bytes': '9223372036854771712\n',
    'memory/memory.soft_limit_in_bytes': '9223372036854771712\n',
    'memory/memory.kmem.tcp.limit_in_bytes': '9223372036854771712\n',
    'memory/memory.swappiness': '60\n',
    'memory/memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 1\n',
    'memory/memory.usage_in_bytes': '4096000\n',
    'memory/memory.max_usage_in_bytes': '8192000\n',
    'memory/memory.memsw.usage_in_bytes': '4096100\n',
    'memory/memory.failcnt': '4\n',
    'memory/memory.kmem.usage_in_bytes': '300\n',
    'memory/memory.stat':
      'total_rss 1000\ntotal_cache 2000\ntotal_shmem 4\ntotal_inactive_file 50\ntotal_pgfault 60\ntotal_pgmajfault 7\n',
    'pids/pids.current': '3\n',
    'pids/pids.peak': '9\n',
    'pids/pids.max': 'max\n',
    'pids/pids.events': 'max 5\n',
    'blkio/blkio.weight': '500\n',
    'blkio/blkio.weight_device': '',
    'blkio/blkio.throttle.read_bps_device': '',
    'blkio/blkio.throttle.write_bps_device': '',
    'blkio/blkio.throttle.read_iops_device': '',
    'blkio/blkio.throttle.write_iops_device': '',
    'blkio/blkio.throttle.io_service_bytes_recursive':
      '8:0 Read 100\n8:0 Write 200\n8:0 Total 300\n8:16 Read 1\n8:16 Write 2\nTotal 303\n',
    'blkio/blkio.throttle.io_serviced_recursive': '8:0 Read 3\n8:0 Write 4\n8:16 Read 1\n8:16 Write 1\nTotal 9\n',
    'devices/devices.allow': '',
    'devices/devices.deny': '',
    'devices/devices.list': 'a *:* rwm\n',
    'freezer/freezer.state': 'THAWED\n',
    'hugetlb/hugetlb.2MB.limit_in_bytes': '9223372036852678656\n',
    'hugetlb/hugetlb.2MB.usage_in_bytes': '2097152\n',
    'hugetlb/hugetlb.2MB.max_usage_in_bytes': '4194304\n',
    'hugetlb/hugetlb.2MB.failcnt': '6\n',
    'net_cls,net_prio/net_cls.classid': '0\n',
    'net_cls,net_prio/net_prio.ifpriomap': 'lo 0\neth0 0\n',
    'rdma/rdma.max': '',
    'rdma/rdma.current': 'mlx5_0 hca_handle=2 hca_object=2000\n',
    ...Object.fromEntries(V1_MOUNTS.map((mount) => [`${mount}/cgroup.procs`, ''])),
    ...files,
  }
  return Object.fromEntries(
    Object.entries(all).map(([file, text]) => {
      const [mount, name] = file.split('/')
      return [`sys/fs/cgroup/${mount}${path}/${name}`, text]
    })
  )
}
