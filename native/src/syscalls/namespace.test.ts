import { requires } from '@iso/testing'
import { expect } from 'chai'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readlinkSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { IsoError } from '../iso-error.js'
import { hostnameInNamespace, nsInfo, nsParent, nsUserns, openInNamespace, translatePid } from './namespace.js'
import { closeFd, openat2 } from './open.js'

describe('namespace', () => {
  let inside: ChildProcess
  let pid: number
  const open = (type: string, of: number | 'self' = pid): number => openat2(null, `/proc/${of}/ns/${type}`)
  const using = <T>(fd: number, use: (fd: number) => T): T => {
    try {
      return use(fd)
    } finally {
      closeFd(fd)
    }
  }

  before(async function () {
    requires(this, { capability: 'CAP_SYS_ADMIN' }, { program: 'unshare' })
    // The pid printed is that of the sleeper in our pid namespace: unshare forks it.
    const script = 'hostname inside && domainname example.org; echo ready; exec sleep 600'
    inside = spawn('unshare', ['-U', '-r', '-u', '-n', '-p', '-f', '--kill-child', 'sh', '-c', script])
    await once(inside.stdout!, 'data')
    pid = Number((await import('node:fs')).readFileSync(`/proc/${inside.pid}/task/${inside.pid}/children`, 'utf8'))
  })
  after(async () => {
    if (inside === undefined) return
    inside.kill('SIGKILL')
    await once(inside, 'exit')
  })

  it('nsInfo() names each of the eight types and identifies it as /proc does', () => {
    for (const type of ['mnt', 'cgroup', 'uts', 'ipc', 'user', 'pid', 'net', 'time']) {
      const info = using(open(type, 'self'), nsInfo)
      expect(info).to.include({ type, ownerUid: 0, inode: statSync(`/proc/self/ns/${type}`).ino })
      expect(readlinkSync(`/proc/self/ns/${type}`)).to.equal(`${type}:[${info.inode}]`)
    }
  })

  it('nsInfo() says ENOTTY for what is no namespace', () => {
    using(openat2(null, '/'), (fd) =>
      expect(() => nsInfo(fd))
        .to.throw(IsoError)
        .that.includes({ errnoName: 'ENOTTY' })
    )
  })

  it('nsUserns() opens the user namespace that owns another', () => {
    const owner = using(open('net'), (fd) => using(nsUserns(fd), nsInfo))
    expect(owner).to.deep.equal(using(open('user'), nsInfo))
  })

  it('nsParent() opens the parent of a pid namespace, and says EPERM above the top', () => {
    const parent = using(open('pid'), (fd) => using(nsParent(fd), nsInfo))
    expect(parent).to.deep.equal(using(open('pid', 'self'), nsInfo))
    using(open('net'), (fd) =>
      expect(() => nsParent(fd))
        .to.throw(IsoError)
        .that.includes({ errnoName: 'EINVAL' })
    )
  })

  it('translatePid() translates in both directions', function () {
    requires(this, { kernel: '6.11' })
    using(open('pid'), (fd) => {
      expect(translatePid(pid, null, fd)).to.equal(1)
      expect(translatePid(1, fd, null)).to.equal(pid)
      expect(() => translatePid(4000000, fd, null))
        .to.throw(IsoError)
        .that.includes({ errnoName: 'ESRCH' })
      expect(() => translatePid(process.pid, null, fd))
        .to.throw(IsoError)
        .that.includes({ errnoName: 'ESRCH' })
    })
  })

  it('openInNamespace() makes a socket that stays in the namespace while we stay out', () => {
    const before = readlinkSync('/proc/self/ns/net')
    const socket = using(open('net'), (fd) => openInNamespace(fd, { family: 2, type: 2 }))
    expect(readlinkSync('/proc/self/ns/net')).to.equal(before)
    expect(readlinkSync('/proc/thread-self/ns/net')).to.equal(before)
    closeFd(socket)
  })

  it('openInNamespace() says EINVAL for a namespace of another type', () => {
    using(open('uts'), (fd) =>
      expect(() => openInNamespace(fd, { family: 2, type: 2 }))
        .to.throw(IsoError)
        .that.includes({ errnoName: 'EINVAL', syscall: 'setns' })
    )
  })

  it('hostnameInNamespace() reads the names inside, and ours stay', () => {
    expect(using(open('uts'), hostnameInNamespace)).to.include({ hostname: 'inside' })
    expect(using(open('uts', 'self'), hostnameInNamespace).hostname).to.equal(hostname())
    expect(hostname()).to.not.equal('inside')
  })
})
