// A directory for one run of the benchmark: a root file system, the bundles of the peers, and an overlay of that root which the
// peers get ready-made (their engine would mount one for each start; here that is left out of their time, not of ours).
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'

const DIRECTORIES = ['bin', 'dev', 'etc', 'proc', 'root', 'sys/fs/cgroup', 'tmp', 'upper', 'var/tmp']

/** @param {{ true: string, busybox?: string }} programs */
export function makeScratch(programs) {
  const directory = mkdtempSync(join(tmpdir(), 'iso-bench-'))
  const rootfs = join(directory, 'rootfs')
  for (const name of DIRECTORIES) mkdirSync(join(rootfs, name), { recursive: true })
  copyFileSync(programs.true, join(rootfs, 'bin/true'))
  writeFileSync(join(rootfs, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n')
  if (programs.busybox !== undefined) {
    copyFileSync(programs.busybox, join(rootfs, 'bin/busybox'))
    for (const applet of ['sh', 'sleep', 'dd', 'cat']) symlinkSync('busybox', join(rootfs, 'bin', applet))
  }
  const [merged, upper, work] = ['merged', 'layer/upper', 'layer/work'].map((name) => join(directory, name))
  mkdirSync(merged)
  mkdirSync(join(directory, 'layer'))
  mount(['-t', 'tmpfs', 'tmpfs', join(directory, 'layer')])
  mkdirSync(upper)
  mkdirSync(work)
  mount(['-t', 'overlay', 'overlay', '-o', `lowerdir=${rootfs},upperdir=${upper},workdir=${work}`, merged])
  return {
    directory,
    rootfs,
    merged,
    remove() {
      spawnSync('umount', ['--lazy', merged])
      spawnSync('umount', ['--lazy', join(directory, 'layer')])
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

function mount(options) {
  const { status, stderr } = spawnSync('mount', options, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`Cannot prepare the benchmark: mount ${options.join(' ')}: ${stderr.trim()}`)
}
