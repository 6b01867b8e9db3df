// What a user gets: the packages as npm packs them, installed into an empty folder, once with the prebuilt binary and once without.
import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'

import { expect } from 'chai'

import { ROOT } from './lib/command.mjs'
import { manifestOf, workspaces } from './lib/workspaces.mjs'
import { environment } from './setup/build-native.mjs'

const exec = promisify(execFile)
const NPM = { env: { ...process.env, ...environment(), npm_config_loglevel: 'error' } }

const USE = `
import { launch, shutdown } from '@iso/native'
import { createRequire } from 'node:module'
const packages = process.argv.slice(2)
for (const name of packages) {
  const exported = Object.keys(await import(name))
  if (exported.length === 0) throw new Error(name + ' exports nothing')
  const required = Object.keys(createRequire(import.meta.url)(name))
  if (process.features.require_module && required.length === 0) throw new Error(name + ' cannot be required')
}
const child = await launch(['/bin/echo', 'installed'], [{ op: 'clone', namespaces: ['pid', 'mnt'] }])
for await (const chunk of child.stdout) process.stdout.write(chunk)
await child.close()
shutdown()
`

describe('npm pack', function () {
  this.timeout(240_000)
  const folders = workspaces().filter((folder) => manifestOf(folder).private !== true)
  const libraries = folders.map((folder) => manifestOf(folder).name).filter((name) => name !== '@iso/cli')
  let place
  let tarballs

  before(async () => {
    place = mkdtempSync(join(tmpdir(), 'iso-pack-'))
    const args = [
      'pack',
      '--ignore-scripts',
      '--silent',
      '--pack-destination',
      place,
      ...folders.map((folder) => `./${folder}`),
    ]
    await exec('npm', args, { ...NPM, cwd: ROOT })
    tarballs = readdirSync(place).map((name) => join(place, name))
  })

  after(() => rmSync(place, { recursive: true, force: true }))

  async function install(name, packed, flags) {
    const folder = join(place, name)
    mkdirSync(folder)
    writeFileSync(join(folder, 'package.json'), '{ "private": true }')
    await exec('npm', ['install', '--no-audit', '--no-fund', ...flags, ...packed], { ...NPM, cwd: folder })
    writeFileSync(join(folder, 'use.mjs'), USE)
    const { stdout } = await exec(process.execPath, ['use.mjs', ...libraries], { cwd: folder })
    return { folder, stdout }
  }

  // Adds the binaries of this machine where prebuildify puts them.
  async function withPrebuilds() {
    const native = tarballs.find((file) => basename(file).startsWith('iso-native-'))
    const staged = join(place, 'staged')
    mkdirSync(staged)
    await exec('tar', ['-xzf', native, '-C', staged])
    const prebuilds = join(staged, 'package/prebuilds', `linux-${process.arch}`)
    mkdirSync(prebuilds, { recursive: true })
    const libc = process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl'
    copyFileSync(join(ROOT, 'native/build/Release/addon.node'), join(prebuilds, `@iso+native.${libc}.node`))
    copyFileSync(join(ROOT, 'native/build/Release/iso-init'), join(prebuilds, 'iso-init'))
    await exec('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', staged], {
      ...NPM,
      cwd: join(staged, 'package'),
    })
    return tarballs.map((file) => (file === native ? join(staged, basename(native)) : file))
  }

  it('npm install works without a compiler and without scripts where the binary is prebuilt', async () => {
    const { folder, stdout } = await install('prebuilt', await withPrebuilds(), ['--ignore-scripts'])
    expect(stdout).to.equal('installed\n')
    expect(readdirSync(join(folder, 'node_modules/@iso/native'))).not.to.include('build')
  })

  it('npm install compiles where no binary is prebuilt', async () => {
    const { folder, stdout } = await install('compiled', tarballs, [])
    expect(stdout).to.equal('installed\n')
    expect(readdirSync(join(folder, 'node_modules/@iso/native/build/Release'))).to.include.members([
      'addon.node',
      'iso-init',
    ])
  })

  it('npm pack leaves tests and sources of the repository out', async () => {
    for (const file of tarballs) {
      const { stdout } = await exec('tar', ['-tzf', file])
      expect(stdout).not.to.match(/\.test\.|tsbuildinfo|node_modules/)
      expect(stdout).to.match(/package\/dist\/index\.js|package\/dist\/main\.js/)
      expect(stdout).to.contain('package/README.md')
    }
  })

  it('npm pack packs the programs that a package names', async () => {
    const named = folders.flatMap((folder) => {
      const { name, bin = {} } = manifestOf(folder)
      return Object.values(bin).map((path) => [name.replace(/^@(.*)\//, '$1-'), join('package', path)])
    })
    expect(named).not.to.have.lengthOf(0)
    for (const [name, path] of named) {
      const tarball = tarballs.find((file) => basename(file).startsWith(`${name}-`))
      const { stdout } = await exec('tar', ['-tzf', tarball])
      expect(stdout.split('\n'), name).to.include(path)
    }
  })

  it('npm pack gives every package the version that the others ask for', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'lerna.json'), 'utf8'))
    for (const folder of folders) {
      const manifest = manifestOf(folder)
      expect(manifest.version, folder).to.equal(version)
      for (const [name, wanted] of Object.entries(manifest.dependencies ?? {}))
        if (name.startsWith('@iso/')) expect(wanted, `${folder} needs ${name}`).to.equal(version)
    }
  })
})
