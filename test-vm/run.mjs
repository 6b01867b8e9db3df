// `npm run test:vm`: run the tests in virtual machines with other kernels and cgroup v2 alone. Ends with `N passed, N failed`; status 1 where a
// test failed, 125 where a machine did.
import { formatTotals } from '../scripts/lib/totals.mjs'
import { setup } from '../scripts/setup.mjs'
import { InfrastructureError, INFRASTRUCTURE_STATUS } from './infrastructure-error.mjs'
import { installMachinePrograms } from './install.mjs'
import { markLines } from './lines.mjs'
import { parseOptions, USAGE } from './options.mjs'
import { runKernel } from './run-kernel.mjs'
import { chooseSuites } from './suites.mjs'

process.exitCode = await main(process.argv.slice(2))

async function main(argv) {
  let options
  try {
    options = parseOptions(argv)
  } catch (error) {
    console.error(`${error.message}\n\n${USAGE}`)
    return 2
  }
  if (options.help) {
    console.log(USAGE)
    return 0
  }
  if (process.arch !== 'x64') {
    console.error('Cannot start the test machines: they are x86-64, and so must be the Node and the binding they share')
    return INFRASTRUCTURE_STATUS
  }
  if (!(await setup({ tests: true })) || !(await installMachinePrograms())) return INFRASTRUCTURE_STATUS
  return run(options)
}

async function run(options) {
  const { files, left } = chooseSuites(options)
  const abort = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.once(signal, () => abort.abort(new InfrastructureError(`Ended by ${signal}`)))
  for (const one of left) console.log(`test-vm: left to the nightly run: ${one.part} (${one.files} files; ${one.why})`)
  const results = await Promise.all(options.kernels.map((choice) => runOne(choice, { options, files, abort })))
  console.log()
  for (const { name, totals, error } of results)
    console.log(`test-vm: ${name}: ${error === undefined ? formatTotals(totals) : `no result: ${error.message}`}`)
  const sum = results.map(({ totals }) => totals).reduce(add)
  console.log(`\n${formatTotals(sum)}`)
  if (results.some(({ error }) => error !== undefined)) return INFRASTRUCTURE_STATUS
  return sum.failed === 0 ? 0 : 1
}

async function runOne(choice, { options, files, abort }) {
  const mark = options.kernels.length === 1 ? '' : `${choice.name.padEnd(5)}| `
  const lines = markLines(mark, (text) => process.stdout.write(text))
  const context = {
    options,
    files,
    signal: abort.signal,
    say: (text) => lines.write(`test-vm: ${text}\n`),
    write: (chunk) => lines.write(chunk),
  }
  try {
    return { name: choice.name, totals: await runKernel(choice, context) }
  } catch (error) {
    if (!(error instanceof InfrastructureError)) throw error
    return { name: choice.name, totals: { passed: 0, failed: 1, skipped: 0 }, error }
  } finally {
    lines.end()
  }
}

function add(a, b) {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped }
}
