import { expect } from 'chai'
import { sinceHint } from './since.js'

describe('sinceHint()', () => {
  it('sinceHint() names the feature and the kernel that has it', () => {
    expect(sinceHint('fsopen', '4.19.0-26-amd64')).to.equal(
      'mounts by descriptor (fsopen) need Linux 5.2; this is 4.19.0-26-amd64'
    )
    expect(sinceHint('openat2', '5.10.0')).to.match(
      /^lookups .* \(openat2\) need Linux 5\.6; this is 5\.10\.0, so a system call filter/
    )
    expect(sinceHint('clone3', '5.4.0')).to.equal('a birth in a cgroup (clone3) needs Linux 5.7; this is 5.4.0')
  })
  it('sinceHint() blames a filter where the kernel is new enough', () => {
    expect(sinceHint('mount_setattr', '6.1.0')).to.include('so a system call filter around this process hides it')
    expect(sinceHint('getpid', '6.1.0')).to.match(/does not have the system call, or a filter/)
  })
})
