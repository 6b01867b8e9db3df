import { expect } from 'chai'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Step } from '../operations.gen.js'
import { launch } from './launch.js'

const env = { PATH: '/usr/bin:/bin' }

describe('copyUp, runProgram', () => {
  let dir: string
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'iso-copy-'))))
  afterEach(() => rmSync(dir, { recursive: true }))

  it('copyUp fills a tmpfs with what it covers, links as links', async () => {
    mkdirSync(join(dir, 'deep/er'), { recursive: true })
    writeFileSync(join(dir, 'deep/er/file'), 'content')
    chmodSync(join(dir, 'deep/er/file'), 0o640)
    symlinkSync('/etc/shadow', join(dir, 'link'))
    const steps: Step[] = [
      { op: 'clone', namespaces: ['mnt'] },
      { op: 'propagation', path: '/', propagation: 'slave', recursive: true },
      { op: 'open', side: 'child', path: dir, flags: ['path', 'directory'], slot: 'below' },
      { op: 'mount', fstype: 'tmpfs', source: 'tmpfs', path: dir, data: 'mode=755' },
      { op: 'copyUp', from: 'below', path: dir },
    ]
    const script =
      'cd "$0"; stat -fc %T .; cat deep/er/file; echo; stat -c %a deep/er/file; readlink link; rm deep/er/file'
    await using child = await launch(['sh', '-c', script, dir], steps, { env })
    expect(await text(child.stdout!)).to.equal('tmpfs\ncontent\n640\n/etc/shadow\n')
    expect((await child.exit).exitCode).to.equal(0)
  })

  it('runProgram of the child runs in its namespaces, and is told its process ID', async () => {
    const out = join(dir, 'out')
    const steps: Step[] = [
      { op: 'clone', namespaces: ['pid', 'uts'] },
      { op: 'hostname', name: 'inside' },
      {
        op: 'runProgram',
        side: 'child',
        argv: ['/bin/sh', '-c', `echo "$0 $FOO" > ${out}; hostname >> ${out}; cat >> ${out}`],
        argv0: 'sh',
        env: ['FOO=bar', 'PATH=/usr/bin:/bin'],
        input: '{"pid":',
        afterPid: '}',
      },
    ]
    await using child = await launch(['cat', out], steps, { env })
    expect(await text(child.stdout!)).to.equal('sh bar\ninside\n{"pid":1}')
  })
})
