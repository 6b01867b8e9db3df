import { expect } from 'chai'
import { IsoError } from '@iso/native'

import { validate, type Limits } from './limits.js'

describe('limits', () => {
  it('validate() fills the shorthands in', () => {
    expect(validate({ memory: '1g', cpus: 1.5, pids: -1, netCls: '10:1' })).to.deep.equal({
      memory: { max: 1_073_741_824 },
      cpu: { quotaUs: 150_000, periodUs: 100_000 },
      pids: 'max',
      netCls: 0x10_0001,
    })
  })

  it('validate() rounds memory down to pages and huge pages down to theirs, as the kernel does', () => {
    expect(validate({ memory: { max: 10_000, low: 4095 } }).memory).to.deep.equal({ max: 8192, low: 0 })
    expect(validate({ hugetlb: { '2MB': '5m', '1GB': 'max' } }).hugetlb).to.deep.equal({
      '2MB': 4_194_304,
      '1GB': 'max',
    })
  })

  it('validate() converts priorities to both scales', () => {
    expect(validate({ cpu: { shares: 1024 } }).cpu).to.deep.equal({ shares: 1024, weight: 100 })
    expect(validate({ cpu: { weight: 100 } }).cpu).to.deep.equal({ shares: 1024, weight: 100 })
    expect(validate({ io: { blkioWeight: 1000 } }).io).to.deep.equal({ weight: 10_000, blkioWeight: 1000, devices: [] })
    expect(validate({ io: { weight: 1, devices: [{ device: '8:0', weight: 1 }] } }).io).to.deep.equal({
      weight: 1,
      blkioWeight: 10,
      devices: [{ device: '8:0', weight: 1, blkioWeight: 10 }],
    })
  })

  it('validate() brings lists into the form the kernel reads back', () => {
    expect(validate({ cpuset: { cpus: '3,0,1,7-8,8', mems: '0' } }).cpuset).to.deep.equal({
      cpus: '0-1,3,7-8',
      mems: '0',
    })
  })

  it('validate() looks block devices up by path', () => {
    const device = (path: string) => validate({ io: { devices: [{ device: path, readBps: '1m' }] } }).io?.devices[0]
    expect(device('/dev/loop3')).to.deep.equal({ device: '7:3', readBps: 1_048_576 })
    expect(() => device('/dev/null')).to.throw(IsoError, 'Cannot limit I/O of "/dev/null": it is no block device')
    expect(() => device('/dev/none'))
      .to.throw(IsoError, 'ENOENT')
      .with.property('code', 'ISO_CGROUP_DEVICE')
  })

  const bad: [string, Limits, ErrorConstructor, string][] = [
    ['an unknown limit', { memroy: '1g' } as Limits, TypeError, 'unknown option "memroy"'],
    ['an unknown memory limit', { memory: { maximum: 1 } as object }, TypeError, 'unknown option "maximum"'],
    [
      'a negative pids limit',
      { pids: -5 },
      RangeError,
      "Cannot set pids limit: -5 is negative; wanted a whole number from 0, or 'max'",
    ],
    ['a fraction of a process', { pids: 1.5 }, RangeError, '1.5 is not a whole number'],
    ['memory under a page', { memory: 100 }, RangeError, '100 is out of range; wanted a whole number from 4096'],
    ['memory that is no size', { memory: 'lots' }, RangeError, '"lots" is no size'],
    ['swap below memory', { memory: { max: '1g', withSwap: '512m' } }, RangeError, 'below the memory limit 1073741824'],
    ['two swap limits', { memory: { swap: 0, withSwap: '1g' } }, TypeError, 'same limit'],
    ['swappiness over 100', { memory: { swappiness: 101 } }, RangeError, '101 is out of range'],
    ['no CPU at all', { cpus: 0 }, RangeError, '0 is out of range'],
    ['cpus and a quota', { cpu: { cpus: 1, quotaUs: 5000 } }, TypeError, 'same limit'],
    ['shares and a weight', { cpu: { shares: 2, weight: 1 } }, TypeError, 'same priority'],
    ['a burst over the quota', { cpu: { quotaUs: 5000, burstUs: 6000 } }, RangeError, '6000 is out of range'],
    ['a period over a second', { cpu: { periodUs: 1_000_001 } }, RangeError, '1000001'],
    ['uclamp over 100', { cpu: { uclampMaxPercent: 101 } }, RangeError, '101 is out of range'],
    ['a list with letters', { cpuset: { cpus: '0-x' } }, RangeError, '"0-x" is no list'],
    ['a range backwards', { cpuset: { cpus: '3-1' } }, RangeError, '"3-1" is no range'],
    ['a huge list', { cpuset: { cpus: '0-99999999' } }, RangeError, 'no range'],
    ['an unknown partition', { cpuset: { partition: 'mine' as 'root' } }, RangeError, '"mine" is unknown'],
    ['a page size nobody has', { hugetlb: { '2 MB': 1 } }, RangeError, '"2 MB" is no page size'],
    ['a rate of 0', { io: { devices: [{ device: '8:0', readIops: 0 }] } }, RangeError, '0 is out of range'],
    ['an io weight of both scales', { io: { weight: 1, blkioWeight: 10 } }, TypeError, 'same priority'],
    ['a class that is none', { netCls: 'x:1' }, RangeError, '"x:1" is no class'],
    ['an interface with a slash', { netPrio: { 'a/b': 1 } }, RangeError, '"a/b" is no interface'],
    ['an RDMA device with a newline', { rdma: { 'a\nb': {} } }, RangeError, 'no device name'],
    ['a misc resource with a space', { misc: { 'a b': 1 } }, RangeError, 'no resource name'],
    ['a file outside of the group', { unified: { '../x': '1' } }, RangeError, 'no name of a cgroup file'],
    ['a file that is no limit', { unified: { 'cgroup.procs': '1' } }, RangeError, 'it is no limit'],
    [
      'a device rule of a wrong type',
      { devices: [{ allow: true, type: 'x' as 'c', access: 'r' }] },
      RangeError,
      '"x" is unknown',
    ],
    [
      'a device rule without access',
      { devices: [{ allow: true, type: 'c', access: '' }] },
      RangeError,
      'access "" is unknown',
    ],
    [
      'a device number over 12 bits',
      { devices: [{ allow: true, type: 'c', major: 4096, access: 'r' }] },
      RangeError,
      '4096 is out of range',
    ],
    [
      'a rule for all devices with a number',
      { devices: [{ allow: true, type: 'a', major: 1, access: 'rwm' }] },
      RangeError,
      'type "a" takes no numbers',
    ],
  ]
  for (const [what, limits, type, message] of bad) {
    it(`validate() refuses ${what} and carries the value`, () => expect(() => validate(limits)).to.throw(type, message))
  }
})
