import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { expect } from 'chai'

import { ARCHES, archNamed, nativeArch } from './arch.js'

describe('archNamed', () => {
  it('archNamed() takes the spellings of libseccomp, Go and the kernel', () => {
    expect(['SCMP_ARCH_X86_64', 'amd64', 'x86_64'].map(archNamed)).to.deep.equal(['x86_64', 'x86_64', 'x86_64'])
    expect(['SCMP_ARCH_X86', '386', 'x86'].map(archNamed)).to.deep.equal(['i386', 'i386', 'i386'])
    expect(['arm64', 'arm', 'x32'].map(archNamed)).to.deep.equal(['aarch64', 'arm', 'x32'])
  })

  it('archNamed() tells architectures without a table from words', () => {
    expect(archNamed('SCMP_ARCH_S390X')).to.equal('foreign')
    expect(archNamed('ppc64le')).to.equal('foreign')
    expect(archNamed('toString')).to.equal(undefined)
  })
})

describe('nativeArch', () => {
  it('nativeArch() is what uname says', () => {
    expect(nativeArch()).to.equal(archNamed(execFileSync('uname', ['-m'], { encoding: 'utf8' }).trim()))
  })
})

describe('ARCHES', () => {
  it('ARCHES agrees with the kernel headers installed here', () => {
    const script = fileURLToPath(new URL('../scripts/generate-syscalls.mjs', import.meta.url))
    execFileSync(process.execPath, [script, '--check'], { stdio: ['ignore', 'ignore', 'inherit'] })
  })

  it('ARCHES has calls with well-known numbers', () => {
    expect(ARCHES.x86_64.syscalls).to.include({ read: 0, clone: 56, clone3: 435, mseal: 462 })
    expect(ARCHES.i386.syscalls).to.include({ read: 3, socketcall: 102, clone3: 435 })
    expect(ARCHES.x32.syscalls).to.include({ read: 0x40000000, execve: 0x40000000 + 520 })
    expect(ARCHES.aarch64.syscalls).to.include({ read: 63, clone: 220, clone3: 435 })
    expect(ARCHES.arm.syscalls).to.include({ read: 3, cacheflush: 0xf0002 })
  })
})
