import { expect } from 'chai'

import { readdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'

import { requires } from '@iso/testing'

import { changes, type Change, type ChangesOptions } from './changes.js'
import { makeOpaque } from './opaque.js'
import { inOverlay, Scratch } from './scratch.test.support.js'
import { makeWhiteout } from './whiteout.js'

async function listed(upper: string, options?: ChangesOptions): Promise<string[]> {
  const list: string[] = []
  for await (const { kind, path } of changes(upper, options)) list.push(`${LETTERS[kind]} ${path}`)
  return list
}

const LETTERS: Record<Change['kind'], string> = { added: 'A', changed: 'C', deleted: 'D' }

describe('changes()', () => {
  let scratch: Scratch
  let number = 0

  before(function () {
    requires(this, 'root', 'overlay')
    scratch = new Scratch()
  })
  after(() => scratch?.remove())

  /** Run a script in an overlay and list what it changed. */
  async function afterScript(
    script: string,
    layers: Record<string, string>[],
    mountOptions?: string,
    options?: ChangesOptions
  ): Promise<string[]> {
    const id = number++
    const lower = layers.map((files, at) => scratch.tree(`${id}/lower-${at}`, files))
    const upper = scratch.tree(`${id}/upper`)
    inOverlay({
      lower,
      upper,
      work: scratch.tree(`${id}/work`),
      script,
      ...(mountOptions !== undefined && { options: mountOptions }),
    })
    return listed(upper, { lowers: lower, ...options })
  }

  it('changes() of an untouched overlay is empty', async () => {
    expect(await afterScript('ls -lR', [{ 'a/b': '1' }])).to.deep.equal([])
  })

  it('changes() lists added, changed and deleted entries, directories before what is in them', async () => {
    const lower = { 'etc/passwd': 'x', 'etc/motd': 'y', 'usr/bin/tool': 'z', 'old/file': '1', keep: '2' }
    const script =
      'echo more >> etc/passwd; rm etc/motd; mkdir -p new/deep; touch new/deep/file; rm -r old; ln -s x usr/bin/link'
    expect(await afterScript(script, [lower])).to.deep.equal([
      'C /etc',
      'D /etc/motd',
      'C /etc/passwd',
      'A /new',
      'A /new/deep',
      'A /new/deep/file',
      'D /old',
      'C /usr',
      'C /usr/bin',
      'A /usr/bin/link',
    ])
  })

  it('changes() lists a removed and remade directory as what vanished and what is new in it', async () => {
    const lower = { 'd/gone': '1', 'd/again': '2', 'd/sub/x': '3', 'd/sub/y': '4' }
    expect(
      await afterScript('rm -r d; mkdir -p d/sub; echo new > d/again; touch d/sub/y d/sub/z', [lower])
    ).to.deep.equal(['C /d', 'C /d/again', 'D /d/gone', 'C /d/sub', 'D /d/sub/x', 'C /d/sub/y', 'A /d/sub/z'])
  })

  it('changes() lists a file in place of a directory, and the other way round, as changed', async () => {
    expect(await afterScript('rm -r d f; touch d; mkdir f; touch f/in', [{ 'd/x': '1', f: '2' }])).to.deep.equal([
      'C /d',
      'C /f',
      'A /f/in',
    ])
  })

  it('changes() lists mode and owner of a directory, and nothing that was only copied up', async () => {
    expect(
      await afterScript('chmod 700 a; chown 1:1 b; mkdir c/x; rmdir c/x', [{ 'a/': '', 'b/': '', 'c/': '', 'd/e': '' }])
    ).to.include.members(['C /a', 'C /b'])
  })

  it('changes() sees what is in the layer below through the one above, whiteouts and all', async () => {
    const id = number++
    const bottom = scratch.tree(`${id}/bottom`, { 'd/one': '1', 'd/two': '2', gone: '3', 'o/hidden': '4' })
    const middle = scratch.tree(`${id}/middle`, { 'd/': '', 'o/': '' })
    await makeWhiteout(`${middle}/gone`)
    await makeOpaque(`${middle}/o`)
    const upper = scratch.tree(`${id}/upper`)
    const script = 'touch gone; rm d/two; touch o/hidden; touch o/seen; echo 1 >> d/one'
    inOverlay({ lower: [middle, bottom], upper, work: scratch.tree(`${id}/work`), script })
    expect(await listed(upper, { lowers: [middle, bottom] })).to.deep.equal([
      'C /d',
      'C /d/one',
      'D /d/two',
      'A /gone',
      'C /o',
      'A /o/hidden',
      'A /o/seen',
    ])
  })

  it('changes() lists a renamed directory (redirect_dir) at both its places', async () => {
    const lower = { 'a/b/file': '1', 'a/b/sub/x': '2', 'a/other': '3' }
    expect(await afterScript('mv a/b a/c; rm a/c/file; touch a/c/new', [lower], 'redirect_dir=on')).to.deep.equal([
      'C /a',
      'D /a/b',
      'A /a/c',
      'A /a/c/new',
      'A /a/c/sub',
      'A /a/c/sub/x',
    ])
    expect(await afterScript('mkdir new; mv a/b new/c', [lower], 'redirect_dir=on')).to.deep.equal([
      'C /a',
      'D /a/b',
      'A /new',
      'A /new/c',
      'A /new/c/file',
      'A /new/c/sub',
      'A /new/c/sub/x',
    ])
  })

  it('changes() follows a redirect in a lower layer', async () => {
    const id = number++
    const bottom = scratch.tree(`${id}/bottom`, { 'a/b/file': '1' })
    const middle = scratch.tree(`${id}/middle`)
    inOverlay({
      lower: [bottom],
      upper: middle,
      work: scratch.tree(`${id}/w1`),
      options: 'redirect_dir=on',
      script: 'mkdir n; mv a/b n/c',
    })
    const upper = scratch.tree(`${id}/upper`)
    inOverlay({
      lower: [middle, bottom],
      upper,
      work: scratch.tree(`${id}/w2`),
      options: 'redirect_dir=on',
      script: 'echo 2 >> n/c/file; rm -r a',
    })
    expect(await listed(upper, { lowers: [middle, bottom] })).to.deep.equal(['D /a', 'C /n', 'C /n/c', 'C /n/c/file'])
  })

  it('changes() counts a metadata-only copy (metacopy) as changed', async () => {
    expect(await afterScript('chmod 600 f', [{ f: 'data' }], 'metacopy=on,redirect_dir=on')).to.deep.equal(['C /f'])
  })

  it('changes() reads user.overlay marks when asked, and only then', async () => {
    const lower = { 'd/x': '1', 'd/y': '2' }
    const script = 'rm -r d; mkdir d; touch d/x'
    expect(await afterScript(script, [lower], 'userxattr', { userxattr: true })).to.deep.equal([
      'C /d',
      'C /d/x',
      'D /d/y',
    ])
  })

  it('changes() ignores user.overlay marks that a container wrote by hand', async () => {
    const lower = scratch.tree('forged/lower', { 'd/x': '1' })
    const upper = scratch.tree('forged/upper', { 'd/new': '2' })
    await makeOpaque(`${upper}/d`, { userxattr: true })
    expect(await listed(upper, { lowers: [lower] })).to.deep.equal(['C /d', 'A /d/new'])
    expect(await listed(upper, { lowers: [lower], userxattr: true })).to.deep.equal(['C /d', 'A /d/new', 'D /d/x'])
  })

  it('changes() keeps names that are not UTF-8', async () => {
    const upper = scratch.tree('bytes/upper')
    const name = Buffer.from([0x66, 0xff, 0xfe])
    await writeFile(Buffer.concat([Buffer.from(`${upper}/`), name]), '')
    const list: Change[] = []
    for await (const change of changes(upper, { lowers: [] })) list.push(change)
    expect(list.map(({ rawPath, kind }) => [rawPath, kind])).to.deep.equal([
      [Buffer.concat([Buffer.from('/'), name]), 'added'],
    ])
    expect(list[0]?.path).to.equal('/f\ufffd\ufffd')
  })

  it('changes() without lowers goes by what the kernel noted', async () => {
    const id = number++
    const lower = scratch.tree(`${id}/lower`, { 'd/x': '1', y: '2' })
    const upper = scratch.tree(`${id}/upper`)
    inOverlay({ lower: [lower], upper, work: scratch.tree(`${id}/work`), script: 'echo 1 >> d/x; rm y; touch z' })
    expect(await listed(upper)).to.deep.equal(['C /d', 'C /d/x', 'D /y', 'A /z'])
  })

  it('changes() ignores a whiteout of nothing', async () => {
    const upper = scratch.tree('nothing/upper')
    await makeWhiteout(`${upper}/never-was`)
    expect(await listed(upper, { lowers: [scratch.tree('nothing/lower')] })).to.deep.equal([])
  })

  it('changes() agrees with a comparison of the trees over random work', async function () {
    this.timeout(60_000)
    for (let round = 0; round < 12; round++) {
      const id = number++
      const lower = scratch.tree(`${id}/lower`, { 'a/b/c': '1', 'a/d': '2', 'e/f/g': '3', h: '4', 'i/': '' })
      const upper = scratch.tree(`${id}/upper`)
      const before = contents(lower)
      const seen = inOverlay({
        lower: [lower],
        upper,
        work: scratch.tree(`${id}/work`),
        script: `${work(round)}; find . -printf '%y%p\\n'`,
      })
      const lines = seen.split('\n').filter((line) => line.startsWith('./', 1))
      const now = new Set(lines.map((line) => line.slice(2)))
      const files = lines.filter((line) => line.startsWith('f')).map((line) => line.slice(2))
      const list = await listed(upper, { lowers: [lower] })
      for (const path of now) if (!before.has(path)) expect(list, `round ${round}`).to.include(`A ${path}`)
      for (const path of before) {
        if (now.has(path)) expect(list, `round ${round}`).not.to.include(`D ${path}`)
        else if (!files.some((file) => path.startsWith(`${file}/`))) {
          const covered = list.some((line) => line.startsWith('D ') && `${path}/`.startsWith(`${line.slice(2)}/`))
          expect(covered, `${path} in round ${round}`).to.equal(true)
        }
      }
      for (const line of list)
        if (line.startsWith('A ')) expect(before.has(line.slice(2)), `${line} in round ${round}`).to.equal(false)
    }
  })
})

// The same commands every time: a small generator with a seed.
function work(seed: number): string {
  let state = seed * 2654435761 + 1
  const pick = <T>(list: readonly T[]): T => {
    state = (state * 1103515245 + 12345) % 2147483648
    return list[state % list.length] as T
  }
  const paths = ['a', 'a/b', 'a/b/c', 'a/d', 'e', 'e/f', 'e/f/g', 'h', 'i', 'n', 'a/n', 'e/f/n']
  return Array.from({ length: 12 }, () => {
    const path = pick(paths)
    return (
      pick([
        `rm -rf ${path}`,
        `mkdir -p ${path} 2>&-`,
        `echo x >> ${path} 2>&-`,
        `touch ${path} 2>&-`,
        `chmod 700 ${path} 2>&-`,
      ]) + ' || true'
    )
  }).join('; ')
}

function contents(root: string): Set<string> {
  return new Set(readdirSync(root, { recursive: true, encoding: 'utf8' }).map((path) => `/${path}`))
}
