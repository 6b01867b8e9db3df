// User namespaces as programs see them: each test runs one.

import { expect } from 'chai'
import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, lstatSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

import { IsoError, launch, shutdown, type Step } from '@iso/native'
import { requires } from '@iso/testing'

import type { AsUserResult } from './as-user.test.support.js'
import { idmapped } from './idmapped.js'
import { remap } from './remap.js'
import type { RootlessOptions } from './rootless.js'
import { userns } from './userns.js'

async function run(script: string, steps: Step[]): Promise<string> {
  await using child = await launch(['/bin/sh', '-c', `exec 2>&1; ${script}`], steps, { env: { PATH: '/usr/bin:/bin' } })
  const output = await text(child.stdout as NodeJS.ReadableStream)
  await child.exit
  return output
}

const MAP = 'tr -s " " < /proc/self/uid_map'
const range = { inside: 0, outside: 100000, count: 65536 }
const mounts: Step[] = [
  { op: 'clone', namespaces: ['mnt'] },
  { op: 'propagation', path: '/', propagation: 'slave', recursive: true },
]

describe('userns() in a launch by root', () => {
  let directory: string

  before(function () {
    requires(this, 'root')
    directory = mkdtempSync('/tmp/iso-userns-')
    chmodSync(directory, 0o777)
  })
  after(() => {
    if (directory !== undefined) rmSync(directory, { recursive: true })
    shutdown()
  })

  it('userns() makes the program root inside and an unprivileged user outside', async () => {
    const output = await run(
      `id -u; id -g; id -G; ${MAP}; touch ${directory}/mine; stat -c %u ${directory}/mine`,
      userns({ uids: [range], gids: [range] })
    )
    expect(output).to.equal('0\n0\n0\n 0 100000 65536\n0\n')
    const { uid, gid } = lstatSync(`${directory}/mine`)
    expect([uid, gid]).to.deep.equal([100000, 100000])
  })

  it('userns() writes maps of many ranges', async () => {
    const uids = [
      { inside: 0, outside: 100000, count: 1 },
      { inside: 1, outside: 5000, count: 2 },
      { inside: 1000, outside: 7000, count: 10 },
    ]
    expect(await run(`${MAP}; chown 1005 ${directory}/owned`, [...userns({ uids, gids: [range] })])).to.match(
      /^ 0 100000 1\n 1 5000 2\n 1000 7000 10\nchown/
    )
    writeFileSync(`${directory}/owned`, '')
    chownSync(`${directory}/owned`, 100000, 100000)
    expect(
      await run(
        `chown 1005 ${directory}/owned; chown 1 ${directory}/owned; chown 500 ${directory}/owned`,
        userns({ uids, gids: [range] })
      )
    ).to.include('Invalid argument')
    expect(lstatSync(`${directory}/owned`).uid).to.equal(5000)
  })

  it('userns() writes 340 ranges, the most the kernel takes', async () => {
    const many = Array.from({ length: 340 }, (_, at) => ({ inside: at * 2, outside: at * 3, count: 1 }))
    expect(await run('wc -l < /proc/self/uid_map', userns({ uids: many, gids: [range] }))).to.equal('340\n')
  })

  it('userns() allows setgroups unless told to deny it', async () => {
    expect(await run('cat /proc/self/setgroups', userns({ uids: [range], gids: [range] }))).to.equal('allow\n')
    const denied = userns({ uids: [range], gids: [range], setgroups: 'deny' })
    expect(await run('cat /proc/self/setgroups; setpriv --groups 1 true', denied)).to.match(
      /^deny\nsetpriv: .*Operation not permitted/
    )
  })

  it("userns({ root: 'self' }) maps root alone", async () => {
    expect(await run(`id -u; ${MAP}; chown 1 ${directory}`, userns({ root: 'self' }))).to.match(
      /^0\n 0 0 1\nchown: .*Invalid argument/
    )
  })

  it('userns() fails with the step where the kernel refuses a map', async () => {
    const error = await launch(
      ['/bin/true'],
      [...userns({ uids: [range], gids: [range] }), { op: 'idMap', kind: 'uid', map: '0 0 1\n' }]
    ).then(
      () => undefined,
      (caught: unknown) => caught
    )
    expect(error).to.be.instanceOf(IsoError).and.to.include({ code: 'ISO_STEP', errnoName: 'EPERM' })
  })

  it('remap() keeps the host out of reach: its files belong to nobody', async () => {
    const ids = [{ start: 200000, count: 65536 }]
    expect(await run('stat -c %u /etc/passwd; cat /etc/shadow; kill -0 1', remap({ uids: ids, gids: ids }))).to.match(
      /^65534\ncat: .*Permission denied\n.*Operation not permitted|No such process/
    )
  })

  it('idmapped() translates owners both ways and changes none', async function () {
    requires(this, { kernel: '5.12' })
    const ids = [{ start: 300000, count: 65536 }]
    writeFileSync(`${directory}/of-root`, '')
    writeFileSync(`${directory}/of-1000`, '')
    chownSync(`${directory}/of-1000`, 1000, 1000)
    const steps = [
      ...remap({ uids: ids, gids: ids }),
      ...mounts,
      ...idmapped({ path: directory, target: '/mnt', in: null }),
    ]
    expect(await run('cd /mnt; stat -c %u of-root of-1000; touch made; chown 1000 made', steps)).to.equal('0\n1000\n')
    expect(lstatSync(`${directory}/made`).uid).to.equal(1000)
    expect(lstatSync(`${directory}/of-1000`).uid).to.equal(1000)
  })

  it('idmapped() shows several directories, read-only when asked', async () => {
    const ids = [{ start: 300000, count: 65536 }]
    mkdirSync(`${directory}/etc/passwd`, { recursive: true })
    const steps = [
      ...remap({ uids: ids, gids: ids }),
      ...mounts,
      ...idmapped({ path: `${directory}/etc`, target: '/mnt', in: null, readonly: true }),
      ...idmapped({ path: directory, target: '/media', in: null }),
    ]
    expect(await run('stat -c %u /mnt/passwd; touch /mnt/x; ls -d /media/of-root', steps)).to.match(
      /^0\ntouch: .*Read-only file system\n\/media\/of-root\n$/
    )
  })
})

describe('rootless() in a launch by an ordinary user', () => {
  const user = `iso-test-${process.pid}`
  const driver = fileURLToPath(new URL('./as-user.test.support.js', import.meta.url))
  let ids: { uid: number; gid: number }

  before(function () {
    requires(this, 'root', 'userns', { program: 'useradd' }, { program: 'newuidmap' })
    execFileSync('useradd', ['--no-create-home', '--shell', '/bin/sh', user])
    execFileSync('usermod', ['--add-subuids', '3000000-3065535', '--add-subgids', '3000000-3065535', user])
    const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, user], { encoding: 'utf8' })))
    ids = { uid: uid as number, gid: gid as number }
  })
  after(() => {
    if (ids !== undefined) execFileSync('userdel', [user], { stdio: 'ignore' })
  })

  function asUser(options: RootlessOptions, script: string, identity = ids): AsUserResult {
    return JSON.parse(
      execFileSync(process.execPath, [driver, JSON.stringify(options), script], {
        ...identity,
        cwd: '/',
        env: {},
        encoding: 'utf8',
      })
    ) as AsUserResult
  }

  it('rootless() gives a user with subordinate ids all of them', () => {
    const { kind, output, lost, setgroups, probed } = asUser(
      {},
      `id -u; ${MAP}; cat /proc/self/setgroups; setpriv --reuid 5 --regid 6 --groups 7 id`
    )
    expect({ kind, lost, setgroups, probed }).to.deep.equal({
      kind: 'multi',
      lost: [],
      setgroups: true,
      probed: 'multi',
    })
    const lines = output.split('\n')
    expect(lines.slice(0, 2)).to.deep.equal(['0', ` 0 ${ids.uid} 1`])
    expect(lines[2]).to.match(/^ 1 \d+ \d+$/)
    expect(output).to.match(/allow\nuid=5.* gid=6.* groups=6.*,7/)
  })

  it('rootless() keeps the number of the user when asked', () => {
    expect(asUser({ as: 'keep' }, 'id -u; id -g')).to.include({
      kind: 'multi',
      uid: ids.uid,
      gid: ids.gid,
      output: `${ids.uid}\n${ids.gid}\n`,
    })
  })

  it('rootless() makes do with a single map, and says what is lost and why', () => {
    const found = asUser({}, `id -u; ${MAP}; cat /proc/self/setgroups; setpriv --groups 7 id`, {
      uid: 65534,
      gid: 65534,
    })
    expect(found).to.include({ kind: 'single', setgroups: false, probed: 'single' })
    expect(found.causes).to.deep.equal([
      'uid 65534 has no range in /etc/subuid',
      'uid 65534 has no range in /etc/subgid',
    ])
    expect(found.lost[0]).to.include('Only one user and one group exist inside')
    expect(found.output).to.match(/^0\n 0 65534 1\ndeny\nsetpriv: .*Operation not permitted/)
  })

  it('rootless() keeps the number of the user in a single map, too', () => {
    expect(asUser({ as: 'keep', maps: 'single' }, 'id -u').output).to.equal(`${ids.uid}\n`)
  })

  it('rootless() without the helpers is a single map', () => {
    const found = asUser({ helperPath: '/no/such/place' }, 'id -u')
    expect(found).to.include({ kind: 'single', output: '0\n' })
    expect(found.causes).to.include('newuidmap is not installed')
  })

  it('rootless() reports a range that newuidmap refuses', () => {
    const forged = mkdtempSync('/tmp/iso-forged-')
    try {
      chmodSync(forged, 0o755)
      writeFileSync(`${forged}/subuid`, `${ids.uid}:4000000:65536\n`)
      const files = { subuid: `${forged}/subuid`, subgid: `${forged}/subuid` }
      expect(asUser({ files }, 'id -u').output).to.match(/^ISO_STEP .*newuidmap/)
    } finally {
      rmSync(forged, { recursive: true })
    }
  })
})
