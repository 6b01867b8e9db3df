// `npm run ok`: the gate. What it runs is what CI runs. Checks that only read share the time of the tests; the test machines come last, because
// they would slow down what measures times. `--no-vm` leaves them out.
import { run } from './lib/command.mjs'
import { formatTotals, parseTotals } from './lib/totals.mjs'
import { setup } from './setup.mjs'

const READING = ['generate:check', 'format:check', 'lint', 'boundaries', 'docs']
const RUNNING = ['test', 'examples']
const MACHINES = ['test:vm', '--', '--selection', 'ci']

const totals = { passed: 0, failed: 0, skipped: 0 }
const broken = []

if (await setup({ tests: true })) {
  count('types', { passed: 1, failed: 0 })
  await Promise.all([inTurn(READING, check), inTurn(RUNNING, show)])
  if (process.argv.includes('--no-vm')) console.log('\nLeft out: the tests on other kernels (test:vm)')
  else await show(...MACHINES)
} else {
  count('set-up', { passed: 0, failed: 1 })
}

if (broken.length > 0) console.log(`\nFailed: ${broken.join(', ')}`)
console.log(`\n${formatTotals(totals)}`)
process.exitCode = totals.failed === 0 ? 0 : 1

async function inTurn(scripts, handle) {
  for (const script of scripts) await handle(script)
}

// Held back, so that its lines do not mix with the tests'.
async function check(script) {
  const start = Date.now()
  const { code, output } = await run(['npm', 'run', '--silent', script], { hold: true })
  const seconds = ((Date.now() - start) / 1000).toFixed(1)
  console.log(
    `\n[${script}] ${code === 0 ? 'ok' : `failed with status ${code}`}, ${seconds} s${code === 0 ? '' : `\n${output}`}`
  )
  count(script, code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 })
}

async function show(script, ...options) {
  // What runs below this process beside the tests is not their leak.
  const env = { ISO_LEAK_IGNORE_BELOW: String(process.pid) }
  const { code, output } = await run(['npm', 'run', '--silent', script, ...options], { env })
  const found = parseTotals(output) ?? { passed: 0, failed: 1 }
  count(script, code !== 0 && found.failed === 0 ? { ...found, failed: 1 } : found)
}

function count(name, { passed, failed, skipped = 0 }) {
  totals.passed += passed
  totals.failed += failed
  totals.skipped += skipped
  if (failed > 0) broken.push(name)
}
