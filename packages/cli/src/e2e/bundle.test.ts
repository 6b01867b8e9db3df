import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
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

  it('iso.cjs is a command by itself, and keeps --env-file from Node', function () {
    requires(this, 'root')
    const file = join(directory, 'env')
    writeFileSync(file, 'NODE_OPTIONS=--no-such-option\n')
    const run = (...words: string[]) => spawnSync(iso, ['run', ...words], { encoding: 'utf8' })
    expect(run('--env-file', file, 'host', 'printenv', 'NODE_OPTIONS')).to.deep.include({
      status: 0,
      stdout: '--no-such-option\n',
      stderr: '',
    })
    expect(run('host', 'echo', '--env-file', '/no/such', 'two  words')).to.deep.include({
      status: 0,
      stdout: '--env-file /no/such two  words\n',
    })
    expect(run('--env-file=/no/such', 'host', 'true').status).to.equal(125)
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
