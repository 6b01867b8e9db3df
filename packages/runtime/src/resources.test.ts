// Limits as Docker means them. In comments: what Docker 28 answers to the same.

import { availableParallelism } from 'node:os'
import { expect } from 'chai'
import type { LimitOptions } from './options.js'
import { limitsOf } from './resources.js'

describe('limitsOf()', () => {
  const all = availableParallelism()
  const refused: [what: string, options: LimitOptions, message: string][] = [
    // invalid argument "-5" for "-m, --memory" flag: invalid size: '-5'
    ['negative memory', { memory: '-5' }, 'Cannot set memory: "-5" is negative; wanted a size such as "512m"'],
    ['negative memory in bytes', { memory: -5 }, 'Cannot set memory: -5 is negative; wanted a whole number from 0'],
    ['a negative reservation', { memoryReservation: '-1m' }, 'Cannot set memoryReservation: "-1m" is negative'],
    ['negative swap but -1', { memory: '64m', memorySwap: '-2' }, 'Cannot set memorySwap: "-2" is negative'],
    // Minimum memory limit allowed is 6MB
    ['memory under 6 MiB', { memory: '6291455' }, "6291455 is below Docker's minimum; wanted 6m or more"],
    ['memory under 6 MiB in bytes', { memory: 4096 }, "4096 is below Docker's minimum; wanted 6m or more"],
    // Minimum memory reservation allowed is 6MB
    ['a reservation under 6 MiB', { memoryReservation: '5m' }, "5m is below Docker's minimum; wanted 6m or more"],
    // Minimum memory limit can not be less than memory reservation limit, see usage
    ['a reservation above memory', { memory: '64m', memoryReservation: '65m' }, '65m is above the memory limit 64m'],
    // Minimum memoryswap limit should be larger than memory limit, see usage
    [
      'swap below memory',
      { memory: '64m', memorySwap: '63m' },
      '63m is below the memory limit 64m; it is memory and swap',
    ],
    // You should always set the Memory limit when using Memoryswap limit, see usage
    ['swap without memory', { memorySwap: '64m' }, '64m without a memory limit; set memory, too'],
    // Range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available
    [
      'more cpus than there are',
      { cpus: all + 1 },
      `${all + 1} is out of range; wanted 0.01 to ${all}, which this machine has`,
    ],
    ['fewer cpus than 0.01', { cpus: 0.001 }, '0.001 is out of range; wanted a number from 0.01'],
    ['negative cpus', { cpus: -1 }, '-1 is negative; wanted a number from 0.01'],
    // Conflicting options: Nano CPUs and CPU Quota cannot both be set.
    ['cpus with a quota', { cpus: 1, cpuQuotaUs: 50_000 }, 'they are the same limit'],
    ['cpus with a period', { cpus: 1, cpuPeriodUs: 50_000 }, 'they are the same limit'],
    // Docker takes every negative number for "unlimited"; here a mistyped one is none.
    ['pids below -1', { pids: -2 }, 'Cannot set pids limit: -2 is negative'],
  ]
  for (const [what, options, message] of refused)
    it(`limitsOf() refuses ${what}`, () => expect(() => limitsOf(options)).to.throw(message))

  it('limitsOf() takes 0 for no limit', () => {
    expect(
      limitsOf({ memory: '0', memorySwap: '0', memoryReservation: 0, cpus: 0, cpuShares: 0, blkioWeight: 0 })
    ).to.deep.equal({})
    expect(limitsOf({ cpuQuotaUs: 0, cpuPeriodUs: 0, memorySwappiness: -1, oomKillDisable: false })).to.deep.equal({})
  })
  it('limitsOf() takes 0 and -1 for any number of processes', () => {
    expect(limitsOf({ pids: 0 })).to.deep.equal({ pids: 'max' })
    expect(limitsOf({ pids: -1 })).to.deep.equal({ pids: 'max' })
    expect(limitsOf({ pids: 1 })).to.deep.equal({ pids: 1 })
  })
  it('limitsOf() takes the edges', () => {
    expect(limitsOf({ memory: '6m', memoryReservation: '6m', memorySwap: '6m', cpus: all })).to.deep.equal({
      memory: { max: 6_291_456, withSwap: 6_291_456, low: 6_291_456 },
      cpu: { cpus: all },
    })
    expect(limitsOf({ memory: '6m', memorySwap: -1 })).to.deep.equal({ memory: { max: 6_291_456, withSwap: 'max' } })
    expect(limitsOf({ cpuQuotaUs: -1 })).to.deep.equal({ cpu: { quotaUs: 'max' } })
  })
  it('limitsOf() takes rates as text or by device', () => {
    const devices = [{ device: '/dev/loop0', readBps: 1_048_576, writeIops: 5 }]
    expect(
      limitsOf({ deviceReadBps: ['/dev/loop0:1m'], deviceWriteIops: [{ device: '/dev/loop0', rate: 5 }] })
    ).to.deep.equal({
      io: { devices },
    })
    expect(() => limitsOf({ deviceReadBps: ['loop0:1m'] })).to.throw('"loop0:1m" is no PATH:VALUE')
    expect(() => limitsOf({ deviceReadBps: 'x' as never })).to.throw(TypeError, '"x" is no list')
  })
})
