import { expect } from 'chai'

import { parseReceipt } from './receipt.js'

describe('receipt', () => {
  it('parseReceipt() reads v2 files and names them', () => {
    expect(
      parseReceipt(
        {
          'cgroup/unified/memory.peak': '8192\n',
          'cgroup/unified/memory.events': 'low 0\nhigh 0\nmax 4\noom 2\noom_kill 1\n',
          'cgroup/unified/cpu.stat':
            'usage_usec 500\nuser_usec 300\nsystem_usec 200\nnr_periods 7\nnr_throttled 2\nthrottled_usec 40\n',
          'cgroup/unified/pids.peak': '9\n',
          'cgroup/unified/pids.events': 'max 5\n',
          'cgroup/unified/io.stat': '8:0 rbytes=1 wbytes=2 rios=3 wios=4\n',
        },
        { cpuUs: 1 }
      )
    ).to.deep.equal({
      memoryPeakBytes: { value: 8192, source: 'memory.peak' },
      oomKills: { value: 1, source: 'memory.events' },
      memoryLimitHits: { value: 4, source: 'memory.events' },
      cpuUs: { value: 500, source: 'cpu.stat' },
      userUs: { value: 300, source: 'cpu.stat' },
      systemUs: { value: 200, source: 'cpu.stat' },
      throttledPeriods: { value: 2, source: 'cpu.stat' },
      throttledUs: { value: 40, source: 'cpu.stat' },
      pidsPeak: { value: 9, source: 'pids.peak' },
      pidsLimitHits: { value: 5, source: 'pids.events' },
      ioReadBytes: { value: 1, source: 'io.stat' },
      ioWriteBytes: { value: 2, source: 'io.stat' },
      ioReadOps: { value: 3, source: 'io.stat' },
      ioWriteOps: { value: 4, source: 'io.stat' },
    })
  })

  it('parseReceipt() reads v1 files, in microseconds where they count nanoseconds', () => {
    const buffer = (text: string) => Buffer.from(text)
    expect(
      parseReceipt({
        'cgroup/memory/memory.max_usage_in_bytes': buffer('4096\n'),
        'cgroup/memory/memory.oom_control': buffer('oom_kill_disable 0\nunder_oom 0\noom_kill 3\n'),
        'cgroup/memory/memory.failcnt': buffer('7\n'),
        'cgroup/cpuacct/cpuacct.usage': buffer('1500400\n'),
        'cgroup/cpuacct/cpuacct.usage_user': buffer('1000000\n'),
        'cgroup/cpu/cpu.stat': buffer('nr_periods 5\nnr_throttled 4\nthrottled_time 9000\n'),
        'cgroup/pids/pids.peak': buffer('2\n'),
        'cgroup/blkio/blkio.throttle.io_service_bytes_recursive': buffer('254:0 Read 10\n254:0 Write 20\n'),
        'cgroup/blkio/blkio.throttle.io_serviced_recursive': buffer('254:0 Read 1\n'),
      })
    ).to.deep.equal({
      memoryPeakBytes: { value: 4096, source: 'memory.max_usage_in_bytes' },
      oomKills: { value: 3, source: 'memory.oom_control' },
      memoryLimitHits: { value: 7, source: 'memory.failcnt' },
      cpuUs: { value: 1500, source: 'cpuacct.usage' },
      userUs: { value: 1000, source: 'cpuacct.usage_user' },
      throttledPeriods: { value: 4, source: 'cpu.stat' },
      throttledUs: { value: 9, source: 'cpu.stat' },
      pidsPeak: { value: 2, source: 'pids.peak' },
      ioReadBytes: { value: 10, source: 'blkio.throttle.io_service_bytes_recursive' },
      ioWriteBytes: { value: 20, source: 'blkio.throttle.io_service_bytes_recursive' },
      ioReadOps: { value: 1, source: 'blkio.throttle.io_serviced_recursive' },
      ioWriteOps: { value: 0, source: 'blkio.throttle.io_serviced_recursive' },
    })
  })

  it('parseReceipt() falls back to rusage for CPU time alone, and guesses nothing', () => {
    expect(parseReceipt({}, { cpuUs: 5, userUs: 3, systemUs: 2 })).to.deep.equal({
      cpuUs: { value: 5, source: 'rusage' },
      userUs: { value: 3, source: 'rusage' },
      systemUs: { value: 2, source: 'rusage' },
    })
    expect(parseReceipt({ 'cgroup/pids/pids.peak': '', 'cgroup/unified/memory.peak': 'what' })).to.deep.equal({})
  })
})
