// What QEMU needs beside the kernel, made for one boot: the initramfs with the agent, and a disk.
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { installed, run } from '../../scripts/lib/command.mjs'
import { InfrastructureError } from '../infrastructure-error.mjs'
import { cpio } from '../kernel/cpio.mjs'

const GUEST = join(dirname(dirname(fileURLToPath(import.meta.url))), 'guest')
// Sparse: it takes what the tests write.
const DISK_BYTES = 8 * 2 ** 30

/** @param {import('../kernel/cache.mjs').Kernel} kernel */
export async function makeBootFiles(kernel) {
  const directory = mkdtempSync(join(tmpdir(), 'iso-test-vm-'))
  try {
    const [agent, disk] = await Promise.all([compileAgent(directory), makeDisk(directory)])
    const initramfs = join(directory, 'initramfs')
    writeFileSync(
      initramfs,
      cpio([
        { path: 'init', content: readFileSync(agent) },
        { path: 'modules' },
        ...kernel.modules.map((file) => ({ path: `modules/${basename(file)}`, content: readFileSync(file) })),
      ])
    )
    return { directory, initramfs, disk }
  } catch (error) {
    rmSync(directory, { recursive: true, force: true })
    throw error
  }
}

async function compileAgent(directory) {
  const agent = join(directory, 'agent')
  const sources = readdirSync(GUEST).filter((name) => name.endsWith('.c'))
  const compiler = installed('musl-gcc') ? 'musl-gcc' : 'gcc'
  await must([compiler, '-D_GNU_SOURCE', '-static', '-Os', '-Wall', '-Wextra', '-o', agent, ...sources], GUEST)
  return agent
}

async function makeDisk(directory) {
  const disk = join(directory, 'disk')
  writeFileSync(disk, '')
  truncateSync(disk, DISK_BYTES)
  // Thrown away after the run: no journal, and the rest of the initialisation when somebody writes there.
  const options = ['-q', '-F', '-O', '^has_journal', '-E', 'lazy_itable_init=1,nodiscard']
  await must(['mkfs.ext4', ...options, disk], directory)
  return disk
}

async function must(argv, cwd) {
  const env = { PATH: `${process.env.PATH}:/usr/sbin:/sbin` }
  const { code, output } = await run(argv, { cwd, env, hold: true })
  if (code !== 0) throw new InfrastructureError(`"${argv.join(' ')}" ended with status ${code}:\n${output}`)
}
