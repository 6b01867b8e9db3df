/**
 * Mocha root hooks: the leak check around a whole test run.
 *
 * `ISO_LEAK_STRICT=1` compares the whole machine; without it only what is certainly ours fails, the rest is printed.
 * `ISO_LEAK_EACH=1` checks after every test, to find the one that leaks.
 * `ISO_TIMEOUT_SCALE=8` multiplies every time-out.
 *
 * @packageDocumentation
 */
import { execFile } from 'node:child_process'
import { watch } from 'node:fs'
import { promisify } from 'node:util'

import { readProcesses, descendantsOf } from './leaks/processes.js'
import { describeLeaks, LeakCheck, leakOptions, type LeakReport } from './leaks/leak-check.js'
import { scaleTimeouts, slowness } from './scale-timeouts.js'

scaleTimeouts(slowness())

let check: LeakCheck
let each: LeakCheck | undefined

/** What mocha loads. */
export const mochaHooks: Mocha.RootHookObject = {
  async beforeAll() {
    // The first child and the first stream make libuv open a signal pipe and a spare descriptor that stay: no test's leak.
    await promisify(execFile)('true')
    // So does the first file watch with its inotify instance.
    watch('/proc/self', { persistent: false }).close()
    check = new LeakCheck(leakOptions())
  },
  beforeEach() {
    if (process.env['ISO_LEAK_EACH'] === '1') each = new LeakCheck(leakOptions())
  },
  async afterEach(this: Mocha.Context) {
    check.observe()
    if (each === undefined) return
    await releaseLauncher()
    complain(await each.check(), `after "${this.currentTest?.fullTitle()}"`)
  },
  async afterAll(this: Mocha.Context) {
    this.timeout(30_000)
    await releaseLauncher()
    complain(await check.check(), 'after the tests')
  },
}

function complain({ leaks, doubtful }: LeakReport, when: string): void {
  if (doubtful.length > 0) {
    console.log(`  new on this machine ${when}, perhaps another's:\n${describeLeaks(doubtful)}`)
  }
  if (leaks.length > 0) throw new Error(`Leaked ${when}:\n${describeLeaks(leaks)}`)
}

// The resident launcher lives as long as its Node: it may stay until the end of the run, and must go when it is told to.
async function releaseLauncher(): Promise<void> {
  if (!descendantsOf(process.pid, readProcesses()).some(({ name }) => name.startsWith('iso-'))) return
  const name = '@iso/native'
  const native = (await import(name)) as { shutdown?: () => unknown }
  await native.shutdown?.()
}
