// The tests on one kernel: boot, measure, run, power off.
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { ROOT } from '../scripts/lib/command.mjs'
import { parseTotals } from '../scripts/lib/totals.mjs'
import { InfrastructureError } from './infrastructure-error.mjs'
import { provideKernel } from './kernel/cache.mjs'
import { chooseAccelerator } from './machine/accelerator.mjs'
import { Machine } from './machine/machine.mjs'
import { measureSlowness } from './speed.mjs'

const BOOT_MS = 180_000

/**
 * @param {import('./kernel/catalogue.mjs').KernelChoice} choice
 * @param {{ options: import('./options.mjs').Options, files: string[], signal: AbortSignal, say: (text: string) => void,
 *   write: (chunk: Buffer) => void }} context say: a line of ours; write: what the guest prints
 * @returns {Promise<{ passed: number, failed: number, skipped: number }>}
 * @throws InfrastructureError where there is no result
 */
export async function runKernel(choice, { options, files, signal, say, write }) {
  const start = Date.now()
  const log = join(ROOT, `build/test-vm/kernel-${choice.name}.log`)
  mkdirSync(dirname(log), { recursive: true })
  const kernel = await provideKernel(choice, { update: options.update })
  const accelerator = options.accelerator ?? (await chooseAccelerator(kernel, { log, signal }))
  const machine = await Machine.boot({ kernel, accelerator, log, bootMs: BOOT_MS, signal })
  try {
    say(`Linux ${machine.release} (${kernel.package}) by ${accelerator}, booted after ${seconds(start)}`)
    const found = await (options.command === undefined
      ? runTests(machine, { options, files, accelerator, say, write })
      : runCommand(machine, { options, write }))
    await machine.close()
    say(`ended after ${seconds(start)}`)
    return found
  } finally {
    await machine.kill()
  }
}

async function runTests(machine, { options, files, accelerator, say, write }) {
  const slowness = await measureSlowness(machine, accelerator)
  say(`time-outs are multiplied by ${slowness}`)
  const grep = options.grep === undefined ? [] : ['--fgrep', options.grep]
  const argv = [process.execPath, join(ROOT, 'node_modules/mocha/bin/mocha.js'), '--forbid-only', ...grep, ...files]
  const { code, output } = await machine.run(argv, {
    cwd: ROOT,
    deadlineMs: options.deadlineMs,
    env: { ...guestEnvironment(), ISO_TIMEOUT_SCALE: String(slowness) },
    onOutput: write,
  })
  const totals = parseTotals(output)
  if (totals === undefined) throw new InfrastructureError(`mocha ended with status ${code} and without its totals`)
  // A run that ends badly for any other reason must not look like a good one.
  return code !== 0 && totals.failed === 0 ? { ...totals, failed: 1 } : totals
}

async function runCommand(machine, { options, write }) {
  const { code } = await machine.run(['sh', '-c', options.command], {
    cwd: ROOT,
    deadlineMs: options.deadlineMs,
    env: guestEnvironment(),
    onOutput: write,
  })
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 }
}

// What the gate asks of a machine, and what this one cannot have, because it is here to be without it: cgroup v1, newer kernels, and a root that
// is no overlay. The report names the tests.
function guestEnvironment() {
  const kept = ['PATH', 'ISO_LEAK_EACH'].filter((name) => process.env[name] !== undefined)
  return {
    ...Object.fromEntries(kept.map((name) => [name, process.env[name]])),
    HOME: '/root',
    LANG: 'C.UTF-8',
    CI: '1',
    ISO_MUST_WORK: '1',
    ISO_EXCUSED: 'cgroup1,kernel,idmappedRoot,overlayTwice',
    ISO_LEAK_STRICT: '1',
  }
}

function seconds(start) {
  return `${((Date.now() - start) / 1000).toFixed(1)} s`
}
