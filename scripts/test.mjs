// `npm test`: set up, then run the tests of every package, the privileged ones for real. Ends with `N passed, N failed`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { run, tool } from './lib/command.mjs'
import { formatTotals } from './lib/totals.mjs'
import { workspaces } from './lib/workspaces.mjs'
import { setup } from './setup.mjs'

// CI has 45 minutes for everything.
const TIMEOUT_MS = 30 * 60_000
const FAILED = { passed: 0, failed: 1 }

const totals = (await setup({ tests: true })) ? await test(process.argv.slice(2)) : FAILED
console.log(`\n${formatTotals(totals)}`)
process.exitCode = totals.failed === 0 ? 0 : 1

async function test(options) {
  const directory = mkdtempSync(join(tmpdir(), 'iso-results-'))
  const results = join(directory, 'totals.json')
  const must = process.env.ISO_MUST_WORK === '1' ? ['--forbid-only'] : []
  const specs = [...workspaces().map((folder) => `${folder}/dist/**/*.test.js`), '{scripts,test-vm}/**/*.test.mjs']
  try {
    const { code } = await run([...tool('mocha/bin/mocha.js'), ...must, ...options, ...specs], {
      env: { ISO_RESULTS: results },
      timeoutMs: TIMEOUT_MS,
    })
    const found = JSON.parse(readFileSync(results, 'utf8'))
    // A run that ends badly for any other reason must not look like a good one.
    return code !== 0 && found.failed === 0 ? { ...found, failed: 1 } : found
  } catch (error) {
    console.error(`The tests ended without a result: ${error.message}`)
    return FAILED
  } finally {
    rmSync(directory, { recursive: true })
  }
}
