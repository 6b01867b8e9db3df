// What the tests share: a small root filesystem, and what run() says.

import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { IsoError } from '@iso/native'

const APPLETS = [
  'sh',
  'cat',
  'echo',
  'ls',
  'id',
  'true',
  'sleep',
  'touch',
  'hostname',
  'mount',
  'head',
  'tail',
  'grep',
  'env',
  'pwd',
  'stat',
  'kill',
  'tty',
  'dd',
  'readlink',
  'chmod',
  'umount',
]

/** A root filesystem of one static program, removed by `remove()`. */
export class Rootfs {
  readonly scratch = mkdtempSync('/tmp/iso-runtime-')
  readonly path = join(this.scratch, 'root')

  constructor() {
    chmodSync(this.scratch, 0o755)
    for (const directory of ['bin', 'etc', 'tmp']) mkdirSync(join(this.path, directory), { recursive: true })
    copyFileSync('/usr/bin/busybox', join(this.path, 'bin/busybox'))
    for (const applet of APPLETS) symlinkSync('busybox', join(this.path, 'bin', applet))
    writeFileSync(
      join(this.path, 'etc/passwd'),
      'root:x:0:0:root:/root:/bin/sh\nweb:x:33:44:web:/srv/web:/bin/sh\n1234:x:7:7:trap:/:/bin/sh\nbroken:x:99999999999:0::/:\n'
    )
    writeFileSync(join(this.path, 'etc/group'), 'root:x:0:\nwww:x:44:\nlog:x:55:web\n')
  }

  file(name: string, content: string, mode = 0o644): string {
    const path = join(this.path, name)
    writeFileSync(path, content)
    chmodSync(path, mode)
    return path
  }

  remove(): void {
    rmSync(this.scratch, { recursive: true, force: true })
  }
}

/** The IsoError a promise rejects with. */
export async function failure(promise: Promise<unknown>): Promise<IsoError> {
  try {
    await promise
  } catch (error) {
    if (error instanceof IsoError) return error
    throw error
  }
  throw new Error('it was expected to fail')
}

/** Cgroup directories that are left of containers whose name begins so. */
export function leftCgroups(prefix: string): string[] {
  const found = spawnSync('find', ['/sys/fs/cgroup', '-type', 'd', '-name', `${prefix}*`], { encoding: 'utf8' })
  return found.stdout.split('\n').filter((line) => line !== '')
}

/** Processes whose command line holds a text. */
export function processesWith(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return pid !== process.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').includes(text)
      } catch {
        return false
      }
    })
}

/** Wait until something holds, for at most five seconds. */
export async function until(holds: () => boolean): Promise<boolean> {
  for (let tries = 0; tries < 250; tries++) {
    if (holds()) return true
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return holds()
}
