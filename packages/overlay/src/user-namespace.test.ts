// Overlays in user namespaces: with userxattr, by an ordinary user, and made by the host for a remapped container.

import { expect } from 'chai'
import { execFileSync } from 'node:child_process'
import { chownSync, lstatSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { shutdown, type Step } from '@iso/native'
import { requires } from '@iso/testing'

import type { AsUserResult } from './as-user.test.support.js'
import { bindRoot } from './bind-root.js'
import { changes } from './changes.js'
import { kernelAtLeast } from './internal/kernel-version.js'
import { failure, run } from './in-launch.test.support.js'
import { isOpaque } from './opaque.js'
import { overlay } from './overlay.js'
import { Scratch } from './scratch.test.support.js'
import { isWhiteout } from './whiteout.js'

describe('overlay() in a user namespace', () => {
  let scratch: Scratch

  before(function () {
    requires(this, 'root', 'overlay')
    scratch = new Scratch()
  })
  after(() => scratch?.remove())
  after(() => shutdown())

  const user: Step[] = [
    { op: 'clone', namespaces: ['user'] },
    { op: 'idMap', kind: 'uid', map: '0 100000 65536\n' },
    { op: 'idMap', kind: 'gid', map: '0 100000 65536\n' },
    { op: 'becomeRoot' },
  ]
  const list = async (upper: string, lower: string, userxattr: boolean): Promise<string[]> => {
    const found: string[] = []
    for await (const { kind, path } of changes(upper, { lowers: [lower], userxattr })) found.push(`${kind} ${path}`)
    return found
  }

  it('overlay() with userxattr marks what goes away as the user may', async function () {
    requires(this, { kernel: '5.11' })
    const lower = scratch.tree('userxattr/lower', { 'd/x': '1', 'd/y': '2', file: '3', theirs: '4' })
    const upper = scratch.tree('userxattr/upper')
    const work = scratch.tree('userxattr/work')
    for (const path of [lower, `${lower}/d`, `${lower}/d/x`, `${lower}/d/y`, `${lower}/file`, upper, work])
      chownSync(path, 100000, 100000)
    const steps = [
      ...user,
      ...bindRoot('/'),
      ...overlay({ lower: [lower], upper, work, userxattr: true, target: '/mnt', in: 'root' }),
    ]
    expect(await run('cd /mnt; rm file; rm -r d; mkdir d; touch d/x; ls -A . d; stat -c %u theirs', steps)).to.equal(
      '.:\nd\ntheirs\n\nd:\nx\n65534\n'
    )
    expect(await isOpaque(`${upper}/d`, { userxattr: true })).to.equal(true)
    expect(await isWhiteout(`${upper}/file`, { userxattr: true })).to.equal(true)
    expect(await list(upper, lower, true)).to.deep.equal([
      'changed /d',
      'changed /d/x',
      'deleted /d/y',
      'deleted /file',
    ])
  })

  it('overlay() and changes() work for an ordinary user, without any privilege', function () {
    requires(this, 'userns', { kernel: '6.6' })
    const ids = { uid: 65534, gid: 65534 }
    const lower = scratch.tree('ordinary/lower', { 'd/x': '1', 'd/y': '2', file: '3' })
    const home = scratch.tree('ordinary/home')
    for (const path of [lower, `${lower}/d`, `${lower}/d/x`, `${lower}/d/y`, `${lower}/file`, home])
      chownSync(path, ids.uid, ids.gid)
    const driver = fileURLToPath(new URL('./as-user.test.support.js', import.meta.url))
    const asUser = (upper: string, script: string): AsUserResult =>
      JSON.parse(
        execFileSync(process.execPath, [driver, lower, upper, script], {
          ...ids,
          cwd: '/',
          env: {},
          encoding: 'utf8',
        })
      ) as AsUserResult
    const script = 'id -u; rm -r d; mkdir d; touch d/x; rm file; echo new > new; ls d file'
    expect(asUser(`${home}/upper`, script)).to.deep.equal({
      output: "0\nls: cannot access 'file': No such file or directory\nd:\nx\n",
      changed: ['changed /d', 'changed /d/x', 'deleted /d/y', 'deleted /file', 'added /new'],
      apis: ['fsconfig', 'mount'],
    })
    expect(asUser('', 'rm -r d; mkdir d; ls d; touch d/z; ls d').output).to.equal('z\n')
  })

  it('overlay() fails where the kernel would turn it read-only without a word', async () => {
    const lower = scratch.tree('silent/lower')
    const upper = scratch.tree('silent/upper')
    chownSync(upper, 100000, 100000)
    // The work directory belongs to somebody else.
    const work = scratch.tree('silent/work')
    for (const api of ['fsconfig', 'mount'] as const) {
      if (api === 'fsconfig' && !kernelAtLeast(6, 8)) continue
      const steps = overlay({ lower: [lower], upper, work, userxattr: true, target: '/mnt', in: 'root', api })
      const error = await failure([...user, ...bindRoot('/'), ...steps])
      expect(error).to.include({ errnoName: 'EROFS' })
      expect(error.step?.op).to.equal(api === 'mount' ? 'mount' : 'fsMount')
    }
  })

  it('overlay() with userxattr on a tmpfs removes and remakes directories', async function () {
    requires(this, { kernel: '6.6' })
    const lower = scratch.tree('usertmpfs/lower', { 'd/x': '1' })
    for (const path of [lower, `${lower}/d`, `${lower}/d/x`]) chownSync(path, 100000, 100000)
    const steps = [
      ...user,
      ...bindRoot('/'),
      ...overlay({ lower: [lower], tmpfs: true, userxattr: true, target: '/mnt', in: 'root' }),
    ]
    expect(await run('cd /mnt; rm -r d; mkdir d; ls d; touch d/y; ls d', steps)).to.equal('y\n')
  })

  for (const attachLayers of [true, false]) {
    const form = attachLayers ? 'idmap and attached layers' : 'idmap'
    it(`overlay() with ${form} shows files of root on the host as files of root inside`, async function () {
      requires(this, { kernel: attachLayers ? '6.8' : '6.15' })
      const before = readFileSync('/proc/self/mounts', 'utf8')
      const lower = scratch.tree(`${form}/lower`, { file: 'below', 'd/x': '1' })
      const other = scratch.tree(`${form}/other`, { second: '2' })
      const upper = `${scratch.path}/${form}/upper`
      const owner = { rootUid: 100000, rootGid: 100000 }
      const steps = [
        ...user,
        ...bindRoot('/'),
        ...overlay({ lower: [lower, other], upper, idmap: owner, target: '/mnt', in: 'root', attachLayers }),
      ]
      expect(
        await run('cd /mnt; stat -c %u:%g file d; echo more >> file; rm -r d; touch new; stat -c %u file new', steps)
      ).to.equal('0:0\n0:0\n0\n0\n')
      expect(lstatSync(`${upper}/new`).uid).to.equal(100000)
      expect(readFileSync(`${lower}/file`, 'utf8')).to.equal('below')
      expect(await list(upper, lower, false)).to.deep.equal(['deleted /d', 'changed /file', 'added /new'])
      expect(readFileSync('/proc/self/mounts', 'utf8')).to.equal(before)
    })
  }

  it('overlay() with idmap makes a whole root of the directories of the host', async function () {
    requires(this, { kernel: '6.8' }, 'idmappedRoot')
    for (const attachLayers of kernelAtLeast(6, 15) ? [true, false] : [true]) {
      const owner = { rootUid: 100000, rootGid: 100000 }
      const steps = [...user, ...overlay({ lower: ['/'], tmpfs: { sizeBytes: 1 << 24 }, idmap: owner, attachLayers })]
      expect(await run('stat -c %u / /etc/passwd; cp /etc/shadow /x && rm -r /etc && ls /', steps)).to.match(
        /^0\n0\n(?!.*\betc\b)[^]*\bx\n/
      )
    }
  })
})
