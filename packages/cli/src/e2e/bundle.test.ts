import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { requires } from '@iso/testing'
import { expect } from 'chai'

const place = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const node = (...argv: string[]) => spawnSync(process.execPath, argv, { encoding: 'utf8', cwd: '/' })

describe('the bundle', () => {
  let directory: string
  let iso: string
  before(function () {
    this.timeout(60_000)
    const { status, stderr } = node(place('../../scripts/bundle.mjs'))
    expect(stderr).to.equal('')
    expect(status).to.equal(0)
    directory = mkdtempSync(join(tmpdir(), 'iso-cli-'))
    iso = join(directory, 'iso') // npm links a command this way
    symlinkSync(place('../iso.cjs'), iso)
  })
  after(() => rmSync(directory, { recursive: true }))

  it('iso.cjs knows its version', () => {
    expect(node(iso, '--version')).to.deep.include({
      status: 0,
      stdout: node(place('../main.js'), '--version').stdout,
      stderr: '',
    })
  })

  it('iso.cjs finds the native parts, and runs a container', function () {
    requires(this, 'root')
    expect(node(iso, 'run', '--hostname=box', 'host', 'hostname')).to.deep.include({
      status: 0,
      stdout: 'box\n',
      stderr: '',
    })
  })

  it('iso.cjs holds every subcommand', function () {
    requires(this, 'root')
    expect(node(iso, 'explain', 'host', 'true').stdout).to.match(/clone3/)
    expect(node(iso, 'caps', 'decode', '1').stdout).to.equal('CAP_CHOWN\n')
    expect(node(iso, 'cgroup', 'ls').stdout).to.match(/^NAME/)
    expect(node(iso, 'nope')).to.deep.include({ status: 125, stdout: '' })
  })
})

describe('docs/cli.md', () => {
  it('docs/cli.md is current', () => {
    expect(node(place('../../scripts/docs.mjs'), '--check')).to.deep.include({ status: 0, stderr: '' })
  })
})
