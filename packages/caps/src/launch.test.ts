import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

import { launch, type Step } from '@iso/native'
import { requires } from '@iso/testing'
import { expect } from 'chai'

import { available } from './available.js'
import { ALL, DOCKER_DEFAULT } from './capabilities.js'
import { setFileCaps } from './file-caps.js'
import { ambient, drop, keep } from './keep.js'
import { formatHex, toMask } from './mask.js'
import { parseSets } from './read-sets.js'
import { sets } from './sets.js'

const NOBODY: Step[] = [
  { op: 'setgroups', gids: [] },
  { op: 'setgid', gid: 65534 },
  { op: 'setuid', uid: 65534 },
]
const NONE = formatHex(0n)

// What the kernel makes of the steps: programs that print their own sets.
describe('capabilities of a launched program', () => {
  let directory: string
  let reader: string
  before(function () {
    requires(this, 'root', { program: 'setpriv' })
    directory = mkdtempSync(join(tmpdir(), 'iso-caps-'))
    chmodSync(directory, 0o755)
    reader = join(directory, 'cat')
    copyFileSync('/bin/cat', reader)
  })
  after(() => directory && rmSync(directory, { recursive: true, force: true }))
  afterEach(() => setFileCaps(reader, undefined))

  it('keep() gives root the list, in three sets, and nothing to hand on', async () => {
    const mask = formatHex(toMask(DOCKER_DEFAULT))
    expect(await setsOf(keep(DOCKER_DEFAULT))).to.deep.equal({
      bounding: mask,
      effective: mask,
      permitted: mask,
      inheritable: NONE,
      ambient: NONE,
      noNewPrivs: '1',
    })
  })

  it('keep() of nothing leaves root without any', async () => {
    expect(await setsOf(keep([]))).to.include({ bounding: NONE, effective: NONE, permitted: NONE, inheritable: NONE })
  })

  it('keep() of all gives what there is, though the kernel refuses the others', async () => {
    expect(await setsOf(keep(ALL))).to.include({
      bounding: formatHex(toMask(available())),
      effective: formatHex(toMask(available())),
    })
  })

  it('drop() takes one away', async () => {
    const rest = formatHex(toMask(available()) & ~toMask(['sys_admin']))
    expect(await setsOf(drop(['sys_admin']))).to.include({ bounding: rest, effective: rest, permitted: rest })
  })

  it('keep() leaves another uid with the bounding set only, as Docker does', async () => {
    expect(await setsOf([...NOBODY, ...keep(['net_raw'])])).to.include({
      bounding: '0000000000002000',
      effective: NONE,
      permitted: NONE,
      ambient: NONE,
    })
  })

  it('ambient() carries capabilities to another uid', async () => {
    const mask = formatHex(toMask(['net_bind_service', 'kill']))
    expect(await setsOf([...NOBODY, ...ambient(['net_bind_service', 'kill'])])).to.include({
      effective: mask,
      permitted: mask,
      inheritable: mask,
      ambient: mask,
      bounding: mask,
    })
  })

  it('keep() in a new user namespace may hold what this process lacks', async () => {
    const userns: Step[] = [
      { op: 'clone', namespaces: ['user'] },
      { op: 'idMap', kind: 'uid', map: '0 0 1\n' },
      { op: 'idMap', kind: 'gid', map: '0 0 1\n' },
    ]
    const all = formatHex(toMask(ALL))
    expect(await setsOf([...userns, ...keep(ALL, { newUserns: true, strict: true })])).to.include({
      bounding: all,
      permitted: all,
      effective: all,
    })
  })

  it('keep() keeps file capabilities from meeting inherited ones (CVE-2022-24769)', async () => {
    setFileCaps(reader, { inheritable: ['net_raw', 'sys_time'], effective: true })
    const all = DOCKER_DEFAULT
    expect(await setsOf([...NOBODY, ...keep(all, { noNewPrivs: false })])).to.include({
      permitted: NONE,
      effective: NONE,
    })
    // The fault, for comparison: with the inheritable set filled, as engines did before 2022, the file's capability arrives.
    const wide = sets({ bounding: all, permitted: all, effective: all, inheritable: all }, { noNewPrivs: false })
    expect(await setsOf([...NOBODY, ...wide])).to.include({ permitted: formatHex(toMask(['net_raw'])) })
  })

  it('keep() lets file capabilities raise within the bounding set, unless it promised', async () => {
    setFileCaps(reader, { permitted: ['net_raw'], effective: true })
    const docker = (noNewPrivs: boolean): Step[] => [...NOBODY, ...keep(['net_raw'], { uid: 65534, noNewPrivs })]
    expect(await setsOf(docker(false))).to.include({ permitted: '0000000000002000', noNewPrivs: '0' })
    expect(await setsOf(docker(true))).to.include({ permitted: NONE, noNewPrivs: '1' })
    // What is held before execve is nothing new: without `uid` the promise does not cover it.
    expect(await setsOf([...NOBODY, ...keep(['net_raw'])])).to.include({
      permitted: '0000000000002000',
      noNewPrivs: '1',
    })
  })

  it('keep() sets securebits while it may', async () => {
    const steps = keep(['setpcap'], { securebits: ['noroot', 'norootLocked'] })
    expect(await setsOf(steps)).to.include({ permitted: NONE, bounding: '0000000000000100' })
    expect(await output(['setpriv', '--dump'], steps)).to.match(/^Securebits: noroot,noroot_locked$/m)
  })

  it('keep() works for an ordinary user, whom the bounding set is not open to, by the promise alone', () => {
    const script = `
      import { text } from 'node:stream/consumers'
      import { launch } from '${import.meta.resolve('@iso/native')}'
      import { keep } from '${new URL('./index.js', import.meta.url).href}'
      const child = await launch(['/bin/cat', '/proc/self/status'], keep(['chown']), { stdout: 'pipe' })
      const [said, status] = await Promise.all([text(child.stdout), child.exit])
      console.log(status.exitCode, said.match(/CapPrm:\\s*(\\w+)/)[1], said.match(/NoNewPrivs:\\s*(\\d)/)[1])
      await launch(['/bin/true'], keep(['chown'], { noNewPrivs: false })).catch((error) => console.log(error.code, error.errnoName, error.step.op))`
    const args = [
      '--reuid=65534',
      '--regid=65534',
      '--clear-groups',
      process.execPath,
      '--input-type=module',
      '-e',
      script,
    ]
    expect(execFileSync('setpriv', args, { encoding: 'utf8', cwd: '/' })).to.equal(
      `0 ${NONE} 1\nISO_STEP EPERM capBounding\n`
    )
  })

  async function setsOf(steps: Step[]): Promise<Record<string, string | undefined>> {
    const said = await output([reader, '/proc/self/status'], steps)
    const masks = Object.entries(parseSets(said) as unknown as Record<string, bigint>).map(
      ([set, mask]) => [set, formatHex(mask)] as const
    )
    return {
      ...(Object.fromEntries(masks) as Record<string, string>),
      noNewPrivs: /^NoNewPrivs:\s*(\d)$/m.exec(said)?.[1],
    }
  }

  async function output(argv: string[], steps: Step[]): Promise<string> {
    const child = await launch(argv, steps, { stdout: 'pipe' })
    try {
      const [said, { exitCode }] = await Promise.all([text(child.stdout as NodeJS.ReadableStream), child.exit])
      expect(exitCode).to.equal(0)
      return said
    } finally {
      await child.close()
    }
  }
})
