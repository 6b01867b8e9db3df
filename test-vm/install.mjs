import { existsSync } from 'node:fs'

import { installed } from '../scripts/lib/command.mjs'
import { installMissing } from '../scripts/setup/programs.mjs'
import { SetupError } from '../scripts/setup/setup-error.mjs'

const PROGRAMS = [
  { name: 'qemu-system-x86_64', debian: 'qemu-system-x86', use: 'is the machine' },
  { name: 'mkfs.ext4', debian: 'e2fsprogs', use: "makes the machine's disk" },
  { name: 'xz', debian: 'xz-utils', use: 'unpacks kernels and modules' },
  { name: 'zstd', debian: 'zstd', use: 'unpacks kernels' },
  { name: 'setpriv', debian: 'util-linux', use: 'ends the machine with its parent' },
].map((one) => ({ ...one, there: () => installed(one.name) || existsSync(`/usr/sbin/${one.name}`) }))

const KEYRING = {
  name: "Debian's keys",
  debian: 'debian-archive-keyring',
  use: 'prove that a kernel is from Debian',
  there: () => existsSync('/usr/share/keyrings/debian-archive-keyring.gpg'),
}

/** Install what the machine is made of, where we may. @returns {Promise<boolean>} false where something is missing; it has been said what */
export async function installMachinePrograms() {
  try {
    await installMissing([...PROGRAMS, KEYRING])
    return true
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    console.error(`\nThe test machines cannot be started. ${error.message}`)
    return false
  }
}
