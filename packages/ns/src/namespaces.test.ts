// namespaces('mnt') in a plain chroot, whose root is no mount point.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { requires } from '@iso/testing'
import { expect } from 'chai'

const index = new URL('./index.js', import.meta.url).href

describe('namespaces("mnt") in a chroot', function () {
  let root: string
  before(function () {
    requires(this, 'root', { program: 'unshare' })
    root = mkdtempSync(join(tmpdir(), 'iso-chroot-'))
    for (const name of [...TOP, 'scratch']) mkdirSync(join(root, name), { recursive: true })
  })
  after(() => {
    if (root === undefined) return
    for (const name of [...TOP, 'scratch']) rmdirSync(join(root, name))
    rmdirSync(root)
  })

  // A machine of our own whose / is shared, as systemd makes it, and whose mounts go with it; in it a chroot that has what Node needs.
  function inChroot(script: string): { status: number | null; stdout: string; stderr: string } {
    const binds = TOP.map((name) => `mount --rbind /${name} ${root}/${name}`).join(' && ')
    const outside = `mount --make-rshared / && ${binds} && chroot ${root} "$NODE" --input-type=module -e "$SCRIPT"; status=$?; grep -c iso-inside /proc/self/mounts; exit $status`
    const env = { PATH: process.env['PATH'], NODE: process.execPath, SCRIPT: script, NODE_EXTRA_CA_CERTS: '' }
    return spawnSync('unshare', ['-m', 'sh', '-c', outside], { env, encoding: 'utf8' })
  }

  it('namespaces("mnt") keeps mounts from the machine there, too, and the program in its chroot', () => {
    const { stdout, stderr } = inChroot(`
      import { launch } from ${JSON.stringify(import.meta.resolve('@iso/native'))}
      import { namespaces } from ${JSON.stringify(index)}
      const script = 'mount -t tmpfs iso-inside /scratch && grep -c iso-inside /proc/self/mounts; pwd; ls -d /scratch /boot 2>&1; grep -c master: /proc/self/mountinfo'
      const env = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin' }
      const child = await launch(['sh', '-c', script], namespaces('mnt'), { env, cwd: '/usr', stdout: 'inherit', stderr: 'inherit' })
      process.exitCode = (await child.exit).exitCode`)
    expect(stderr).to.equal('')
    expect(stdout).to.match(
      /^1\n\/usr\nls: cannot access '\/boot': No such file or directory\n\/scratch\n[1-9][0-9]*\n0\n$/
    )
  })
})

// What a script of Node and its shell need; where Node and this package lie may be somewhere else.
const TOP = ['usr', 'bin', 'sbin', 'lib', 'lib64', 'etc', 'dev', 'proc']
  .concat([fileURLToPath(import.meta.url), process.execPath].map((path) => path.split('/')[1]!))
  .filter((name, at, all) => existsSync(`/${name}`) && all.indexOf(name) === at)
