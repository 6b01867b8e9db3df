// Options that make no sense are told so before a kernel is asked; no privilege is needed.

import { expect } from 'chai'
import { planContainer } from './plan.js'
import type { RunOptions } from './options.js'

const refused = (options: unknown, argv: unknown = ['true']): string => {
  try {
    planContainer(argv as string[], { image: 'host', ...(options as RunOptions) })
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return `${error.name}: ${error.message}`
    throw error
  }
  return 'accepted'
}

describe('planContainer() options', () => {
  const cases: [what: string, options: unknown, message: RegExp][] = [
    ['an unknown option, with the nearest one', { memroy: '1g' }, /TypeError.*"memroy".*did you mean "memory"/],
    ['an option of another shape altogether', { frobnicate: 1 }, /TypeError.*"frobnicate".*unknown$/],
    ['a negative memory limit', { memory: -1 }, /-1 is negative/],
    ['a memory limit that is no size', { memory: 'lots' }, /lots/],
    ['swap below memory', { memory: '64m', memorySwap: '32m' }, /RangeError/],
    ['swap without memory', { memorySwap: '32m' }, /RangeError.*32m without a memory limit/],
    ['a negative pids limit', { pids: -5 }, /RangeError.*pids.*-5 is negative/],
    ['half a process', { pids: 1.5 }, /1\.5/],
    ['negative cpus', { cpus: -1 }, /cpus.*-1 is negative/],
    ['cpus that are no number', { cpus: Number.NaN }, /cpus.*NaN/],
    ['a timeout of nothing', { timeout: 0 }, /timeout/],
    ['a timeout in words', { timeout: 'soon' }, /"soon" is no time/],
    ['a negative output limit', { outputLimit: -1 }, /outputLimit.*negative/],
    ['an image that is not there', { image: 'alpine' }, /"alpine"/],
    ['two roots', { rootfs: '/srv' }, /choose one/],
    ['a relative directory', { cwd: 'srv' }, /"srv".*absolute/],
    ['a directory with ..', { cwd: '/a/../../b' }, /\.\./],
    ['a host name with a blank', { hostname: 'my box' }, /"my box"/],
    ['a host name of 65 bytes', { hostname: 'x'.repeat(65) }, /65 bytes/],
    ['an id with a slash', { id: '../x' }, /"\.\.\/x"/],
    ['a name with a slash', { name: 'a/b' }, /"a\/b"/],
    ['a cgroup parent that climbs', { cgroupParent: '../../x' }, /RangeError.*\.\./],
    ['a user above 2^31-1', { user: '2147483648' }, /RangeError.*2147483648/],
    ['a user above 2^32', { user: '4294967296' }, /RangeError/],
    ['a negative user', { user: '-1' }, /RangeError.*"-1"/],
    ['a user with three parts', { user: 'a:b:c' }, /"a:b:c"/],
    ['an environment with NUL', { env: { A: 'x\0y' } }, /NUL/],
    ['an environment name with =', { env: { 'A=B': 'x' } }, /"A=B"/],
    ['an environment line without =', { env: ['A'] }, /"A"/],
    ['an argument that is no string', { entrypoint: 5 }, /entrypoint.*5/],
    ['a bind without a target', { binds: ['/a'] }, /"\/a"/],
    ['a bind with an unknown option', { binds: ['/a:/b:fast'] }, /"fast"/],
    ['a bind of a relative path', { binds: ['a:/b'] }, /"a".*absolute/],
    ['a bind on the root', { binds: ['/a:/'] }, /it is the root/],
    ['a bind on /proc', { binds: ['/a:/proc/self'] }, /\/proc must be/],
    ['a bind through ..', { binds: ['/a:/b/../../c'] }, /\.\./],
    ['one place mounted twice', { binds: ['/a:/x', '/b:/x/'] }, /twice/],
    ['a volume', { mounts: [{ type: 'volume', source: 'v', target: '/v' }] }, /"volume".*engine/],
    ['a tmpfs with an unknown option', { tmpfs: ['/t:fast'] }, /"fast"/],
    ['a file without data', { files: [{ path: '/f' }] }, /data/],
    ['a file with an unknown key', { files: [{ path: '/f', data: '', moed: 1 }] }, /did you mean "mode"/],
    ['a device with a wrong access', { devices: ['/dev/null:/dev/x:z'] }, /"z"/],
    ['a network of the engine', { network: 'bridge' }, /"bridge"/],
    ['a sysctl of the whole machine', { sysctls: { 'vm.swappiness': '1' } }, /whole machine/],
    [
      'a sysctl of a shared namespace',
      { sysctls: { 'net.ipv4.ip_forward': '1' }, network: 'host' },
      /shares the net namespace/,
    ],
    ['a sysctl that climbs', { sysctls: { 'net/../kernel/x': '1' } }, /no name/],
    ['an unknown ulimit', { ulimits: ['nofiles=1'] }, /did you mean nofile/],
    ['a soft limit above the hard one', { ulimits: ['nofile=200:100'] }, /200 is above/],
    ['an unknown capability', { capAdd: ['SYS_ADMINS'] }, /SYS_ADMIN/],
    ['an unknown security option', { securityOpt: ['fast'] }, /"fast"/],
    ['an AppArmor profile', { securityOpt: ['apparmor=mine'] }, /not supported/],
    ['a score out of range', { oomScoreAdj: 2000 }, /2000/],
    ['a umask out of range', { umask: 0o1000 }, /umask.*512/],
    ['a host name in a shared namespace', { uts: 'host', hostname: 'x' }, /host name/],
    ['a flag that is no boolean', { readonly: 'yes' }, /readonly.*"yes"/],
  ]
  for (const [what, options, message] of cases)
    it(`planContainer() refuses ${what}`, () => expect(refused(options)).to.match(message))

  it('planContainer() refuses argv that is empty or no list', () => {
    expect(refused({}, [])).to.match(/argv is empty/)
    expect(refused({}, 'true')).to.match(/TypeError.*"true"/)
  })
  it('planContainer() is pure data and warm in well under a millisecond', () => {
    const plan = () => planContainer(['true'], { image: 'host', memory: '64m', pids: 10 })
    const { id, steps, cgroup } = plan()
    expect(id).to.match(/^[0-9a-f]{64}$/)
    expect(cgroup?.name).to.equal(id)
    expect(
      JSON.stringify(steps, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)).length
    ).to.be.greaterThan(1000)
    expect(steps.every((step) => step.origin !== undefined)).to.equal(true)
  })
})
