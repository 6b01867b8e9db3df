import { expect } from 'chai'

import { RUN_OPTIONS } from '../options/all.js'
import { longName } from '../options/option.js'
import { main } from '../commands/explain.js'

/** What `iso explain` says to a command line that is refused. */
async function refused(...words: string[]): Promise<string> {
  try {
    await main([...words, 'host', 'true'])
  } catch (error) {
    return (error as Error).message
  }
  return 'accepted'
}

// A value that is refused for every option that refuses any.
const WRONG: Readonly<Record<string, string>> = {
  'stop-signal': 'NOPE',
  'stop-timeout': 'x',
  timeout: 'soon',
  'output-limit': '-1',
  'env-file': '/no/such',
  env: '=x',
  workdir: 'relative',
  user: 'a:b:c',
  'group-add': 'no-such-group',
  umask: '77777',
  hostname: 'a b',
  domainname: 'a b',
  name: 'a/b',
  cpus: '0.001',
  'cpu-shares': '-1',
  'cpu-period': '5',
  'cpu-quota': '5',
  'cpuset-cpus': 'x',
  'cpuset-mems': 'x',
  memory: '-5',
  'memory-swap': '10m',
  'memory-reservation': 'x',
  'memory-swappiness': '101',
  'oom-score-adj': '1001',
  'pids-limit': 'x',
  'blkio-weight': '5',
  'blkio-weight-device': 'x',
  'device-read-bps': 'x',
  'device-write-bps': 'x',
  'device-read-iops': 'x',
  'device-write-iops': 'x',
  ulimit: 'nofiles=1',
  'cgroup-parent': '../x',
  volume: '/etc:/x:fast',
  'volume-if-present': '/etc:/',
  mount: 'type=bind,src=/etc,dst=/proc',
  tmpfs: 'x',
  'storage-size': 'x',
  'shm-size': '-1',
  device: '/dev/no-such',
  'device-cgroup-rule': 'x',
  network: 'bridge',
  pid: 'x',
  ipc: 'x',
  uts: 'x',
  userns: 'x',
  subuidname: 'no-such-user',
  uidmap: '0:1',
  gidmap: '1:1000:5',
  cgroupns: 'x',
  'cap-add': 'NOPE',
  'cap-drop': 'NOPE',
  'security-opt': 'seccomp=/no/such',
  sysctl: 'vm.swappiness=1',
}
/** Any text is a value of theirs. */
const TAKE_ALL = ['entrypoint']

describe('nameOption()', () => {
  for (const name of RUN_OPTIONS.filter(({ kind }) => kind !== 'flag').map(longName)) {
    if (TAKE_ALL.includes(name)) continue
    it(`nameOption() names --${name} in what is said about its value`, async () => {
      const said = await refused('--init', `--${name}=${WRONG[name]}`)
      expect(said).to.match(new RegExp(`^(Cannot read )?--${name}[: ]`))
    })
  }

  it('nameOption() names both where two contradict each other', async () => {
    expect(await refused('--init', '--uts=host', '-h', 'box')).to.match(/^--hostname, --uts: Cannot set a host name/)
  })

  it('nameOption() names one of two that are wrong alike', async () => {
    expect(await refused('-m=x', '--memory-reservation=x')).to.match(/^--memory: Cannot/)
  })

  it('nameOption() leaves alone what no option is to blame for', async () => {
    try {
      await main(['--cpus=1', '/no/such/root', 'true'])
      expect.fail('accepted')
    } catch (error) {
      expect((error as Error).message).not.to.include('--')
    }
  })
})
