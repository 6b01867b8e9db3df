import { expect } from 'chai'

import { dockerLimits } from './docker.js'
import { validate } from './limits.js'

describe('docker', () => {
  it('dockerLimits() translates the line of the tutorial', () => {
    expect(dockerLimits({ cpus: 1, memory: '2048m', pidsLimit: 1000 })).to.deep.equal({
      memory: { max: 2_147_483_648, withSwap: 4_294_967_296, swapIfAccounted: true },
      cpu: { cpus: 1 },
      pids: 1000,
    })
  })

  it('dockerLimits() sets nothing for zeros', () => {
    expect(
      dockerLimits({ memory: '0', memorySwap: '0', cpuShares: 0, blkioWeight: 0, cpus: 0, memorySwappiness: -1 })
    ).to.deep.equal({})
    expect(dockerLimits({ pidsLimit: 0 })).to.deep.equal({ pids: 'max' })
    expect(dockerLimits({ pidsLimit: -1 })).to.deep.equal({ pids: 'max' })
  })

  it('dockerLimits() knows -1 for unlimited swap and quota', () => {
    expect(dockerLimits({ memory: '64m', memorySwap: '-1' }).memory).to.deep.equal({ max: 67_108_864, withSwap: 'max' })
    expect(dockerLimits({ cpuQuota: -1, cpuPeriod: 50_000 }).cpu).to.deep.equal({ quotaUs: 'max', periodUs: 50_000 })
  })

  it('dockerLimits() has the realtime options of v1', () => {
    expect(dockerLimits({ cpuRtRuntime: 950_000, cpuRtPeriod: 1_000_000 }).cpu).to.deep.equal({
      rtRuntimeUs: 950_000,
      rtPeriodUs: 1_000_000,
    })
    expect(() => dockerLimits({ cpuRtRuntime: 2, cpuRtPeriod: 1 })).to.throw(RangeError, '2 is above cpu-rt-period, 1')
  })

  it('dockerLimits() puts the limits of one disk together', () => {
    const limits = dockerLimits({
      blkioWeight: 300,
      deviceReadBps: ['/dev/loop0:1mb'],
      deviceWriteIops: ['/dev/loop0:100', '/dev/loop1:5'],
      blkioWeightDevice: ['/dev/loop1:20'],
    })
    expect(limits.io).to.deep.equal({
      blkioWeight: 300,
      devices: [
        { device: '/dev/loop0', readBps: 1_048_576, writeIops: 100 },
        { device: '/dev/loop1', writeIops: 5, blkioWeight: 20 },
      ],
    })
    expect(validate(limits).io?.devices.map(({ device }) => device)).to.deep.equal(['7:0', '7:1'])
  })

  it('dockerLimits() takes cpusets and every other option', () => {
    expect(
      dockerLimits({
        cpusetCpus: '0-1',
        cpusetMems: '0',
        memory: '10m',
        memoryReservation: '8m',
        memorySwappiness: 10,
        oomKillDisable: true,
        cpuShares: 1,
      })
    ).to.deep.equal({
      memory: {
        max: 10_485_760,
        withSwap: 20_971_520,
        swapIfAccounted: true,
        low: 8_388_608,
        swappiness: 10,
        oomKillDisable: true,
      },
      cpu: { shares: 2 },
      cpuset: { cpus: '0-1', mems: '0' },
    })
  })

  const bad: [object, string][] = [
    [{ memory: '5m' }, "5m is below Docker's minimum; wanted 6m or more"],
    [{ memorySwap: '1g' }, '1g without a memory limit'],
    [{ memory: '1g', memorySwap: '512m' }, '512m is below the memory limit 1g'],
    [{ memory: '10m', memoryReservation: '20m' }, '20m is above the memory limit 10m'],
    [{ memoryReservation: '1m' }, '1m is below'],
    [{ cpus: 1, cpuQuota: 5 }, 'same limit'],
    [{ cpus: 4096 }, '4096 is out of range'],
    [{ deviceReadBps: ['loop0'] }, '"loop0" is no PATH:VALUE'],
    [{ cpu: 1 }, 'unknown option "cpu"'],
    [{ memory: '-1' }, '"-1" is no size'],
  ]
  for (const [options, message] of bad)
    it(`dockerLimits() refuses ${JSON.stringify(options)}`, () => expect(() => dockerLimits(options)).to.throw(message))
})
