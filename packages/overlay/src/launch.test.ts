// Overlays as containers see them: each test runs a program in one.

import { expect } from 'chai'
import { existsSync, readFileSync } from 'node:fs'

import { shutdown, type Step } from '@iso/native'
import { requires } from '@iso/testing'

import { bindRoot, sealRoot } from './bind-root.js'
import { changes } from './changes.js'
import { overlay } from './overlay.js'
import type { OverlayApi, OverlayOptions } from './overlay-options.js'
import { failure, run } from './in-launch.test.support.js'
import { Scratch } from './scratch.test.support.js'

describe('overlay() in a launch', () => {
  let scratch: Scratch

  before(function () {
    requires(this, 'root', 'overlay')
    scratch = new Scratch()
  })
  after(() => scratch?.remove())
  after(() => shutdown())

  const apis: OverlayApi[] = ['fsconfig', 'mount']
  const forms = apis.flatMap((api) => [
    { api, attachLayers: true },
    { api, attachLayers: false },
  ])
  for (const { api, attachLayers } of forms) {
    const form = attachLayers ? `${api}, layers attached` : api
    const made = { api, attachLayers }
    describe(`overlay() with ${form}`, () => {
      before(function () {
        if (api === 'fsconfig') requires(this, { kernel: '6.8' })
        if (!attachLayers) requires(this, { kernel: '6.15' })
      })

      const onRoot = (options: Partial<OverlayOptions> = {}): Step[] =>
        overlay({ lower: ['/'], tmpfs: true, ...made, ...options })

      it('overlay() becomes the root, takes changes and leaves the machine alone', async () => {
        const name = `/iso-overlay-${process.pid}`
        expect(await run(`echo mine > ${name}; rm /etc/hostname; cat ${name}; ls /etc/hostname`, onRoot())).to.match(
          /^mine\nls: .*No such file/
        )
        expect(existsSync(name)).to.equal(false)
        expect(existsSync('/etc/hostname')).to.equal(true)
      })

      it('overlay() copies up what is written and shows the rest from below', async () => {
        const lower = scratch.tree(`${form}/copy-up/lower`, { 'd/file': 'old', 'd/other': 'other' })
        const upper = `${scratch.path}/${form}/copy-up/upper`
        const target = '/mnt'
        const steps = [...bindRoot('/'), ...overlay({ lower: [lower], upper, target, in: 'root', ...made })]
        expect(await run('echo new >> /mnt/d/file; cat /mnt/d/file /mnt/d/other', steps)).to.equal('oldnew\nother')
        expect(readFileSync(`${upper}/d/file`, 'utf8')).to.equal('oldnew\n')
        expect(readFileSync(`${lower}/d/file`, 'utf8')).to.equal('old')
        expect(existsSync(`${upper}/d/other`)).to.equal(false)
      })

      it('overlay() stacks 500 lower directories, the topmost first', async function () {
        this.timeout(60_000)
        const lower = Array.from({ length: 500 }, (_, at) =>
          scratch.tree(`${form}/many/${'long-name-'.repeat(8)}${at}`, { [`only-${at}`]: '', all: `${at}` })
        )
        const steps = [...bindRoot('/'), ...overlay({ lower, tmpfs: true, target: '/mnt', in: 'root', ...made })]
        expect(await run('ls /mnt | wc -l; cat /mnt/all; touch /mnt/new; ls -d /mnt/new', steps)).to.equal(
          '501\n0/mnt/new\n'
        )
        const root = overlay({ lower: [...lower.slice(0, 499), '/usr'], tmpfs: true, ...made })
        expect(await run('cat /all; echo x > /bin/new; cat /bin/new', root)).to.equal('0x\n')
      })

      const odd = ['a:b', 'a,b', 'a\\b', 'a b', ':,\\ ', 'tab\t', 'quote"\'', '{slot}', 'x\\', 'é', 'l'.repeat(255)]
      for (const name of odd) {
        it(`overlay() takes ${JSON.stringify(name.slice(0, 20))} in the paths of all layers`, async () => {
          const lower = scratch.tree(`${form}/odd/${name}/lower`, { file: 'found' })
          const other = scratch.tree(`${form}/odd/${name}/other`, { second: ' too' })
          const upper = `${scratch.path}/${form}/odd/${name}/upper`
          const steps = [
            ...bindRoot('/'),
            ...overlay({ lower: [lower, other], upper, target: '/mnt', in: 'root', ...made }),
          ]
          expect(await run('cat /mnt/file /mnt/second; echo up > /mnt/file', steps)).to.equal('found too')
          expect(readFileSync(`${upper}/file`, 'utf8')).to.equal('up\n')
        })
      }

      it('overlay() is read-only without an upper', async () => {
        const layers = ['one', 'two'].map((name) => scratch.tree(`${form}/readonly/${name}`, { [name]: name }))
        const steps = [...bindRoot('/'), ...overlay({ lower: layers, target: '/mnt', in: 'root', ...made })]
        expect(await run('cat /mnt/one /mnt/two; touch /mnt/new', steps)).to.match(
          /^onetwotouch: .*Read-only file system/
        )
      })

      it('overlay() says ENOSPC inside when the tmpfs is full', async () => {
        const steps = onRoot({ tmpfs: { sizeBytes: 1 << 20 } })
        expect(await run('yes | head -c 3000000 > /big', steps)).to.include('No space left on device')
      })

      it('overlay() reports a missing lower directory with its step', async () => {
        const error = await failure(onRoot({ lower: ['/no/such/layer', '/'] }))
        expect(error).to.include({ code: 'ISO_STEP', errnoName: 'ENOENT' })
        expect(error.step).to.include({ op: api === 'mount' ? 'mount' : 'fsMount', origin: '@iso/overlay' })
      })

      it('overlay() and changes() agree after a run', async () => {
        const lower = scratch.tree(`${form}/changes/lower`, { 'etc/motd': '1', 'etc/passwd': '2', 'old/x': '3' })
        const upper = `${scratch.path}/${form}/changes/upper`
        const steps = [...bindRoot('/'), ...overlay({ lower: [lower], upper, target: '/mnt', in: 'root', ...made })]
        expect(
          await run('cd /mnt; rm etc/motd; echo 3 >> etc/passwd; rm -r old; mkdir old; touch old/new', steps)
        ).to.equal('')
        const list: string[] = []
        for await (const { kind, path } of changes(upper, { lowers: [lower] })) list.push(`${kind} ${path}`)
        expect(list).to.deep.equal([
          'changed /etc',
          'deleted /etc/motd',
          'changed /etc/passwd',
          'changed /old',
          'added /old/new',
          'deleted /old/x',
        ])
      })
    })
  }

  it('overlay() refuses an upper on another overlay, with the reason of the kernel', async function () {
    requires(this, { kernel: '6.8' })
    const steps = [
      ...overlay({ lower: ['/usr'], tmpfs: true, target: '/mnt' }),
      ...overlay({ lower: ['/etc'], upper: '/mnt/upper', target: '/media', api: 'fsconfig' }),
    ]
    const error = await failure(steps)
    expect(error.errnoName).to.equal('EINVAL')
    expect(error.message).to.include('not supported as upperdir')
  })

  it('overlay() hands over to a bind where it cannot nest deeper, and says so otherwise', async function () {
    requires(this, 'overlayTwice')
    // Two overlays deep is as far as the kernel goes.
    const inner = (options: Partial<OverlayOptions>): Step[] => [
      ...overlay({ lower: ['/usr'], tmpfs: true, target: '/mnt' }),
      ...overlay({ lower: ['/mnt'], tmpfs: true, target: '/media' }),
      ...overlay({ lower: ['/media'], tmpfs: true, target: '/srv', ...options }),
    ]
    expect(await failure(inner({}))).to.include({ errnoName: 'EINVAL', code: 'ISO_STEP' })
    for (const api of apis) {
      const output = await run('ls -d /srv/bin; touch /srv/x', inner({ fallback: 'bind', api }))
      expect(output).to.match(/^\/srv\/bin\ntouch: .*Read-only/)
    }
  })

  it('bindRoot() shows a directory as it is', async () => {
    const name = `/tmp/iso-bind-${process.pid}`
    expect(await run(`touch ${name} && rm ${name} && echo written`, bindRoot('/'))).to.equal('written\n')
    expect(await run(`touch ${name}; touch /dev/shm/iso-x`, bindRoot('/', { readonly: true }))).to.match(
      /^touch: .*Read-only.*\ntouch: .*Read-only/
    )
  })

  it('sealRoot() makes the root read-only after mount points were made', async () => {
    const steps = [
      ...overlay({ lower: ['/'], tmpfs: true }),
      ...overlay({ lower: ['/etc', '/usr'], target: '/made/here', in: 'root' }),
      ...sealRoot(),
    ]
    expect(await run('ls -d /made/here/passwd; touch /x', steps)).to.match(/^\/made\/here\/passwd\ntouch: .*Read-only/)
  })
})
