// Whether KVM can be used. That /dev/kvm exists says little: a nested one may emulate the guest's kernel, slower than QEMU would, and fail.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { release } from 'node:os'
import { join } from 'node:path'

import { InfrastructureError } from '../infrastructure-error.mjs'
import { cacheDirectory } from '../kernel/cache.mjs'
import { Machine } from './machine.mjs'

// Twenty times what a good one takes.
const PROBE_MS = 10_000

/**
 * Find out by booting, and remember a failure until this machine boots another kernel or starts again.
 *
 * @param {import('../kernel/cache.mjs').Kernel} kernel
 * @param {{ log: string, signal?: AbortSignal }} options
 * @returns {Promise<'kvm' | 'tcg'>}
 */
export async function chooseAccelerator(kernel, { log, signal }) {
  if (!existsSync('/dev/kvm')) return 'tcg'
  const memory = join(cacheDirectory(), `${kernel.release}.kvm-failed`)
  const machineNow = `${release()} ${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}`
  if (existsSync(memory) && readFileSync(memory, 'utf8') === machineNow) return 'tcg'
  try {
    const machine = await Machine.boot({ kernel, accelerator: 'kvm', log, bootMs: PROBE_MS, signal })
    await machine.close()
    rmSync(memory, { force: true })
    return 'kvm'
  } catch (error) {
    if (!(error instanceof InfrastructureError)) throw error
    console.log(`test-vm: KVM does not boot the guest here (${error.message.split('\n', 1)[0]}); emulating`)
    writeFileSync(memory, machineNow)
    return 'tcg'
  }
}
